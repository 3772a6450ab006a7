"""From tables to results on disk: what is written, what resumes, what is refused."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from chainrule.data.prepared import prepare
from chainrule.data.tables import from_arrays
from chainrule.errors import ChainruleError, StoreError
from chainrule.experiments.reproduce import reproduce
from chainrule.machine import kernels
from chainrule.train.population import Training, train
from chainrule.work.executors import InProcess
from chainrule.work.nets import named
from chainrule.work.processes import Processes
from chainrule.work.store import Store


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def losses(folder):
    """Every member's curve of validation losses."""
    found = {path.stem: Store(folder).find(path.stem) for path in (folder / "members").glob("*.json")}
    return {name: member.history.val_loss for name, member in found.items() if member}


def assert_agree(folder, before):
    """Trained in another company, a net agrees to rounding."""
    after = losses(folder)
    assert after.keys() == before.keys()
    for name, curve in before.items():
        np.testing.assert_allclose(after[name], curve, rtol=1e-5)


def stored(job, name):
    member = Store(job.out).find(name)
    assert member is not None
    return Store(job.out).weights(member)


def test_shards_hold_the_last_and_the_best_weights_of_their_member(job, small, digits):
    wanted = job(seeds=[4])
    report = reproduce(wanted, InProcess())
    settings = small.resolved()
    seen = prepare(settings["a"], digits)
    outcome = train(list(settings.values()), 4, seen.splits, seen.transform, 10)
    for index, (name, one) in enumerate(settings.items()):
        weights = stored(wanted, named(digits, one, 4).id)
        np.testing.assert_array_equal(weights["last.W1"], outcome.last["W1"][index])
        np.testing.assert_array_equal(weights["best.b1"], outcome.best_weights["b1"][index])
        row = next(row for row in report.results.rows if (row.name, row.metric) == (name, "test_accuracy"))
        assert row.values == [outcome.final[index]["test_accuracy"]]
    assert not np.array_equal(outcome.last["W1"], outcome.best_weights["W1"])


def test_processes_and_this_process_agree(job, tmp_path, monkeypatch):
    # Another kernel rounds in another order.
    monkeypatch.setenv(kernels.SWITCH, "off")
    here, there = job(), job(out=tmp_path / "there")
    reproduce(here, InProcess())
    reproduce(there, Processes(2))
    assert files(here.out) == files(there.out)


def test_the_same_out_redoes_nothing(job, counting):
    wanted, first, second = job(), counting(), counting()
    reproduce(wanted, first)
    before = files(wanted.out)
    reproduce(wanted, second)
    assert (first.count, second.count) == (3, 0)
    assert files(wanted.out) == before


@pytest.mark.parametrize("stop_at", [0, 1, 2])
def test_an_interrupted_run_goes_on_and_ends_the_same(job, counting, tmp_path, stop_at):
    whole, wanted = job(out=tmp_path / "whole"), job()
    reproduce(whole, InProcess())
    with pytest.raises(KeyboardInterrupt):
        reproduce(wanted, counting(stop_at))
    assert not (wanted.out / "results.json").exists()
    rest = counting()
    reproduce(wanted, rest)
    assert rest.count == 3 - stop_at
    assert files(wanted.out) == files(whole.out)


def test_a_damaged_or_missing_shard_is_trained_again(job, counting):
    wanted = job()
    reproduce(wanted, InProcess())
    before = losses(wanted.out)
    shards = sorted((wanted.out / "members").iterdir())
    shards[0].write_text('{"version": 1, "id"')
    again = counting()
    reproduce(wanted, again)
    assert again.count == 1
    assert_agree(wanted.out, before)
    next(path for path in shards if path.suffix == ".safetensors").write_bytes(b"short")
    again = counting()
    reproduce(wanted, again)
    assert again.count == 1
    assert_agree(wanted.out, before)


def test_a_shard_of_another_member_is_not_taken(job, counting):
    wanted = job()
    reproduce(wanted, InProcess())
    before = losses(wanted.out)
    first, second, *_ = sorted((wanted.out / "members").glob("*.json"))
    second.write_bytes(first.read_bytes())
    first.with_suffix(".safetensors").write_bytes(second.with_suffix(".safetensors").read_bytes())
    again = counting()
    reproduce(wanted, again)
    assert again.count in (1, 2)
    assert_agree(wanted.out, before)


def test_a_folder_that_lost_its_plan_goes_on(job, counting):
    wanted = job()
    reproduce(wanted, InProcess())
    (wanted.out / "plan.json").unlink()
    again = counting()
    reproduce(wanted, again)
    assert again.count == 0


def test_seeds_may_be_added_and_not_taken_away(job, counting):
    reproduce(job(seeds=range(2)), InProcess())
    more = counting()
    report = reproduce(job(seeds=range(3)), more)
    assert more.count == 1
    assert len(report.results.rows[0].values) == 3
    with pytest.raises(StoreError, match=r"holds 3 seeds, 1 were asked for"):
        reproduce(job(seeds=range(1)), InProcess())


def test_another_plan_is_refused_and_nothing_is_touched(job, small):
    wanted = job()
    reproduce(wanted, InProcess())
    before = files(wanted.out)
    other = small.model_copy(update={"settings": {**small.settings, "epochs": 3}})
    with pytest.raises(StoreError, match="holds another plan"):
        reproduce(job(experiments={"small": other}), InProcess())
    assert files(wanted.out) == before


def test_a_folder_of_something_else_is_refused(job):
    wanted = job()
    wanted.out.mkdir()
    (wanted.out / "thesis.tex").write_text("precious")
    with pytest.raises(StoreError, match="no folder of results and not empty"):
        reproduce(wanted, InProcess())
    assert files(wanted.out).keys() == {(wanted.out / "thesis.tex").relative_to(wanted.out)}


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": "x", "seeds": 3}', '{"version": 1, "seeds": 3}']
)
def test_a_damaged_plan_is_said_to_be(job, content):
    wanted = job()
    wanted.out.mkdir()
    (wanted.out / "plan.json").write_text(content)
    with pytest.raises(
        StoreError, match=r"plan\.json: (is not JSON|damaged: |written by chainrule 0.1.0, ).*delete it"
    ):
        reproduce(wanted, InProcess())


def test_a_newer_plan_is_refused(job):
    wanted = job()
    wanted.out.mkdir()
    (wanted.out / "plan.json").write_text('{"version": 2, "seeds": []}')
    with pytest.raises(StoreError, match="newer chainrule"):
        reproduce(wanted, InProcess())


def test_an_unwritable_out_is_one_line(job, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot (write|use the folder): Not a directory"):
        reproduce(job(out=tmp_path / "file" / "out"), InProcess())


def test_a_full_disk_leaves_what_was_finished(job, monkeypatch, counting):
    from chainrule import files as atomic

    wanted, real = job(), atomic.os.fsync
    written = []

    def full(descriptor):
        written.append(descriptor)
        if len(written) > 12:
            raise OSError(28, "No space left on device")
        return real(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        reproduce(wanted, InProcess())
    monkeypatch.undo()
    assert not list(wanted.out.rglob("*.tmp"))
    rest = counting()
    reproduce(wanted, rest)
    assert 0 < rest.count <= 3


def test_a_folder_in_use_is_refused_and_nothing_is_touched(job):
    wanted = job()
    script = (
        "import sys; from pathlib import Path; from chainrule.work import lock\n"
        "with lock.held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(wanted.out)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        before = files(wanted.out)
        with pytest.raises(StoreError, match=f"in use by process {other.pid} on "):
            reproduce(wanted, InProcess())
        assert files(wanted.out) == before
        other.communicate()
    reproduce(wanted, InProcess())


def test_a_net_that_cannot_be_trained_is_one_line(job, monkeypatch):
    real = Training.train_epoch

    def fragile(self):
        if 1.0 in [one.l2 for one in self.members] and self._seed == 1:
            raise FloatingPointError("too much")
        real(self)

    monkeypatch.setattr(Training, "train_epoch", fragile)
    with pytest.raises(ChainruleError) as caught:
        reproduce(job(), InProcess())
    (line,) = caught.value.problems
    assert line.endswith("cannot be trained: given up after 3 attempts: FloatingPointError: too much")
    monkeypatch.undo()
    reproduce(job(), InProcess())


def test_what_the_user_should_know_comes_with_the_report(job):
    wanted = job()
    (wanted.out / "checkpoints").mkdir(parents=True)
    (wanted.out / "checkpoints" / "0.safetensors").write_bytes(b"torn")
    (note,) = reproduce(wanted, InProcess()).notes
    assert "0.safetensors: is damaged" in note


def test_a_table_without_rows_to_test_on_is_trained_and_its_test_accuracy_unknown(job, small):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2)).astype(np.float32)
    data = from_arrays(X, X[:, 0] > 0, val=0.2, name="d.csv")
    settings = small.settings | {"train": "train", "val": "val", "test": "test", "batch_size": 8}
    bare = small.on(data.name).model_copy(update={"settings": settings, "claims": ()})
    results = reproduce(job({"d": bare}, data, seeds=[0]), InProcess()).results
    known = {(row.name, row.metric): row.values != [None] for row in results.rows}
    assert known == {(row, f"{split}_accuracy"): split == "val" for row in "ab" for split in ("val", "test")}
