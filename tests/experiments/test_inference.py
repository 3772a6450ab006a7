"""What is left unsaid, inferred: the truth comes out where it is known; killed, it goes on; folders are shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError, StoreError
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.inference import InferenceJob, infer
from chainrule.experiments.reproduce import TableJob, reproduce
from chainrule.experiments.trials import plan
from chainrule.records.inferences import Inference
from chainrule.work.executors import InProcess

JobMaker = Callable[..., InferenceJob]

UNKNOWNS: list[dict[str, Any]] = [
    {"name": "order", "rows": ["a", "b"], "crossed": True, "assumed": "shuffled",
     "alternatives": [{"name": "own", "set": {"shuffle": False}}]},
    {"name": "rate", "rows": ["a"], "crossed": True, "assumed": "0.5",
     "alternatives": [{"name": "0.005", "set": {"learning_rate": 0.005}}]},
    {"name": "init", "rows": ["a"], "assumed": "normal", "alternatives": [{"name": "He", "set": {"init": "he"}}]},
]  # fmt: skip


def table(
    small: Experiment, published: dict[str, dict[str, str]], which: Sequence[int] = (0, 1, 2)
) -> Experiment:
    document = small.model_dump(mode="json")
    document |= {"dataset": "digits", "unknowns": [UNKNOWNS[index] for index in which]}
    for row in document["rows"]:
        row["published"] = published[row["name"]]
    return Experiment.model_validate(document)


@pytest.fixture
def infer_job(digits: Dataset, small: Experiment, tmp_path: Path) -> JobMaker:
    def make(
        a: str = "0.80", b: str = "0.70", seeds: int = 4, out: Path = tmp_path / "out", **tables: Experiment
    ) -> InferenceJob:
        own = tables or {"small": table(small, {"a": {"test_accuracy": a}, "b": {"test_accuracy": b}})}
        return InferenceJob(plan(own, digits, range(seeds)), tmp_path / "data", out, "chainrule test")

    return make


def test_every_combination_is_held_against_every_number(infer_job):
    job = infer_job()
    inference = infer(job, InProcess())
    assert Inference.read(job.out / "inference.json") == inference
    (part,) = inference.recipes
    crossed, alone = part.tried
    assert [combination.choice for combination in crossed] == [
        {"order": order, "rate": rate} for order in ("shuffled", "own") for rate in ("0.5", "0.005")
    ]
    assert [combination.choice for combination in alone] == [{"init": "normal"}, {"init": "He"}]
    for group, rows in ((crossed, ["a", "b"]), (alone, ["a"])):
        assert sum(combination.share for combination in group) == pytest.approx(1)
        for combination in group:
            assert [number.row for number in combination.numbers] == rows
            assert all(len(number.values) == 4 for number in combination.numbers)
            likelihood = sum(number.log_likelihood for number in combination.numbers)
            assert combination.log_likelihood == pytest.approx(likelihood)
    # Another rate is none of row b's unknowns.
    assert crossed[0].numbers[1] == crossed[1].numbers[1]
    assert crossed[0].numbers[1] != crossed[2].numbers[1]


def test_odds_are_over_all_that_crossed_unknowns_may_have_been(infer_job):
    (part,) = infer(infer_job(), InProcess()).recipes
    order, rate, init = part.unknowns
    assert order.crossed_with == ["rate"]
    assert (rate.crossed_with, init.crossed_with) == (["order"], [])
    crossed, _ = part.tried
    for unknown in (order, rate):
        for candidate in unknown.candidates:
            shares = [own.share for own in crossed if own.choice[unknown.name] == candidate.name]
            assert candidate.share == pytest.approx(sum(shares))
        assumed, other = unknown.candidates
        assert (assumed.log_odds, assumed.low, assumed.high) == (0, 0, 0)
        assert other.log_odds == pytest.approx(np.log(other.share / assumed.share))
        assert other.low <= other.log_odds <= other.high


@pytest.mark.parametrize("truth", ["0.5", "0.005"])
def test_where_the_truth_is_known_it_comes_out(infer_job, small, truth):
    (part,) = infer(infer_job(), InProcess()).recipes
    (runs,) = (
        combination.numbers
        for combination in part.tried[0]
        if combination.choice == {"order": "own", "rate": truth}
    )
    report = {number.row: {"test_accuracy": f"{number.mean:.4f}"} for number in runs}
    (part,) = infer(infer_job(small=table(small, report)), InProcess()).recipes
    rate = part.unknowns[1]
    assert max(rate.candidates, key=lambda candidate: candidate.share).name == truth
    assert rate.candidates[1].told
    assert truth in rate.sentence.split(" rather than ")[0]
    assert part.unexplained == []


def test_numbers_that_nothing_explains_are_named(infer_job):
    (part,) = infer(infer_job(), InProcess()).recipes
    near = f"{part.tried[0][0].numbers[1].mean:.4f}"
    for number, unexplained in ((near, False), ("0.02", True)):
        (part,) = infer(infer_job(b=number), InProcess()).recipes
        assert ("b (test_accuracy)" in part.unexplained) is unexplained


def test_killed_it_goes_on_and_ends_the_same(infer_job, tmp_path, counting):
    whole = infer_job(out=tmp_path / "whole")
    infer(whole, InProcess())
    killed = infer_job(out=tmp_path / "killed")
    with pytest.raises(KeyboardInterrupt):
        infer(killed, counting(stop_at=5))
    assert not (killed.out / "inference.json").exists()
    rest = counting()
    infer(killed, rest)
    all_of_it = counting()
    infer(infer_job(out=tmp_path / "again"), all_of_it)
    assert 0 < rest.count < all_of_it.count
    assert (killed.out / "inference.json").read_bytes() == (whole.out / "inference.json").read_bytes()


def test_nets_of_the_tables_own_rows_are_not_trained_twice(infer_job, job, small, tmp_path, counting):
    own = {"small": table(small, {"a": {"test_accuracy": "0.80"}, "b": {"test_accuracy": "0.70"}}, which=[0])}
    wanted: TableJob = job(own, seeds=range(4), replicates=1)
    reproduce(wanted, InProcess())
    before, shared, apart = (wanted.out / "results.json").read_bytes(), counting(), counting()
    infer(infer_job(**own, out=wanted.out), shared)
    infer(infer_job(**own, out=tmp_path / "apart"), apart)
    assert (shared.count, apart.count) == (4, 8)
    rest = counting()
    reproduce(wanted, rest)
    assert rest.count == 0
    assert (wanted.out / "results.json").read_bytes() == before


def test_results_may_come_into_the_folder_of_an_inference(infer_job, job, small, counting):
    published = {"a": {"test_accuracy": "0.80"}, "b": {"test_accuracy": "0.70"}}
    first = infer_job()
    infer(first, InProcess())
    executor = counting()
    reproduce(job({"small": table(small, published)}, seeds=range(4), replicates=1, out=first.out), executor)
    assert executor.count == 0


def test_a_folder_of_a_larger_inference_is_refused(infer_job, small):
    own = table(small, {"a": {"test_accuracy": "0.80"}, "b": {"test_accuracy": "0.70"}}, which=[2])
    infer(infer_job(first=own, second=own), InProcess())
    with pytest.raises(StoreError, match="what was inferred of second too"):
        infer(infer_job(first=own), InProcess())
    infer(infer_job(first=own, second=own, seeds=5), InProcess())
    with pytest.raises(StoreError, match="5 seeds, 4 were asked for"):
        infer(infer_job(first=own, second=own), InProcess())


def test_what_cannot_be_inferred_is_refused_before_anything_is_written(infer_job, small, digits):
    bare = table(small, {"a": {"test_accuracy": "0.80"}, "b": {"test_accuracy": "0.70"}}, which=[])
    with pytest.raises(SettingsError, match="odds need 4 or more"):
        infer_job(seeds=3)
    with pytest.raises(SettingsError, match="bare: names no unknowns"):
        infer_job(bare=bare)
    whole = bare.model_dump(mode="json") | {
        "unknowns": [UNKNOWNS[0] | {"alternatives": [{"name": "all", "set": {"train": 10**6}}]}]
    }
    with pytest.raises(SettingsError, match="small: train = 1000000: digits has"):
        infer_job(small=Experiment.model_validate(whole))


def test_a_plan_says_what_will_be_trained(infer_job):
    job = infer_job()
    (line,) = job.plan.words
    # Of rows a and b: 2 orders, of a 2 rates more; He besides.
    assert line.startswith(
        "small: 28 nets, 3.5 times the work of its rows; candidates: 4 of order x rate; 2 of init"
    )
    assert len(job.plan.nets("small")) == 28
