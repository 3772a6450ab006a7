"""The chart of rungs."""

from __future__ import annotations

from chainrule.report import rungs
from support.charts import values
from support.halved import results
from support.searching import trial


def test_rungs_have_a_chart_where_there_are_several():
    assert rungs.has_rungs(results())
    plain = results().model_copy(update={"trials": [trial(0, {"l2": 0.1}, 0.5)]})
    assert not rungs.has_rungs(plain)
    chart = rungs.rungs_chart(results())
    assert len(values(chart)) == 5
    assert {point["trial"] for point in values(chart) if point["winner"]} == {1}
