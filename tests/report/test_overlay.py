"""What each chart of the page holds: every value, marks for what matters, scales that show it."""

from __future__ import annotations

import pytest

from chainrule.records.figures import Band, SearchPoint
from chainrule.report import confusion, inits, overlay, searches
from chainrule.report.specs import Specs, themed
from chainrule.report.style import PALETTE, colour, stroke
from chainrule.text import as_toml
from support.runs import example_curves, example_predictions, example_results, example_searches


def values(chart) -> list[dict]:
    spec = chart.to_dict()
    data = spec["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]


@pytest.mark.parametrize("metric", ["loss", "cost", "accuracy"])
def test_curves_of_all_settings_and_both_splits(metric):
    figure = example_curves("linear")
    data = values(overlay.draw_overlay(figure, metric))
    for row in figure.rows:
        for split, name in (("train", "train"), ("val", "validation")):
            band = row.curves[f"{split}_{metric}"]
            own = [point for point in data if point["setting"] == row.row and point["split"] == name]
            assert [point["epoch"] for point in own] == row.epoch
            for key in ("mean", "low", "high"):
                assert [point[key] for point in own] == getattr(band, key)


def test_the_learning_rate_stands_beside():
    figure = example_curves("linear")
    data = values(overlay.draw_overlay(figure, "learning_rate"))
    assert [point["mean"] for point in data] == [rate for row in figure.rows for rate in row.learning_rate]
    bare = figure.model_copy(
        update={"rows": [row.model_copy(update={"learning_rate": []}) for row in figure.rows]}
    )
    assert overlay.metrics(bare) == ["loss", "cost", "accuracy"]


def test_a_runaway_loss_is_drawn_on_a_logarithmic_axis():
    figure = example_curves("linear")
    row = figure.rows[0]
    mean = [2.0, 2.1, 2.2, 2.1, 2.0, 1e9]
    wild = row.curves["train_loss"].model_copy(update={"mean": mean})
    row = row.model_copy(update={"curves": row.curves | {"train_loss": wild}})
    spec = overlay.draw_overlay(figure.model_copy(update={"rows": [row]}), "loss").to_dict()
    (scale,) = [layer["encoding"]["y"]["scale"] for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    assert scale["type"] == "log"


def test_series_beyond_the_palette_are_told_by_width():
    assert [colour(i) for i in (0, 7, 8)] == [PALETTE[0], PALETTE[0], PALETTE[1]]
    assert stroke(0) == stroke(6) < stroke(7) == stroke(13) < stroke(14)
    assert len(set(PALETTE)) == len(PALETTE)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_colour_stands_out_from_white_by_three_to_one():
    assert all(1.05 / (luminance(one) + 0.05) >= 3 for one in PALETTE)


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
    assert searches.searched(search) == ["l2", "batch", "rate.kind"]
    kinds = [
        searches.search_chart(search, key).to_dict()["layer"][-1]["encoding"]["x"]["type"]
        for key in searches.searched(search)
    ]
    assert kinds == ["quantitative", "quantitative", "nominal"]
    assert values(searches.search_chart(search, "rate.kind"))[0]["value"] == "a"


def test_one_setting_that_runs_away_does_not_press_the_others_flat():
    figure = example_curves("linear")
    y = overlay.overlay(figure, "loss", legend=False).to_dict()["layer"][1]["encoding"]["y"]
    assert (y["title"], y["scale"]) == ("loss", {"zero": False})
    far = {
        name: Band(mean=[40.0] * 6, low=[39.0] * 6, high=[41.0] * 6) for name in ("train_loss", "val_loss")
    }
    runaway = figure.rows[0].model_copy(update={"row": "far", "curves": far})
    figure = figure.model_copy(update={"rows": [*figure.rows, *example_curves("deep").rows, runaway]})
    y = overlay.overlay(figure, "loss", legend=False).to_dict()["layer"][1]["encoding"]["y"]
    assert y["axis"]["title"] == "loss, logarithmic"
    assert y["scale"]["type"] == "log"
    rate = overlay.overlay(figure, "learning_rate", legend=False).to_dict()["layer"][0]["encoding"]["y"]
    assert rate["scale"] == {"zero": True}


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


def test_only_what_varies_has_an_axis():
    (search, _) = example_searches().searches
    points = [SearchPoint(values={"l2": 0.1, "batch": 8, "rate": {"start": 1}}, score=0.3, error=0.1)]
    search = search.model_copy(update={"replicates": [points]})
    assert searches.searched(search) == ["l2", "batch", "rate.start"]
    others = [
        points[0].model_copy(update={"values": {"l2": l2, "batch": 8, "rate": {"start": 1, "kind": kind}}})
        for l2, kind in ((0.1, "a"), (0.2, "b"))
    ]
    varied = search.model_copy(update={"replicates": [others], "inits": 1})
    assert searches.searched(varied) == ["l2", "rate.kind"]
    assert (
        searches.said(varied)
        == "best at l2 = 0.1, rate.kind = a: 0.3000 ± 0.1000 (standard error; 1 init a point)"
    )
    assert searches.searched(search.model_copy(update={"replicates": [[]]})) == []


def test_confusion_by_class():
    row = example_predictions("linear").rows[0]
    assert confusion.accuracy(row) == pytest.approx(20 / 30)
    assert confusion.per_class(row) == [0.7, 0.9, 0.4]
    assert confusion.per_class(row.model_copy(update={"counts": [[0, 0], [1, 1]]})) == [None, 0.5]
    cells = values(confusion.heat_map(row, ["a", "b", "c"]))
    assert [cell["count"] for cell in cells] == [7, 2, 1, 0, 9, 1, 3, 3, 4]
    assert confusion.confidence(row, row.mistakes[0]) == "90.0%"
    assert (
        confusion.confidence(row.model_copy(update={"confidence": "margin"}), row.mistakes[0]) == "margin 0.9"
    )


def test_settings_that_differ_in_the_init_alone_make_a_line():
    rows = [row for row in example_results().rows if row.recipe == "deep"]
    assert inits.init_groups(rows) == [
        ("without batch_norm", ["sigma 1", "sigma 2"]), ("batch_norm = true", ["normed 1", "normed 2"]),
    ]  # fmt: skip
    assert inits.init_groups([row for row in example_results().rows if row.recipe == "linear"]) == []
    spec = inits.draw_inits(example_curves("deep"), inits.init_groups(rows)).to_dict()
    titles = [panel["title"]["text"] for line in spec["vconcat"] for panel in line["hconcat"]]
    assert titles == [["sigma 1"], ["sigma 2"], ["normed 1"], ["normed 2"]]


def test_settings_are_told_nearly_as_toml_writes_them():
    assert as_toml({"start": 0.1, "kind": "a", "left": None}) == "start = 0.1, kind = a"
    nested = {"rate": [{"start": 1, "decay": 0.9}, 2], "on": True}
    assert as_toml(nested) == "rate = [{ start = 1, decay = 0.9 }, 2], on = true"


def test_charts_of_the_page_take_its_colours():
    assert themed({"a": [PALETTE[0], "x", 1 / 3]}) == {"a": ["var(--c0)", "x", 0.333333]}
    specs = Specs()
    placed = specs.place(overlay.overlay(example_curves("linear"), "loss", legend=False), "words\n")
    assert (placed.number, specs.specs[0]["description"]) == (0, "words ")
    assert "#" not in str(specs.config)
