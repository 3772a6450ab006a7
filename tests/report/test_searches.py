"""Charts of searches: every point, the best with its error, an axis for each setting."""

from __future__ import annotations

from chainrule.records.figures import SearchPoint
from chainrule.report import searched, searches
from support.charts import values
from support.runs import example_searches


def test_searches_mark_the_best_and_its_error():
    coarse, fine = example_searches().searches
    assert searches.said(coarse) == "best at l2 = 0.0001: 0.5000 ± 0.0040 (standard error; 2 inits a point)"
    chart = searches.search_chart(coarse, "l2")
    data = values(chart)
    assert [point["value"] for point in data if point["best"]] == [1e-4]
    assert [(point["low"], point["high"]) for point in data] == [
        (p["score"] - 0.004, p["score"] + 0.004) for p in data
    ]
    band, rule, *_ = chart.to_dict()["layer"]
    datasets = chart.to_dict()["datasets"]
    assert datasets[band["data"]["name"]] == [{"low": 0.496, "high": 0.504}]
    assert datasets[rule["data"]["name"]][0]["value"] == 1e-4
    points = chart.to_dict()["layer"][-1]["encoding"]
    assert points["x"]["scale"]["type"] == "log"
    assert [point["value"] for point in values(searches.search_chart(fine, "l2")) if point["best"]] == [
        0.001,
        0.001,
    ]
    assert (
        searches.search_chart(fine, "l2").to_dict()["layer"][-1]["encoding"]["x"]["scale"]["type"] == "symlog"
    )


def test_a_search_has_an_axis_for_each_setting_searched():
    (search, _) = example_searches().searches
    points = [SearchPoint(values={"l2": 0.1, "batch": 8, "rate": {"kind": "a"}}, score=0.3, error=0.1)]
    search = search.model_copy(update={"replicates": [points]})
    assert searched.searched(search) == ["l2", "batch", "rate.kind"]
    kinds = [
        searches.search_chart(search, key).to_dict()["layer"][-1]["encoding"]["x"]["type"]
        for key in searched.searched(search)
    ]
    assert kinds == ["quantitative", "quantitative", "nominal"]
    assert values(searches.search_chart(search, "rate.kind"))[0]["value"] == "a"


def test_of_very_many_points_the_best_alone_have_bars():
    (search, _) = example_searches().searches
    for count, filters in ((searches.MOST_BARRED, []), (searches.MOST_BARRED + 1, ["datum.best"])):
        points = [SearchPoint(values={"l2": 10.0**-i}, score=0.3 + i / 100, error=0.01) for i in range(count)]
        many = search.model_copy(update={"replicates": [points]})
        layers = searches.search_chart(many, "l2").to_dict()["layer"]
        (bars,) = [one for one in layers if one["mark"]["type"] == "rule" and "y2" in one["encoding"]]
        assert [one["filter"] for one in bars["transform"][1:]] == filters


def test_bars_where_many_points_have_one_value_are_those_of_the_best():
    (search, _) = example_searches().searches
    points = [
        SearchPoint(values={"l2": l2, "batch": batch}, score=0.3 + l2 + batch / 100, error=0.1)
        for l2 in (0.1, 0.2) for batch in (8, 16)
    ]  # fmt: skip
    twice = search.model_copy(update={"replicates": [points, points]})
    layers = searches.search_chart(twice, "l2").to_dict()["layer"]
    rules = [layer for layer in layers if layer["mark"]["type"] == "rule" and "y2" in layer["encoding"]]
    assert [rule["transform"][-1]["filter"] for rule in rules] == ["datum.best"] * 2
    assert [rule["mark"]["xOffset"] for rule in rules] == [-3, 3]
    alone = searches.search_chart(search, "l2").to_dict()["layer"]
    assert [
        one["transform"][-1]["filter"] for one in alone if "y2" in one["encoding"] and "transform" in one
    ] == ["datum.replicate === '1'"]


def test_the_best_is_said_with_everything_that_varies():
    (search, _) = example_searches().searches
    points = [
        SearchPoint(values={"l2": l2, "batch": 8, "rate": {"kind": kind}}, score=0.3, error=0.1)
        for l2, kind in ((0.1, "a"), (0.2, "b"))
    ]
    said = searches.said(search.model_copy(update={"replicates": [points], "inits": 1}))
    assert said == "best at l2 = 0.1, rate.kind = a: 0.3000 ± 0.1000 (standard error; 1 init a point)"


def test_a_file_has_the_lines_of_trials_before_the_scores():
    figure = example_searches()
    points = [
        SearchPoint(values={"l2": l2, "batch": batch}, score=l2 + batch, error=0.1)
        for l2, batch in ((0.1, 8), (0.2, 8), (0.1, 16))
    ]
    several = figure.searches[0].model_copy(update={"replicates": [points]})
    assert len(searches.draw_searches(figure).to_dict()["vconcat"]) == len(figure.searches)
    drawn = searches.draw_searches(figure.model_copy(update={"searches": [several]})).to_dict()
    assert len(drawn["vconcat"]) == 1 + 2
