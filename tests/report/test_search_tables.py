"""A search in tables, words and charts."""

from __future__ import annotations

from typing import Any

from chainrule.records.searches import Rung, SearchResults, Trial, Winner
from chainrule.report import rungs, search_run, search_tables, searches
from support.searching import trial


def rung(*means: float | None) -> list[Rung]:
    return [Rung(epochs=3**i, mean=mean, error=0.01) for i, mean in enumerate(means)]


def halving() -> list[Trial]:
    return [
        trial(0, {"l2": 0.1, "init": "he"}, 0.3, state="pruned", rungs=rung(0.3)),
        trial(1, {"l2": 0.01, "init": {"normal": 0.1}}, 0.6, rungs=rung(0.4, 0.6)),
        trial(2, {"l2": 0.001, "init": "<he>"}, 0.5, rungs=rung(0.45, 0.5)),
        trial(3, {"l2": 1.0, "init": "he"}, None, state="failed", why="no\nmemory", rungs=[]),
    ]  # fmt: skip


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    data = spec["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


def results(metric: str = "val_accuracy", winner: int | None = 1) -> SearchResults:
    won = Winner(
        trial=winner or 0,
        settings={"l2": 0.01},
        members=[],
        test_accuracy=[0.5],
        mean=0.5,
        error=0.02,
        reason="why",
    )
    return SearchResults(
        title="a <search>", dataset={"name": "digits", "checksum": "0"},
        strategy={"kind": "halving", "inits": 2, "metric": metric, "choose": "mean"}, space={"l2": [1, 2]},
        seeds=[0, 1], images=100, trials=halving(), winner=None if winner is None else won, environment={},
    )  # fmt: skip


def test_the_best_stand_first_and_those_left_behind_after_those_trained_longer():
    assert [one.number for one in search_tables.in_order(halving(), "val_accuracy")] == [1, 2, 0, 3]
    assert [one.number for one in search_tables.in_order(halving(), "val_loss")] == [2, 1, 0, 3]


def test_the_table_of_trials():
    table = search_tables.trials_table(halving(), "val_accuracy", 1)
    assert table.columns == ["trial", "l2", "init", "state", "val_accuracy", "±", "epochs"]
    assert table.body[0] == ["1", "0.01", "normal = 0.1", "winner", "0.6000", "0.0100", "3"]
    assert table.body[-1] == ["3", "1", "he", "failed", "-", "0.0100", "-"]
    assert table.notes == []
    few = search_tables.trials_table(halving(), "val_accuracy", 1, most=2)
    assert len(few.body) == 2
    assert few.notes == ["2 more trials are in results.json"]
    alone = search_tables.trials_table(halving()[1:3], "val_accuracy", None)
    assert "epochs" not in alone.columns


def test_words():
    lines = search_tables.words(results())
    assert lines[0] == "failed: trial 3: no memory"
    assert lines[1] == "winner: trial 1 (l2 = 0.01, init = normal = 0.1): val_accuracy 0.6000 ± 0.0100"
    assert "test accuracy 0.5000 ± 0.0200 (standard error over 2 inits)" in lines[3]
    assert search_tables.words(results(winner=None))[-1].startswith("no winner: of 4 trials, 2 complete")
    assert (
        search_tables.strategy_text(results()) == "halving, 4 trials of 2 inits each, scored by val_accuracy"
    )


def test_charts_of_a_search(tmp_path):
    scores = search_run.scored(results(), "s")
    assert [point.complete for point in scores.replicates[0]] == [False, True, True]
    assert [point.values["l2"] for point in searches.best(scores)] == [0.01]
    lost = search_run.scored(results("val_loss"), "s")
    assert [point.values["l2"] for point in searches.best(lost)] == [0.001]
    chart = searches.search_chart(lost, "l2").to_dict()
    assert chart["layer"][-2]["encoding"]["y"]["title"] == "validation loss"
    assert [point["complete"] for point in values(chart)] == [False, True, True]


def test_rungs_have_a_chart_where_there_are_several():
    assert rungs.has_rungs(results())
    plain = results().model_copy(update={"trials": [trial(0, {"l2": 0.1}, 0.5)]})
    assert not rungs.has_rungs(plain)
    chart = rungs.rungs_chart(results()).to_dict()
    assert len(values(chart)) == 5
    assert {point["trial"] for point in values(chart) if point["winner"]} == {1}


def test_a_page_of_a_search_escapes_what_others_wrote(tmp_path):
    from chainrule.files import write_text
    from chainrule.report.page import run_page
    from chainrule.report.run import open_run

    write_text(tmp_path / "search.json", "{}")
    write_text(tmp_path / "results.json", results(winner=None).to_json())
    text = run_page(open_run(tmp_path))
    assert "a &lt;search&gt;" in text
    assert "&lt;he&gt;" in text
    assert "<he>" not in text.split("<script")[0]
    assert "Successive halving: every trial" in text
