"""Whole searches: what they leave, that they go on as if nothing had happened, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from chainrule.errors import ChainruleError, MissingExtraError, SettingsError, StoreError
from chainrule.records.searches import SearchResults
from chainrule.searches.run import run
from chainrule.work import lock
from chainrule.work.executors import InProcess
from support.searching import L2, document

TPE = {"kind": "tpe", "trials": 9, "batch": 3, "startup": 3, "inits": 2}
HALVING = {"kind": "halving", "trials": 9, "inits": 1, "eta": 2}
KINDS = [
    {"kind": "grid", "points": 3, "inits": 2},
    {"kind": "random", "trials": 4, "inits": 2},
    {"kind": "coarse_to_fine", "points": 3, "fine": 2, "inits": 2},
    TPE,
    HALVING,
]


class Stopped(InProcess):
    """Stops before one of the populations, as a kill would."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.count, self.stop_at = 0, stop_at

    def run(self, function: Callable[[Any], Any], tasks: Any, tick: Callable[[], None]) -> Any:
        def counted(task: Any) -> Any:
            if self.count == self.stop_at:
                raise KeyboardInterrupt
            self.count += 1
            return function(task)

        yield from super().run(counted, tasks, tick)


def without_facts(results: SearchResults) -> dict[str, Any]:
    return results.model_dump(exclude={"environment"})


@pytest.mark.parametrize("strategy", KINDS, ids=lambda one: one["kind"])
def test_every_strategy_finds_a_winner(job, strategy):
    wanted = job(document({"l2": L2}, strategy, epochs=4))
    results = run(wanted, InProcess())
    assert SearchResults.read(wanted.out / "results.json") == results
    assert {trial.state for trial in results.trials} <= {"complete", "pruned"}
    complete = [trial for trial in results.trials if trial.state == "complete"]
    assert results.winner.trial in {trial.number for trial in complete}
    assert results.trials[results.winner.trial].mean == max(trial.mean for trial in complete)
    assert all(len(trial.scores) == strategy["inits"] for trial in results.trials)
    assert {path.name for path in wanted.out.iterdir()} == {
        ".driver.lock", "search.json", "journal.log", "members", "checkpoints", "results.json",
    }  # fmt: skip
    assert not list((wanted.out / "checkpoints").iterdir())


def test_only_the_winner_meets_the_test_split(job):
    wanted = job()
    results = run(wanted, InProcess())
    records = [json.loads(path.read_text()) for path in (wanted.out / "members").glob("*.json")]
    tested = {one["id"] for one in records if one["final"]["test_accuracy"] is not None}
    assert tested == set(results.winner.members)
    assert len(records) == 3 * 2 + 2
    assert all(one["settings"]["evaluate"] == "validation" for one in records if one["id"] not in tested)
    assert results.winner.test_accuracy == [
        next(one for one in records if one["id"] == name)["final"]["test_accuracy"]
        for name in results.winner.members
    ]
    assert results.winner.mean == pytest.approx(sum(results.winner.test_accuracy) / 2)


def test_the_rule_of_choice_changes_the_winner(job):
    space = {"l2": [0.0, 1e-6]}
    by_mean = run(job(document(space), "mean"), InProcess())
    simple = run(
        job(document(space, {"kind": "grid", "inits": 2, "choose": "one_standard_error"}), "simple"),
        InProcess(),
    )
    assert by_mean.winner.trial == 0
    assert simple.winner.trial == 1
    assert "within one standard error of the best" in simple.winner.reason


def test_the_metric_changes_the_scores_and_inits_their_number(job):
    accuracy = run(job(out="a"), InProcess())
    loss = run(job(document(strategy={"kind": "grid", "inits": 3, "metric": "val_loss"}), "b"), InProcess())
    assert [len(trial.scores) for trial in loss.trials] == [3, 3, 3]
    assert accuracy.trials[0].scores != loss.trials[0].scores
    assert loss.trials[loss.winner.trial].mean == min(trial.mean for trial in loss.trials)


def test_seeds_of_searches_never_meet(job):
    first, second = run(job(out="a"), InProcess()), run(job(out="b", seed=1), InProcess())
    assert (first.seeds, second.seeds) == ([0, 1], [2, 3])
    assert first.trials[0].scores != second.trials[0].scores


@pytest.mark.parametrize(("strategy", "stop_at"), [(TPE, 0), (TPE, 3), (TPE, 7), (HALVING, 1), (HALVING, 2)])
def test_an_interrupted_search_goes_on_and_ends_the_same(job, strategy, stop_at):
    searched = document(
        {"l2": L2, "learning_rate": {"low": 0.05, "high": 1.0, "log": True}}, strategy, epochs=4
    )
    expected = run(job(searched, "whole"), InProcess())
    wanted = job(searched)
    whole = Stopped()
    run(job(searched, "counted"), whole)
    with pytest.raises(KeyboardInterrupt):
        run(wanted, Stopped(stop_at))
    rest = Stopped()
    assert without_facts(run(wanted, rest)) == without_facts(expected)
    assert rest.count == whole.count - stop_at
    again = Stopped()
    assert without_facts(run(wanted, again)) == without_facts(expected)
    assert again.count == 0


def test_progress_and_trials_are_told_on_the_way(job):
    told: list[tuple[int, int, int]] = []

    def progress(done: int, total: int, trials: Any) -> None:
        told.append((done, total, sum(trial.mean is not None for trial in trials)))

    run(job(document({"l2": L2, "batch_size": [20, 50]}, TPE)), InProcess(), progress)
    assert all(done <= total for done, total, _ in told)
    assert told[-1][0] == told[-1][1]
    assert [scored for *_, scored in told] == sorted(scored for *_, scored in told)
    scored = {scored for *_, scored in told}
    assert scored >= {3, 6, 9}
    assert scored - {0, 3, 6, 9}
    done = [done for done, *_ in told[:-1]]
    assert done == sorted(done)
    # Populations are seen to end within the 3 batches.
    assert len(set(done)) >= 8


def test_checkpoints_of_those_left_behind_go_on_the_way(job):
    wanted, files = job(document({"l2": L2}, HALVING | {"trials": 16}, epochs=9)), set()

    def progress(*_: Any) -> None:
        files.add(len(list((wanted.out / "checkpoints").glob("[!.]*"))))

    run(wanted, InProcess(), progress)
    assert max(files) == 2


class Poisoned(InProcess):
    """Raises where a net of that l2 is trained."""

    def __init__(self, *poison: float) -> None:
        self.poison = poison

    def run(self, function: Callable[[Any], Any], tasks: Any, tick: Callable[[], None]) -> Any:
        def tried(task: Any) -> Any:
            if any(one.l2 in self.poison for one in task.population.members.values()):
                raise RuntimeError("poison")
            return function(task)

        yield from super().run(tried, tasks, tick)


def test_a_trial_that_cannot_be_trained_blocks_no_other(job):
    expected = run(job(out="whole"), InProcess())
    wanted = job()
    results = run(wanted, Poisoned(0.01))
    assert [trial.state for trial in results.trials] == ["complete", "failed", "complete"]
    assert results.trials[1].why == "given up after 3 attempts: RuntimeError: poison"
    assert [results.trials[n].mean for n in (0, 2)] == [
        pytest.approx(expected.trials[n].mean, abs=0.011) for n in (0, 2)
    ]
    # What failed is tried again when the search goes on.
    assert [trial.state for trial in run(wanted, InProcess()).trials] == ["complete"] * 3
    with pytest.raises(
        ChainruleError, match="no trial could be trained: given up after 3 attempts: RuntimeError"
    ):
        run(job(out="none"), Poisoned(0.0, 0.01, 3.0))


def test_a_diverged_loss_has_no_mean_and_never_wins(job):
    searched = document(
        {"learning_rate": [0.5, 1e20]}, {"kind": "grid", "inits": 2, "metric": "val_loss"}, init="he"
    )
    results = run(job(searched), InProcess())
    assert results.trials[1].mean is None
    assert results.trials[1].scores == [None, None]
    assert results.winner.trial == 0
    by_accuracy = run(job(document({"learning_rate": [0.5, 1e20]}), "b"), InProcess())
    assert by_accuracy.trials[1].mean == 0.0


def test_where_all_diverge_nobody_wins(job):
    searched = document({"learning_rate": [1e19, 1e20]}, {"kind": "grid", "inits": 2, "metric": "val_loss"})
    wanted = job(searched)
    assert run(wanted, InProcess()).winner is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"seed": 1}, "holds another search, with another seed; choose another --out"),
        ({"searched": document({"l2": [0.0, 0.01]})}, "with another space"),
        ({"searched": document(epochs=3)}, "with another settings"),
        ({"searched": document(strategy={"kind": "grid", "inits": 1})}, "with another strategy"),
    ],
)
def test_another_search_s_folder_is_refused(job, change, expected):
    run(job(), InProcess())
    with pytest.raises(StoreError, match=expected):
        run(job(**change), InProcess())


def test_a_newer_version_s_folder_is_refused(job):
    wanted = job()
    run(wanted, InProcess())
    path = wanted.out / "search.json"
    path.write_text(path.read_text().replace('"version": 1', '"version": 2', 1))
    with pytest.raises(
        StoreError,
        match=r"search\.json: written by a newer chainrule \(its form is number 2\); update chainrule",
    ):
        run(wanted, InProcess())


def test_a_folder_of_something_else_is_left_alone(job, tmp_path):
    wanted = job()
    wanted.out.mkdir()
    (wanted.out / "thesis.tex").write_text("x")
    with pytest.raises(StoreError, match="not empty; choose another --out"):
        run(wanted, InProcess())
    assert [path.name for path in wanted.out.iterdir()] == ["thesis.tex"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError):
        run(job(out="file"), InProcess())


def test_a_second_driver_is_refused_and_changes_nothing(job):
    wanted = job()
    run(wanted, InProcess())
    (wanted.out / "journal.log").unlink()
    before = {path: path.read_bytes() for path in wanted.out.rglob("*.json")}
    code = (
        "import sys, pathlib, time\nfrom chainrule.work import lock\n"
        "with lock.held(pathlib.Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(wanted.out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(
            StoreError, match=f"in use by process {holder.pid} on .*; wait for it, or choose another"
        ):
            run(wanted, InProcess())
    finally:
        holder.communicate("")
    assert {path: path.read_bytes() for path in before} == before
    assert not (wanted.out / "journal.log").exists()
    run(wanted, InProcess())
    assert lock.driver_of(wanted.out) is None


def test_a_folder_that_lost_its_plan_or_results_goes_on(job):
    wanted = job()
    expected = run(wanted, InProcess())
    (wanted.out / "search.json").unlink()
    (wanted.out / "results.json").unlink()
    (wanted.out / "journal.log").unlink()
    rest = Stopped()
    assert run(wanted, rest) == expected
    assert rest.count == 0


@pytest.mark.parametrize("damage", ["", "{", "null"])
def test_an_empty_or_torn_shard_is_trained_again(job, damage):
    wanted = job()
    expected = run(wanted, InProcess())
    lost = next(
        path for path in (wanted.out / "members").glob("*.json") if path.stem not in expected.winner.members
    )
    lost.write_text(damage)
    assert run(wanted, InProcess()) == expected
    assert json.loads(lost.read_text())["id"] == lost.stem


def test_without_the_extra_nothing_is_written(job, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "optuna", None)
    wanted = job()
    with pytest.raises(MissingExtraError, match=r"pip install 'chainrule\[search\]'"):
        run(wanted, InProcess())
    assert not wanted.out.exists()


def test_what_does_not_fit_the_data_is_refused_before_anything_is_written(job):
    wanted = job(document({"batch_size": [50, 5000]}))
    with pytest.raises(SettingsError, match="batch_size = 5000"):
        run(wanted, InProcess())
    assert not wanted.out.exists()
