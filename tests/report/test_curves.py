from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

from chainrule.records.figures import CurvesFigure
from chainrule.report.curves import Domain, draw_curves, fitted, metric_panels, seeds_text, wrapped
from support.runs import example_curves

CurvesOf = Callable[..., CurvesFigure]


def panels(chart: alt.TopLevelMixin) -> list[dict[str, Any]]:
    """The panels of a drawn figure with their data in place."""
    spec = chart.to_dict()
    found = []
    for block in spec["vconcat"]:
        for panel in block["concat"]:
            layer = panel["layer"][0]
            data = panel.get("data") or layer["data"]
            found.append(
                panel | {"values": spec["datasets"][data["name"]] if "name" in data else data["values"]}
            )
    return found


def domain(panel: dict[str, Any]) -> list[float]:
    scale: dict[str, Any] = panel["layer"][-1]["encoding"]["y"]["scale"]
    values: list[float] = scale["domain"]
    return values


def marks(panel: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in panel["layer"]]


def test_each_panel_has_its_metric_of_its_setting(curves_of: CurvesOf) -> None:
    figure = curves_of(["a", "b"], base={1: [0.3, 0.2, 0.1, 0.1, 0.05]})
    drawn = panels(draw_curves(figure))
    assert len(drawn) == 6
    assert [panel["title"]["text"] for panel in drawn[:2]] == [["a"], ["b"]]
    assert not any("title" in panel for panel in drawn[2:])
    band = figure.rows[1].curves["val_loss"]
    points = [point for point in drawn[1]["values"] if point["split"] == "validation"]
    assert [point["epoch"] for point in points] == figure.rows[1].epoch
    for key in ("mean", "low", "high"):
        assert [point[key] for point in points] == getattr(band, key)


def test_a_metric_that_nobody_has_takes_no_panels_and_no_colours(curves_of: CurvesOf) -> None:
    figure = curves_of(["a"])
    (row,) = figure.rows
    kept = {name: band for name, band in row.curves.items() if not name.endswith("loss")}
    drawn = panels(draw_curves(figure.model_copy(update={"rows": [row.model_copy(update={"curves": kept})]})))
    metrics = [panel["layer"][-1]["encoding"]["y"]["axis"]["title"] for panel in drawn]
    assert "loss" not in metrics
    assert all(panel["layer"][-1]["encoding"]["color"]["scale"]["range"] for panel in drawn)
    assert [bool(panel["layer"] and panel.get("title")) for panel in drawn] == [
        True,
        *[False] * (len(drawn) - 1),
    ]


def test_title_and_seeds_are_said(curves_of: CurvesOf) -> None:
    title = draw_curves(curves_of(["a"])).to_dict()["title"]
    assert title["text"] == ["Linear"]
    assert title["subtitle"] == "lines: mean of 3 seeds; bands: smallest to largest"


def test_seeds_that_differ_by_setting(curves_of: CurvesOf) -> None:
    rows = curves_of(["a"], seeds=2).rows + curves_of(["b"], seeds=5).rows
    assert seeds_text(rows) == "lines: mean of 2 to 5 seeds; bands: smallest to largest"


def test_one_seed_has_no_band(curves_of: CurvesOf) -> None:
    assert [marks(panel) for panel in panels(draw_curves(curves_of(["a"], seeds=1)))] == [["line"]] * 3
    assert [marks(panel) for panel in panels(draw_curves(curves_of(["a"], seeds=2)))] == [
        ["area", "line"]
    ] * 3


def test_nulls_stay_nulls(curves_of: CurvesOf) -> None:
    panel = panels(draw_curves(curves_of(["a"], base={0: [2.0, None, 1.5, None, None]})))[0]
    train = [point["mean"] for point in panel["values"] if point["split"] == "train"]
    assert train == [2.0, None, 1.5, None, None]


@pytest.mark.parametrize("seeds", [1, 3])
def test_a_setting_without_any_value_is_drawn(curves_of: CurvesOf, seeds: int) -> None:
    drawn = panels(draw_curves(curves_of(["a", "b"], seeds=seeds, base={1: [None] * 5})))
    assert domain(drawn[0]) == domain(drawn[1])


def test_settings_alike_share_an_axis(curves_of: CurvesOf) -> None:
    drawn = panels(draw_curves(curves_of(["a", "b"], base={1: [0.6, 0.5, 0.4, 0.3, 0.2]})))
    assert domain(drawn[0]) == domain(drawn[1])
    assert drawn[0]["layer"][-1]["encoding"]["y"]["axis"]["labels"]
    assert not drawn[1]["layer"][-1]["encoding"]["y"]["axis"]["labels"]


@pytest.mark.parametrize("names", [["a", "b"], ["a", "b", "c", "d"]])
def test_a_diverging_setting_squashes_no_other(curves_of: CurvesOf, names: list[str]) -> None:
    drawn = panels(draw_curves(curves_of(names, base={0: [2.0, 2.5, 1e3, 1e9, None]})))
    assert domain(drawn[0])[1] > 1e9
    assert all(domain(panel)[1] < 1 for panel in drawn[1 : len(names)])
    assert drawn[1]["layer"][-1]["encoding"]["y"]["axis"]["labels"]


def test_domains() -> None:
    assert fitted([]) == Domain(0.0, 1.0)
    assert fitted([1.0, 2.0]) == Domain(0.95, 2.05)
    assert fitted([2.0]) == Domain(1.9, 2.1)
    assert fitted([0.0]) == Domain(-0.5, 0.5)
    assert fitted([1.0, 2.0, 2.0, 1e9]) == Domain(1.0, 1e9, log=True)
    # A loss that falls to nothing is not a loss that runs away.
    assert not fitted([2.3, 1.0, 0.5, 1e-5]).log


@pytest.mark.parametrize(
    ("count", "lengths"), [(1, [1]), (4, [4]), (5, [3, 2]), (6, [3, 3]), (9, [3, 3, 3]), (10, [4, 4, 2])]
)
def test_settings_are_wrapped_evenly(count: int, lengths: list[int]) -> None:
    lines = wrapped(count)
    assert [line.stop - line.start for line in lines] == lengths
    assert [i for line in lines for i in range(count)[line]] == list(range(count))


def test_long_runs_are_drawn(curves_of: CurvesOf) -> None:
    chart = draw_curves(curves_of(["a"], epochs=2600, seeds=1))
    assert len(panels(chart)[0]["values"]) == 5200


def test_a_split_has_one_colour_in_all_panels_though_some_lack_it():
    figure = example_curves("linear")
    first, *others = figure.rows
    tested = first.curves | {"test_accuracy": first.curves["val_accuracy"]}
    rows = [first.model_copy(update={"curves": tested}), *others]
    panels = [panel for metric in ("loss", "accuracy") for panel in metric_panels(rows, metric)]
    assert {tuple(panel.splits) for panel in panels} == {("train", "val", "test")}
