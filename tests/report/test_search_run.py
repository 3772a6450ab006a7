"""A search's run as what charts and the page show."""

from __future__ import annotations

from chainrule.report import search_run, searches
from support.charts import values
from support.halved import results


def test_charts_of_a_search(tmp_path):
    scores = search_run.scored(results(), "s")
    assert [point.complete for point in scores.replicates[0]] == [False, True, True]
    assert [point.values["l2"] for point in searches.best(scores)] == [0.01]
    lost = search_run.scored(results("val_loss"), "s")
    assert [point.values["l2"] for point in searches.best(lost)] == [0.001]
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
