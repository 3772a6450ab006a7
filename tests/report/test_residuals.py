"""Predicted against measured numbers."""

from __future__ import annotations

import pytest

from chainrule.records.figures import ResidualsFigure
from chainrule.report import residuals

pytest.importorskip("altair")

FIGURE = ResidualsFigure(
    recipe="d.csv",
    title="d.csv: y",
    target="y",
    rows=40,
    quartiles=(-1.0, 0.25, 2.0),
    truth=[1.0, 3.0],
    predicted=[0.0, 4.0],
)


def test_a_point_a_row_and_the_line_on_which_they_are_right():
    chart = residuals.draw_residuals(FIGURE)
    line, points = residuals.scatter(FIGURE).layer
    assert line.data["values"] == [{"truth": 0.0, "predicted": 0.0}, {"truth": 4.0, "predicted": 4.0}]
    assert points.data["values"] == [{"truth": 1.0, "predicted": 0.0}, {"truth": 3.0, "predicted": 4.0}]
    assert chart.to_dict()["width"] == residuals.SIDE


def test_how_far_they_are_off_is_said_in_words():
    assert residuals.in_words(FIGURE) == "Half of the predictions are off by -1 to 2, the middle one by 0.25"
    assert residuals.subtitle(FIGURE) == "2 of 40 rows kept aside; on the line predictions are right"


def test_pairs_are_as_many():
    with pytest.raises(ValueError, match="2 numbers need as many predictions"):
        ResidualsFigure(**FIGURE.model_dump() | {"predicted": [1.0]})
