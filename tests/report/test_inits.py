"""Settings that differ in the init alone, beside one another."""

from __future__ import annotations

from chainrule.report import inits
from support.runs import example_curves, example_results


def test_settings_that_differ_in_the_init_alone_make_a_line():
    rows = [row for row in example_results().rows if row.recipe == "deep"]
    assert inits.init_groups(rows) == [
        ("without batch norm", ["sigma 1", "sigma 2"]), ("with batch norm", ["normed 1", "normed 2"]),
    ]  # fmt: skip
    assert inits.init_groups([row for row in example_results().rows if row.recipe == "linear"]) == []
    spec = inits.draw_inits(example_curves("deep"), inits.init_groups(rows)).to_dict()
    titles = [panel["title"]["text"] for line in spec["vconcat"] for panel in line["hconcat"]]
    assert titles == [["sigma 1"], ["sigma 2"], ["normed 1"], ["normed 2"]]
