"""Names at the ends of lines."""

from __future__ import annotations

import itertools

import pytest

from chainrule.records.figures import Band, RowCurves
from chainrule.report.curves import metric_panels
from chainrule.report.ends import apart, draw_ends


def test_names_of_lines_that_end_together_stand_below_each_other_inside_the_chart():
    placed = apart([0.0, 1.0, 2.0, 149.0, 150.0], 150)
    assert all(below - above >= 12 for above, below in itertools.pairwise(placed))
    assert placed[0] == 0
    assert placed[-1] == 150
    assert apart([80.0, 10.0], 150) == [80.0, 10.0]


@pytest.mark.parametrize("steep", [1.0, 1e6])
def test_each_split_is_named_where_its_line_ends(steep):
    curves = {
        name: Band(mean=[steep, 1.0, end], low=[steep, 1.0, end], high=[steep, 1.0, end])
        for name, end in (("train_loss", 0.5), ("val_loss", None))
    }
    row = RowCurves(row="a", seeds=1, epoch=[0, 1, 2], learning_rate=[], curves=curves)
    (panel,) = metric_panels([row], "loss")
    train, validation = (chart.to_dict() for chart in draw_ends(panel, 150))
    assert [chart["mark"]["text"] for chart in (train, validation)] == ["train", "validation"]
    # A run that diverged is named where its line stops.
    places = [next(iter(chart["datasets"].values())) for chart in (train, validation)]
    assert places == [[{"epoch": 2}], [{"epoch": 1}]]
    assert validation["encoding"]["y"]["value"] < train["encoding"]["y"]["value"] <= 150
