"""Tables of what another program left behind."""

from __future__ import annotations

from chainrule.records.figures import Band, CurvesFigure, RowCurves, SearchPoint
from chainrule.report.own_tables import MOST, ends_table, search_table
from support.runs import example_searches


def curve(*means: float | None) -> Band:
    return Band(epoch=list(range(len(means))), mean=list(means), low=list(means), high=list(means))


def test_a_curve_ends_at_its_last_number_and_a_setting_without_it_has_none():
    rows = [
        RowCurves(row="a", seeds=1, epoch=[0, 1, 2], learning_rate=[], curves={"train_loss": curve(2, 1, None)}),
        RowCurves(row="b", seeds=1, epoch=[0, 1], learning_rate=[], curves={"val_accuracy": curve(0.75, 0.5)}),
    ]  # fmt: skip
    made = ends_table(CurvesFigure(recipe="r", title="t", x="step", rows=rows))
    assert made.table.columns == [
        "setting", "training loss", "validation accuracy", "best validation accuracy", "at step",
    ]  # fmt: skip
    assert made.table.body == [["a", "1.0000", "-", "-", "-"], ["b", "-", "0.5000", "0.7500", "0"]]
    assert made.csv.splitlines()[1:] == ["a,1.0,,,", "b,,0.5,0.75,0"]


def test_of_a_loss_the_smallest_is_the_best_and_few_are_shown():
    (search, _) = example_searches().searches
    points = [SearchPoint(values={"l2": 0.1 * i}, score=float(i), error=0.5) for i in range(1, MOST + 3)]
    search = search.model_copy(update={"replicates": [points], "metric": "val_loss", "inits": 2})
    made = search_table(search)
    assert made.table.body[0] == ["0.1", "1.0000", "0.5000"]
    assert len(made.table.body) == MOST
    assert len(made.csv.splitlines()) == MOST + 3
