"""Nets to shards: each trained once, whoever stops it; rungs, survivors, poison."""

from __future__ import annotations

import functools
import threading

import numpy as np
import pytest
from safetensors import safe_open

import tasks
from chainrule.data.splits import split
from chainrule.data.transforms import fit
from chainrule.errors import StoreError
from chainrule.train import journal
from chainrule.train.population import train
from chainrule.work import checkpoints, lock, planner, worker
from chainrule.work.executors import InProcess
from chainrule.work.planner import member_id
from chainrule.work.processes import Processes
from chainrule.work.store import Store
from chainrule.work.training import Site, _Call, release, train_all
from executors import Elsewhere, described


def nothing(done):
    pass


def sweep(net, count=4, seeds=1, **own):
    return [(net(l2=index / 1000, **own), seed) for seed in range(seeds) for index in range(count)]


def files(site):
    """What the folder holds; a checkpoint's metadata have no order, so of these the digest."""
    folder = site.store.folder
    held = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in shelved(site):
        with safe_open(path, "numpy") as file:
            held[path.relative_to(folder)] = file.metadata()["sha256"].encode()
    return held


def shelved(site):
    return sorted((site.store.folder / "checkpoints").glob("*"))


def assert_agree(members, others, rtol=1e-4):
    assert members.keys() == others.keys()
    for name, member in members.items():
        np.testing.assert_allclose(member.history.val_loss, others[name].history.val_loss, rtol=rtol)


@pytest.fixture
def small_populations(monkeypatch):
    """At most two members each."""
    monkeypatch.setattr(planner, "UNITS", 20)


@pytest.mark.parametrize("evaluate", ["curves", "validation"])
def test_every_net_is_trained_and_has_a_shard(digits, net, site, executor, evaluate):
    nets = sweep(net, 3, seeds=2, evaluate=evaluate)
    here = site(executor=executor)
    outcome = train_all(nets, here, nothing)
    assert not outcome.failed
    assert not outcome.notes
    assert list(outcome.members) == [member_id(digits, *one) for one in nets]
    parts = split(nets[0][0], digits)
    expected = train([one for one, _ in nets[:3]], 0, parts, fit("center", parts["train"].images, 16), 10)
    for index, one in enumerate(nets[:3]):
        member = outcome.members[member_id(digits, *one)]
        assert here.store.find(member.id) == member
        np.testing.assert_allclose(member.history.val_loss, expected.histories[index].val_loss, rtol=1e-5)
        if evaluate == "curves":
            weights = here.store.weights(member)
            np.testing.assert_allclose(weights["last.W1"], expected.last["W1"][index], atol=1e-5)
    assert train_all(nets, here, nothing) == outcome
    assert not shelved(here)


def test_a_rung_and_on_from_it(digits, net, site, executor):
    nets = sweep(net, 4)
    straight = train_all(nets, site("straight"), nothing)
    here = site(executor=executor)
    rung = train_all(nets, here, nothing, until=2)
    assert list(rung.members) == list(straight.members)
    assert len(shelved(here)) == -(-4 // (4 // executor.workers))
    for name, member in rung.members.items():
        assert here.store.find(f"{name}@2") == member
        assert here.store.find(name) is None
        assert (member.history.epoch, member.final["test_accuracy"]) == ([2], None)
    survivors = [nets[2], nets[0]]
    train_all(survivors, here, nothing, until=4)
    ended = train_all(survivors, here, nothing)
    assert_agree(ended.members, {name: straight.members[name] for name in ended.members})
    assert here.store.find(member_id(digits, *nets[1])) is None


def test_no_epoch_is_trained_twice_between_rungs(net, site, epochs):
    nets = sweep(net, 4)
    train_all(nets, site(), nothing, until=3)
    train_all(nets[:2], site(), nothing, until=5)
    train_all(nets[:1], site(), nothing, until=99)
    assert [epoch for _, epoch in epochs.seen] == [0, 1, 2, 3, 4, 5]
    assert [len(nets) for nets, _ in epochs.seen] == [4, 4, 4, 2, 2, 1]


@pytest.mark.parametrize("evaluate", ["curves", "validation"])
def test_a_rung_on_the_way_changes_no_bit(net, site, evaluate):
    nets = sweep(net, 4, evaluate=evaluate)
    one, other = site("one"), site("other")
    train_all(nets, one, nothing)
    train_all(nets, other, nothing, until=1)
    train_all(nets, other, nothing, until=4)
    train_all(nets, other, nothing)
    rungs = {name for name in files(other) if "@" in name.name}
    assert len(rungs) == 8
    assert {name: data for name, data in files(other).items() if name not in rungs} == files(one)


def test_a_rung_before_the_checkpoint_starts_anew(net, site, epochs):
    nets = sweep(net, 2)
    train_all(nets, site(), nothing, until=4)
    train_all(nets, site(), nothing, until=1)
    assert [epoch for _, epoch in epochs.seen] == [0, 1, 2, 3, 0]


def test_a_rung_at_or_beyond_the_end_is_the_end(net, site):
    nets = [*sweep(net, 2), (net(epochs=3), 0)]
    outcome = train_all(nets, site(), nothing, until=3)
    assert [member.id.partition("@")[2] for member in outcome.members.values()] == ["3", "3", ""]


def test_survivors_of_several_populations_are_packed(net, site, epochs, small_populations, monkeypatch):
    nets = sweep(net, 6)
    straight = train_all(nets, site("straight"), nothing)
    epochs.forget()
    train_all(nets, site(), nothing, until=2)
    assert [len(nets) for nets, _ in epochs.seen] == [2, 2, 2, 2, 2, 2]
    epochs.forget()
    monkeypatch.setattr(planner, "UNITS", 8000)
    survivors = [nets[5], nets[0], nets[4]]
    ended = train_all(survivors, site(), nothing)
    assert epochs.seen == [([0.005, 0.0, 0.004], epoch) for epoch in (2, 3, 4, 5)]
    assert_agree(ended.members, {name: straight.members[name] for name in ended.members})


@pytest.mark.parametrize("until", [None, 5])
@pytest.mark.parametrize("stop_at", [0, 1, 2, 3, 5, 6, 8, 13])
def test_a_kill_loses_no_more_than_the_epochs_since_a_checkpoint(net, site, epochs, stop_at, until):
    nets = sweep(net, 3, seeds=3, evaluate="curves")
    undisturbed = site("undisturbed")
    train_all(nets, undisturbed, nothing, until)
    whole = len(epochs.seen)
    epochs.forget()
    epochs.stop_at = stop_at
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing, until)
    epochs.stop_at = None
    train_all(nets, site(), nothing, until)
    per_population = whole // 3
    assert len(epochs.seen) - whole == stop_at % per_population % 2
    assert files(site()) == files(undisturbed)


def test_on_another_number_of_workers_nothing_finished_is_trained_again(
    digits, net, site, epochs, monkeypatch
):
    nets = sweep(net, 8, seeds=2)
    straight = train_all(nets, site("straight"), nothing)
    epochs.forget()
    epochs.stop_at = 9
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    epochs.forget()

    class Three(InProcess):
        workers = 3

    # Planned anew, all would be cut in pairs.
    monkeypatch.setattr(planner, "UNITS", 20)
    here = site(executor=Three())
    ended = train_all(nets, here, nothing)
    # Eight nets were finished, eight had a checkpoint of their second epoch: those go on as they were.
    assert epochs.seen == [([index / 1000 for index in range(8)], epoch) for epoch in (2, 3, 4, 5)]
    assert_agree(ended.members, straight.members)


def test_a_kill_between_shards_loses_none(net, site, epochs, monkeypatch):
    nets = sweep(net, 4, evaluate="curves")
    train_all(nets, site("undisturbed"), nothing)
    epochs.forget()
    real, written = Store.write, []

    def write(self, name, data):
        if len(written) == 7:
            raise KeyboardInterrupt
        written.append(name)
        real(self, name, data)

    monkeypatch.setattr(Store, "write", write)
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    monkeypatch.undo()
    assert [name.partition("/")[0] for name in written] == ["checkpoints"] * 3 + ["members"] * 4
    before, evaluated = len(epochs.seen), []

    def evaluate(network, parameters, *more):
        evaluated.append(len(parameters["b1"]))
        return real_evaluate(network, parameters, *more)

    real_evaluate = journal.evaluate
    monkeypatch.setattr(journal, "evaluate", evaluate)
    train_all(nets, site(), nothing)
    assert len(epochs.seen) == before
    # In the company that they were trained in: alone a last bit may differ.
    assert evaluated == [4]
    assert files(site()) == files(site("undisturbed"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda whole: whole.replace(b'"epoch":"4"', b'"epoch":"5"'),
        lambda whole: whole.replace(b'"version":"1"', b'"version":"9"'),
    ],
    ids=["empty", "torn", "flipped", "wrong", "newer"],
)
def test_a_damaged_checkpoint_is_left_out_with_a_word(net, site, epochs, damage):
    nets = sweep(net, 3)
    train_all(nets, site("undisturbed"), nothing)
    epochs.forget()
    epochs.stop_at = 5
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    (path,) = shelved(site())
    whole = path.read_bytes()
    assert damage(whole) != whole
    path.write_bytes(damage(whole))
    epochs.forget()
    outcome = train_all(nets, site(), nothing)
    (note,) = outcome.notes
    expected = "no checkpoint of this version" if b'"version":"9"' in damage(whole) else "damaged"
    assert note.startswith(f"{path}: is {expected}")
    assert note.endswith("trained again from an earlier point")
    assert len(epochs.seen) == 6
    path.unlink(missing_ok=True)
    assert files(site()) == files(site("undisturbed"))


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version": 1, "id"', b"\x00\xff"])
def test_an_empty_or_damaged_shard_is_trained_again(digits, net, site, epochs, content):
    nets = sweep(net, 3)
    whole = train_all(nets, site(), nothing)
    name = member_id(digits, *nets[1])
    path = site().store.folder / "members" / f"{name}.json"
    path.write_bytes(content)
    epochs.forget()
    assert_agree(train_all(nets, site(), nothing).members, whole.members)
    assert {tuple(l2) for l2, _ in epochs.seen} == {(0.001,)}


def test_half_written_files_are_swept(net, site):
    nets = sweep(net, 2)
    train_all(nets[:1], site(), nothing)
    left = [site().store.folder / kind / ".x.0123.tmp" for kind in ("members", "checkpoints")]
    for path in left:
        path.write_bytes(b"half")
    train_all(nets, site(), nothing)
    assert not any(path.exists() for path in left)


@pytest.mark.parametrize("executor", [InProcess(), Elsewhere()], ids=described)
@pytest.mark.parametrize("code", ["ENOSPC", "EROFS", "EDQUOT"])
def test_a_folder_that_cannot_be_written_is_one_line_and_loses_nothing(
    net, site, executor, code, monkeypatch
):
    import errno

    from chainrule import files as atomic

    nets, here = sweep(net, 3, seeds=2), site(executor=executor)
    real, written = atomic.os.fsync, []

    def full(descriptor):
        written.append(descriptor)
        if len(written) > 10:
            raise OSError(getattr(errno, code), "it is so")
        real(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StoreError, match=r"cannot write: it is so; (free some space|choose another place)"):
        train_all(nets, here, nothing)
    monkeypatch.undo()
    finished = {path.name for path in (here.store.folder / "members").glob("*.json")}
    assert finished
    assert not list(here.store.folder.rglob("*.tmp"))
    assert len(train_all(nets, here, nothing).members) == 6


def test_no_worker_goes_on_where_the_driver_cannot_write(net, site, monkeypatch):
    def refuse(self, task, result):
        raise StoreError("full")

    monkeypatch.setattr(_Call, "_take", refuse)
    before = threading.active_count()
    with pytest.raises(StoreError, match="full") as caught:
        train_all([*sweep(net, 1), *sweep(net, 1, epochs=5000)], site(executor=Processes(2)), nothing)
    assert caught.value.__traceback__
    assert threading.active_count() <= before


def test_a_checkpoint_that_cannot_be_written_stops_nobody(net, site, monkeypatch):
    nets = sweep(net, 3)
    real = Store.write

    def write(self, name, data):
        if name.startswith("checkpoints"):
            raise StoreError(f"{name}: cannot write: No space left on device; free some space")
        real(self, name, data)

    monkeypatch.setattr(Store, "write", write)
    outcome = train_all(nets, site(), nothing)
    assert len(outcome.members) == 3
    assert ["cannot write: No space left" in note for note in outcome.notes] == [True]
    with pytest.raises(StoreError, match="No space left"):
        # A rung without a checkpoint would be a dead end.
        train_all([(net(l2=0.5), 0)], site(), nothing, until=2)


class Poisoned(Processes):
    """Kills, or fails, whoever trains a net of l2 = 0.002."""

    def __init__(self, workers, how):
        super().__init__(workers)
        self.how = how

    def run(self, function, wanted, tick):
        return super().run(functools.partial(tasks.poisoned, function, self.how, 0.002), wanted, tick)


@pytest.mark.parametrize(
    ("how", "why"),
    [("raise", "ValueError: poison"), ("die", r"its worker process died")],
)
def test_a_poisonous_net_is_given_up_and_no_other(digits, net, site, how, why):
    nets = sweep(net, 4)
    here = site(executor=Poisoned(2, how))
    outcome = train_all(nets, here, nothing)
    names = [member_id(digits, *one) for one in nets]
    assert list(outcome.members) == [names[0], names[1], names[3]]
    assert outcome.failed.keys() == {names[2]}
    assert outcome.failed[names[2]].startswith(f"given up after 3 attempts: {why}")
    healed = train_all(nets, site(), nothing)
    assert len(healed.members) == 4
    assert not healed.failed


def test_attempts_go_on_from_checkpoints(digits, net, site, epochs, monkeypatch):
    from chainrule.train.population import Training

    real = Training.train_epoch

    def fragile(self):
        if self.epoch == 3 and 0.002 in self._l2:
            raise MemoryError
        real(self)

    monkeypatch.setattr(Training, "train_epoch", fragile)
    outcome = train_all(sweep(net, 4), site(), nothing)
    assert list(outcome.failed.values()) == ["given up after 3 attempts: MemoryError"]
    assert epochs.count(0.002) == 2 + 3 + 3
    assert epochs.count(0.001) == 2 + 3 + 4


def test_nets_that_do_not_fit_the_data_fail_without_training(digits, net, site, epochs):
    good, bad, worse = (net(), 0), (net(batch_size=301), 0), (net(train="data_batch_9"), 0)
    outcome = train_all([good, bad, worse], site(), nothing)
    assert list(outcome.members) == [member_id(digits, *good)]
    lines = [outcome.failed[member_id(digits, *one)] for one in (bad, worse)]
    assert "train holds 300 images" in lines[0]
    assert "has no such batch" in lines[1]


def test_progress_rises_to_the_whole(digits, net, site, executor):
    nets, here = sweep(net, 4, seeds=2), site(executor=executor)
    rung, whole = (sum(planner.work(one, digits, until) for one, _ in nets) for until in (2, None))
    for until, start, end in ((2, 0, rung), (2, rung, rung), (None, rung, whole), (None, whole, whole)):
        seen = []
        train_all(nets, here, seen.append, until)
        assert (seen[0] if seen else start, seen[-1] if seen else end) == (start, end)
        assert seen == sorted(seen)


def test_checkpoints_go_when_nobody_needs_them(net, site, small_populations):
    nets, here = sweep(net, 6), site()
    train_all(nets, here, nothing, until=2)
    assert len(shelved(here)) == 3
    release(here, keep=[nets[0], nets[5]])
    assert len(shelved(here)) == 2
    train_all([nets[0]], here, nothing)
    assert len(shelved(here)) == 2
    train_all([nets[1]], here, nothing)
    assert len(shelved(here)) == 1
    release(here)
    assert not shelved(here)


def test_checkpoints_of_the_finished_do_not_wait_for_the_rest(net, site):
    here, most = site(), 0

    def look(done):
        nonlocal most
        most = max(most, len(shelved(here)))

    train_all(sweep(net, 2, seeds=4), here, look)
    assert most <= 1


def test_a_checkpoint_of_every_epoch_that_was_asked_for(net, site, epochs):
    nets = sweep(net, 2)
    for every, left in ((1, 5), (3, 3), (6, 0)):
        epochs.forget()
        epochs.stop_at = 5
        here = site(f"every {every}", checkpoint_every=every)
        with pytest.raises(KeyboardInterrupt):
            train_all(nets, here, nothing)
        found = checkpoints.Shelf(here.store.folder).headers.values()
        assert [one.epoch for one in found] == [left] * (left > 0)


def test_an_orphan_leaves_the_folder_to_the_next_driver(digits, net, site, tmp_path):
    here, (one, seed) = site(), (net(), 0)
    name = member_id(digits, one, seed)
    counters = tmp_path / "counters"
    counters.write_bytes(bytes(8))
    shared = worker.Shared(digits, here.store.folder, "a driver of before", counters, 2)
    task = worker.Task(planner.Population(seed, {name: one}), 0, 0, 6, [], frozenset([name]))
    with lock.held(here.store.folder):
        trained = worker.run(shared, task)
    assert not (here.store.folder / "members").exists()
    assert not (here.store.folder / "checkpoints").exists()
    assert list(trained.files) == [f"members/{name}.json"]


def test_data_and_states_go_with_the_tasks_where_files_are_not_seen(net, site, monkeypatch):
    sent = []
    real = Elsewhere.run

    def run(self, function, wanted, tick):
        sent.append((function.args[0].data, [task.start for task in wanted]))
        return real(self, function, wanted, tick)

    monkeypatch.setattr(Elsewhere, "run", run)
    here = site(executor=Elsewhere())
    train_all(sweep(net, 2), here, nothing, until=2)
    train_all(sweep(net, 2), here, nothing)
    assert [data is here.dataset for data, _ in sent] == [True, True]
    assert sent[0][1] == [[]]
    assert sent[1][1][0].epoch == 2


def test_a_site_checkpoints_every_five_epochs_by_default(digits, tmp_path):
    assert Site(digits, tmp_path, Store(tmp_path), InProcess()).checkpoint_every == 5
