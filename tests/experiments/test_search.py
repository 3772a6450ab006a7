"""Searches: their points, scores, order, what is refused, and whole ones trained, interrupted and resumed."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from chainrule.experiments.experiment import Experiment
from chainrule.experiments.reproduce import reproduce
from chainrule.experiments.search import TableSearch, nearest, planned_points
from chainrule.records.searches import Trial
from chainrule.work.executors import InProcess

COMMON = {
    "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center",
    "init": {"normal": 0.01}, "batch_size": 50, "epochs": 2, "shuffle": True, "learning_rate": 0.5,
}  # fmt: skip

TABLE = {
    "title": "searches",
    "metrics": ["val_accuracy"],
    "settings": COMMON,
    "searches": [
        {
            "name": "coarse",
            "grid": {"l2": [1e-4, 0.01, 3.0]},
            "inits": 2,
            "published": {"best_val_accuracy": ["0.80", "0.79"], "best_setting": {"l2": 1e-4}},
        },
        {
            "name": "fine",
            "draw": {"l2": {"count": 4, "between_best_and_worst_of": "coarse"}},
            "set": {"epochs": 1},
        },
    ],
    "claims": [
        {"text": "c", "predicate": "lower", "quantity": "val_accuracy", "row": "fine", "than": "coarse"},
    ],
}


@pytest.fixture
def table() -> Experiment:
    return Experiment.model_validate(TABLE)


def trial(values: dict[str, float], mean: float) -> Trial:
    return Trial(number=0, values=values, scores=[mean], mean=mean, error=0.01, rungs=[], state="complete")


def found(*scores: float) -> list[Trial]:
    return [trial({"l2": 10.0 ** -(index + 1)}, score) for index, score in enumerate(scores)]


def test_a_grid_is_the_product_in_order():
    search = TableSearch(name="g", grid={"l2": [0, 0.1], "batch_size": [10, 20, 30]}, set={"epochs": 5})
    tried = planned_points(search, COMMON, 0, [])
    assert [point.values for point in tried] == [
        {"l2": l2, "batch_size": size} for l2 in (0, 0.1) for size in (10, 20, 30)
    ]
    assert {point.settings.epochs for point in tried} == {5}
    assert {point.settings.evaluate for point in tried} == {"validation"}
    assert search.size == 6


def test_draws_lie_between_best_and_worst_in_the_logarithm():
    search = TableSearch.model_validate(
        TABLE["searches"][1] | {"draw": {"l2": {"count": 400, "between_best_and_worst_of": "c"}}}
    )
    earlier = found(0.4, 0.6, 0.5, 0.3)  # best at 1e-2, worst at 1e-4
    drawn = np.log10([point.values["l2"] for point in planned_points(search, COMMON, 0, earlier)])
    assert drawn.min() >= -4
    assert drawn.max() <= -2
    assert abs(drawn.mean() + 3) < 0.1
    again = [point.values for point in planned_points(search, COMMON, 0, earlier)]
    assert again == [point.values for point in planned_points(search, COMMON, 0, earlier)]
    assert again != [point.values for point in planned_points(search, COMMON, 1, earlier)]


def test_seeds_of_replicates_never_meet():
    search = TableSearch(name="g", grid={"l2": [0]}, inits=5)
    assert [list(search.seeds(replicate)) for replicate in (0, 1)] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_the_nearest_point():
    results = found(0.4, 0.6, 0.6, 0.3)
    assert nearest(results, {"l2": 0.002}).values == {"l2": 0.001}
    zeros = [trial({"l2": 0, "batch_size": 64}, 0.1), trial({"l2": 1e-4, "batch_size": 64}, 0.1)]
    assert nearest(zeros, {"l2": 0, "batch_size": 64}) is zeros[0]
    assert nearest(zeros, {"l2": 1e-9, "batch_size": 64}) is zeros[1]


@pytest.mark.parametrize(
    ("search", "problem"),
    [
        ({"name": "s"}, "needs a grid or the draws of one setting"),
        ({"name": "s", "grid": {"l2": []}}, "at least 1 item"),
        ({"name": "s", "grid": {"l2": [0]}, "inits": 0}, "greater than or equal to 1"),
        (
            {"name": "s", "grid": {"l2": [0]}, "published": {"best_setting": {"batch_size": 3}}},
            "best_setting and what is searched differ in",
        ),
        (
            {"name": "s", "grid": {"l2": [0, 1]}, "published": {"best_val_accuracy": ["0.3", "0.2", "0.1"]}},
            "at most 2 best_val_accuracy can be compared",
        ),
    ],
)
def test_searches_that_cannot_be(search, problem):
    with pytest.raises(ValidationError, match=problem):
        TableSearch.model_validate(search)


def test_a_draw_needs_an_earlier_search(table):
    document = table.model_dump()
    document["searches"] = document["searches"][::-1]
    with pytest.raises(ValidationError, match="'fine' draws after 'coarse', which is no earlier one"):
        Experiment.model_validate(document)


@pytest.mark.parametrize("grid", [{"l2": [0, 0.1]}, {"batch_size": [20, 50]}])
def test_draws_in_the_logarithm_need_values_above_0(table, grid):
    document = table.model_dump()
    coarse, fine = document["searches"]
    document["searches"] = [coarse | {"grid": grid, "published": {}}, fine]
    with pytest.raises(
        ValidationError, match="'fine' draws l2 in the logarithm, but 'coarse' searches no values"
    ):
        Experiment.model_validate(document)


def test_searches_have_no_curves_to_claim_about(table):
    trend = {"text": "t", "predicate": "falls", "curves": ["val_loss"], "rows": ["coarse"]}
    with pytest.raises(ValidationError, match="names the row 'coarse'"):
        Experiment.model_validate(table.model_dump() | {"claims": [trend]})


def test_a_search_is_trained_scored_and_put_beside_the_published(job, table, counting):
    executor = counting()
    wanted = job(experiments={"s": table}, replicates=3)
    report = reproduce(wanted, executor)
    rows = {(row.name, row.metric): row for row in report.results.rows}
    assert list(rows) == [
        ("coarse", "best_val_accuracy"),
        ("coarse", "second_best_val_accuracy"),
        ("coarse", "best_setting_shortfall"),
        ("fine", "best_val_accuracy"),
    ]
    top, second, shortfall, fine = rows.values()
    assert all(a >= b for a, b in zip(top.values, second.values, strict=True))
    assert (top.published, second.published) == (0.8, 0.79)
    assert len(top.values) == len(fine.values) == 3
    assert shortfall.setting == {"l2": 1e-4}
    assert min(shortfall.values) >= 0
    assert (shortfall.verdict == "agrees") is (shortfall.mean <= shortfall.high)
    assert len(fine.setting["l2"]) == 3
    assert report.results.claims[0].evidence.startswith("val_accuracy")
    assert report.results.input_means == []
    assert not list((wanted.out / "members").glob("*.safetensors"))
    # 6 seeds of the coarse search and 3 of the fine one, each a population of its own
    assert executor.count == 9


@pytest.mark.parametrize("stop_at", [2, 7])
def test_an_interrupted_search_goes_on_and_ends_the_same(job, table, counting, tmp_path, stop_at):
    whole, wanted = job(experiments={"s": table}, out=tmp_path / "whole"), job(experiments={"s": table})
    expected = reproduce(whole, InProcess())
    with pytest.raises(KeyboardInterrupt):
        reproduce(wanted, counting(stop_at))
    rest = counting()
    assert reproduce(wanted, rest).results == expected.results
    assert rest.count == 9 - stop_at


def test_replicates_may_be_added(job, table, counting):
    reproduce(job(experiments={"s": table}, replicates=1), InProcess())
    more = counting()
    reproduce(job(experiments={"s": table}, replicates=2), more)
    assert more.count == 3
