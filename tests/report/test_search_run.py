"""A search's run as what charts and the page show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chainrule.errors import StoreError
from chainrule.records.searches import SearchResults
from chainrule.report import search_run, searched, searches
from chainrule.report.run import open_run
from support.charts import values
from support.halved import halving, results
from support.runs import example_run


def test_charts_of_a_search(tmp_path):
    scores = search_run.scored(results(), "s")
    assert [point.complete for point in scores.replicates[0]] == [False, True, True]
    assert [point.values["l2"] for point in searched.best(scores)] == [0.01]
    lost = search_run.scored(results("val_loss"), "s")
    assert [point.values["l2"] for point in searched.best(lost)] == [0.001]
    chart = searches.search_chart(lost, "l2")
    assert chart.to_dict()["layer"][-2]["encoding"]["y"]["title"] == "validation loss"
    assert [point["complete"] for point in values(chart)] == [False, True, True]


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


def test_the_best_is_the_winner_and_what_it_scored():
    assert search_run.best(results()) == {
        "trial": 1, "values": {"l2": 0.01, "init": {"normal": 0.1}}, "settings": {"l2": 0.01}, "mean": 0.6,
        "error": 0.01, "test_accuracy": 0.5, "test_error": 0.02,
    }  # fmt: skip
    assert search_run.best(results(winner=None)) is None


def test_a_trial_is_a_line_of_values_and_scores():
    lines = search_run.trials(results())
    assert [line["state"] for line in lines] == ["pruned", "complete", "complete", "failed"]
    assert lines[2] == {
        "trial": 2, "l2": 0.001, "init": "<he>", "state": "complete", "mean": 0.5, "error": 0.01,
        "scores": [0.5, 0.5], "epochs": 3,
    }  # fmt: skip


def test_a_search_without_a_title_is_called_after_its_folder():
    untitled = results().model_copy(update={"title": ""})
    assert search_run.named(untitled, Path("runs/mine")) == "mine"
    assert search_run.named(results(), Path("runs/mine")) == "a <search>"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dataset": {"name": "digits"}}, "lacks its name or checksum"), ({"strategy": {"kind": "tpe"}}, "inits"),
        ({"strategy": {"kind": "tpe", "inits": 1, "metric": "x", "choose": "mean"}}, "metric"),
        ({"trials": halving()[1:]}, "not counted from 0"), ({"trials": []}, "none of the trials"),
        ({"environment": {"machine": []}}, "machine"), ({"environment": {"machine": {"blas": 3}}}, "machine.blas"),
        ({"environment": {"seeds": {"a": 1}}}, "seeds"), ({"environment": {"dataset": {"name": []}}}, "dataset.name"),
        ({"environment": {"dataset": {"name": "x", "widened_by": "0.006"}}}, "dataset.widened_by"),
    ],
)  # fmt: skip
def test_results_that_nothing_could_be_said_of_are_damaged(tmp_path, changes, said):
    path = tmp_path / "results.json"
    path.write_text(results().model_copy(update=changes).to_json())
    with pytest.raises(StoreError, match=rf"damaged: .*{said}"):
        SearchResults.read(path)


def test_a_winner_without_nets_has_no_curves(tmp_path):
    assert len(search_run.figures(results(), tmp_path)) == 1


@pytest.mark.parametrize("environment", [{}, {"machine": {}, "dataset": {}}, {"anything": 1}])
def test_an_environment_may_say_nothing(tmp_path, environment):
    path = tmp_path / "results.json"
    path.write_text(results().model_copy(update={"environment": environment}).to_json())
    assert SearchResults.read(path).environment == environment


def test_scores_by_what_nothing_is_scored_by_are_damaged(tmp_path):
    example_run(tmp_path, kinds={"searches"})
    (path,) = (tmp_path / "figures").iterdir()
    path.write_text(path.read_text().replace('"val_accuracy"', '"speed"'))
    with pytest.raises(StoreError, match=r"damaged: searches\.0\.metric"):
        open_run(tmp_path)


@pytest.mark.parametrize("edges", [[], [0.0, 1.0], [0.0, 1.0, 2.0, 3.0]])
def test_histograms_without_an_edge_more_than_counts_are_damaged(tmp_path, edges):
    example_run(tmp_path, kinds={"gradients"})
    (path,) = (tmp_path / "figures").iterdir()
    document = json.loads(path.read_text())
    document["rows"][0]["edges"] = edges
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match=r"damaged: rows\.0: .*need one edge more"):
        open_run(tmp_path)
