"""Counts of predicted and true classes."""

from __future__ import annotations

import pytest

from chainrule.report import confusion
from support.charts import values
from support.runs import example_predictions


def test_confusion_by_class():
    figure = example_predictions("linear")
    row = figure.rows[0]
    assert confusion.rows_text(figure, row) == "images of the test split"
    assert confusion.rows_text(figure, row.model_copy(update={"seed": None})) == "images kept aside"
    assert confusion.accuracy(row) == pytest.approx(20 / 30)
    assert confusion.per_class(row) == [0.7, 0.9, 0.4]
    assert confusion.per_class(row.model_copy(update={"counts": [[0, 0], [1, 1]]})) == [None, 0.5]
    cells = values(confusion.heat_map(row, ["a", "b", "c"]))
    assert [cell["count"] for cell in cells] == [7, 2, 1, 0, 9, 1, 3, 3, 4]
    assert confusion.confidence(row, row.mistakes[0]) == "90.0%"
    assert (
        confusion.confidence(row.model_copy(update={"confidence": "margin"}), row.mistakes[0]) == "margin 0.9"
    )
