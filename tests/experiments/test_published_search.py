"""Reports' searches: what is refused, the trial nearest to the published, whole ones trained, interrupted, resumed."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from chainrule.experiments.experiment import Experiment
from chainrule.experiments.published_search import TableSearch, nearest
from chainrule.experiments.reproduce import reproduce
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
            "name": "grid",
            "space": {"l2": [1e-4, 0.01, 3.0]},
            "strategy": {"kind": "grid", "inits": 2},
            "published": {
                "best_val_accuracy": ["0.80", "0.79"],
                "best_settings": [{"l2": 1e-4}, {"l2": 0.02}],
            },
        },
        {
            "name": "rounds",
            "space": {"l2": {"low": 1e-4, "high": 1.0, "log": True}},
            "strategy": {"kind": "coarse_to_fine", "points": 3, "fine": 2, "inits": 1},
            "set": {"epochs": 1},
        },
    ],
    "claims": [
        {"text": "c", "predicate": "lower", "quantity": "val_accuracy", "row": "rounds", "than": "grid"},
    ],
}


@pytest.fixture
def table() -> Experiment:
    return Experiment.model_validate(TABLE)


def trial(values: dict[str, float], mean: float) -> Trial:
    return Trial(number=0, values=values, scores=[mean], mean=mean, error=0.01, rungs=[], state="complete")


def found(*scores: float) -> list[Trial]:
    return [trial({"l2": 10.0 ** -(index + 1)}, score) for index, score in enumerate(scores)]


def test_a_search_is_one_of_the_table_s_settings_and_its_own():
    search = TableSearch.model_validate(TABLE["searches"][1]).on(COMMON)
    settings = search.settings_of({"l2": 0.25})
    assert (settings.epochs, settings.l2, settings.batch_size) == (1, 0.25, 50)
    assert settings.evaluate == "validation"


def test_the_nearest_point():
    results = found(0.4, 0.6, 0.6, 0.3)
    assert nearest(results, {"l2": 0.002}).values == {"l2": 0.001}
    zeros = [trial({"l2": 0, "batch_size": 64}, 0.1), trial({"l2": 1e-4, "batch_size": 64}, 0.1)]
    assert nearest(zeros, {"l2": 0, "batch_size": 64}) is zeros[0]
    assert nearest(zeros, {"l2": 1e-9, "batch_size": 64}) is zeros[1]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"space": {"l2": []}}, "space.l2: is empty"),
        ({"space": {"l3": [1]}}, "space.l3: is no setting that can be searched; known:"),
        ({"strategy": {"kind": "grid", "inits": 0}}, "greater than or equal to 1"),
        ({"strategy": {"kind": "halving"}}, "'halving': leaves trials behind"),
        ({"strategy": {"kind": "random", "trials": 9}}, "the space holds 3 combinations"),
        (
            {"published": {"best_settings": [{"batch_size": 3}]}},
            "published.best_settings: and what is searched differ in batch_size, l2",
        ),
        (
            {"published": {"best_val_accuracy": ["0.3"] * 4}},
            "best_val_accuracy: at most 3 can be compared",
        ),
        (
            {"space": {"l2": [0]}, "published": {"best_settings": [{"l2": 0}] * 2}},
            "best_settings: at most 1 can",
        ),
    ],
    ids=str,
)
def test_searches_that_cannot_be(table, changes, problem):
    document = table.model_dump()
    document["searches"] = [document["searches"][0] | changes, document["searches"][1]]
    with pytest.raises(ValidationError, match=problem):
        Experiment.model_validate(document)


def test_a_name_is_given_once(table):
    document = table.model_dump()
    document["searches"] = [document["searches"][1], document["searches"][1]]
    with pytest.raises(ValidationError, match="the name 'rounds' is given twice"):
        Experiment.model_validate(document | {"claims": []})


def test_searches_have_no_curves_to_claim_about(table):
    trend = {"text": "t", "predicate": "falls", "curves": ["val_loss"], "rows": ["grid"]}
    with pytest.raises(ValidationError, match="names the row 'grid'"):
        Experiment.model_validate(table.model_dump() | {"claims": [trend]})


def test_of_searches_nothing_but_the_best_validation_accuracy_is_known(table):
    other = {"text": "t", "predicate": "lower", "quantity": "test_accuracy", "row": "grid", "than": "grid"}
    with pytest.raises(ValidationError, match="names the row 'grid'"):
        Experiment.model_validate(table.model_dump() | {"claims": [other]})


def test_a_search_is_trained_scored_and_put_beside_the_published(job, table, counting):
    executor = counting()
    wanted = job(experiments={"s": table}, replicates=3)
    report = reproduce(wanted, executor)
    rows = {(row.name, row.metric): row for row in report.results.rows}
    assert list(rows) == [
        ("grid", "best_val_accuracy"),
        ("grid", "second_best_val_accuracy"),
        ("grid", "best_setting_shortfall"),
        ("grid", "second_best_setting_shortfall"),
        ("rounds", "best_val_accuracy"),
    ]
    top, second, shortfall, next_shortfall, rounds = rows.values()
    assert all(a >= b for a, b in zip(top.values, second.values, strict=True))
    assert (top.published, second.published) == (0.8, 0.79)
    assert len(top.values) == len(rounds.values) == 3
    assert shortfall.setting == {"l2": 1e-4}
    assert min(shortfall.values) >= 0
    assert (shortfall.verdict == "agrees") is (shortfall.mean <= shortfall.high)
    at_published = [a - b for a, b in zip(second.values, next_shortfall.values, strict=True)]
    points = wanted.plan.tables["s"].searches["grid"]
    assert at_published == pytest.approx([run.trials[1].mean for run in points])
    assert len(rounds.setting["l2"]) == 3
    assert {len(run.trials) for run in wanted.plan.tables["s"].searches["rounds"]} == {5}
    assert report.results.claims[0].evidence.startswith("val_accuracy")
    assert report.results.input_means == []
    assert not list((wanted.out / "members").glob("*.safetensors"))
    # 6 seeds of the grid, and 3 of each of the two rounds of the other, each a population of its own
    assert executor.count == 12


@pytest.mark.parametrize("stop_at", [2, 7])
def test_an_interrupted_search_goes_on_and_ends_the_same(job, table, counting, tmp_path, stop_at):
    whole, wanted = job(experiments={"s": table}, out=tmp_path / "whole"), job(experiments={"s": table})
    expected = reproduce(whole, InProcess())
    with pytest.raises(KeyboardInterrupt):
        reproduce(wanted, counting(stop_at))
    rest = counting()
    assert reproduce(wanted, rest).results == expected.results
    assert rest.count == 12 - stop_at


def test_replicates_may_be_added(job, table, counting):
    reproduce(job(experiments={"s": table}, replicates=1), InProcess())
    more = counting()
    reproduce(job(experiments={"s": table}, replicates=2), more)
    assert more.count == 4
