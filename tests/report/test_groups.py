"""Charts under one legend: which there are, and what is said in words instead."""

from __future__ import annotations

import pytest

from chainrule.records.figures import Band, CurvesFigure, RowCurves
from chainrule.report.groups import MOST_IN_ONE, group, small_multiples
from chainrule.report.specs import Specs


def curves(**rates):
    rows = [
        RowCurves(
            row=name, seeds=1, epoch=[0, 1], learning_rate=list(own),
            curves={"train_loss": Band(mean=[2.0, 1.0], low=[2.0, 1.0], high=[2.0, 1.0])},
        )
        for name, own in rates.items()
    ]  # fmt: skip
    return CurvesFigure(recipe="r", title="t", rows=rows)


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ({"a": [0.1, 0.1]}, "The learning rate is 0.1 throughout."),
        (
            {"a": [0.1, 0.1], "b": [0.01, 0.01], "c": [0.1, 0.1]},
            'Learning rates are constant: 0.01 with "b"; 0.1 with the others.',
        ),
    ],
)
def test_rates_that_never_change_are_words_and_no_chart(rates, told):
    specs = Specs()
    made = group(curves(**rates), specs)
    assert made.rates == told
    assert len(made.charts) == len(specs.specs) == 1


def test_where_one_rate_changes_all_are_drawn():
    made = group(curves(a=[0.1, 0.1], b=[0.1, 0.05]), Specs())
    assert made.rates == ""
    assert ["learning rate" in chart.description for chart in made.charts] == [False, True]


def test_of_many_settings_each_has_charts_of_its_own():
    names = [f"s{i}" for i in range(MOST_IN_ONE + 1)]
    specs = Specs()
    (row,) = small_multiples(curves(**{name: [0.1, 0.1] for name in names}), specs)
    assert row.heading == "loss; one seed; numbers: where lines end"
    named = [layer["mark"]["text"] for layer in specs.specs[0]["layer"] if layer["mark"]["type"] == "text"]
    assert named == ["train"]
    assert [title for title, _ in row.charts] == [f"{name}\ntrain 1.00" for name in names]
    axes = [spec["layer"][0]["encoding"]["y"]["scale"]["domain"] for spec in specs.specs]
    assert all(axis == axes[0] for axis in axes)
    assert small_multiples(curves(**{name: [0.1, 0.1] for name in names[1:]}), specs) == []
