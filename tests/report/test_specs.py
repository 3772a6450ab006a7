"""Charts in a page: its colours, short numbers, descriptions."""

from __future__ import annotations

from chainrule.report import overlay
from chainrule.report.specs import Specs, themed
from chainrule.report.style import PALETTE
from support.runs import example_curves


def test_charts_of_the_page_take_its_colours():
    assert themed({"a": [PALETTE[0], "x", 1 / 3]}) == {"a": ["var(--c0)", "x", 0.333333]}
    specs = Specs()
    placed = specs.place(overlay.overlay(example_curves("linear"), "loss", legend=False), "words\n")
    assert (placed.number, specs.specs[0]["description"]) == (0, "words ")
    assert "#" not in str(specs.config)
