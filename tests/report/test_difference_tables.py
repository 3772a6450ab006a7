"""The table of differences: what stands in which column."""

from __future__ import annotations

from chainrule.records.gradients import MeasuredDifference
from chainrule.report.difference_tables import differences_csv, differences_table

ROW = MeasuredDifference(
    parameter="W1",
    compared="analytic-central",
    entries=18,
    kinks=0,
    smallest_relative=0.0,
    largest_relative=1e-7,
    mean_relative=2e-8,
    relative_norm=None,
    largest_absolute=3e-9,
    mean_absolute=4e-10,
    share_below=0.5,
)


def test_a_column_a_figure():
    table = differences_table("net.py", [ROW, ROW])
    line = ["W1", "analytic-central", "-", "0", "2.0e-08", "1.0e-07", "4.0e-10", "3.0e-09", "50.0%"]
    assert table.body == [line, ["", *line[1:]]]
    assert table.columns[2:4] == ["norm rel.", "smallest rel."]


def test_csv_has_every_digit():
    head, line = differences_csv([ROW]).splitlines()
    assert head.startswith("parameter,compared,entries,smallest_relative,")
    assert line.startswith("W1,analytic-central,18,0.0,")
