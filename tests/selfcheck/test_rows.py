"""Comparisons of whole nets: entries that are spread, and how many costs are done."""

from __future__ import annotations

from chainrule.data import datasets
from chainrule.experiments import recipes
from chainrule.selfcheck import checked_nets, gradient_differences, starts
from chainrule.selfcheck.start import Start


def two_layers() -> list[Start]:
    digits = datasets.load("digits")
    recipe = recipes.adapted(recipes.load("two_layer"), digits)
    return starts(checked_nets(recipe), digits, samples=20, seed=0)


def test_forward_differences_and_complex_step_of_some_entries():
    rows = gradient_differences(two_layers(), spread=100)
    entries = {(row.parameter, row.compared): row.entries for row in rows}
    assert entries["W1", "analytic-central"] == 3200
    assert entries["W1", "analytic-complex"] == entries["W1", "forward-central"] == 100
    assert entries["b2", "analytic-complex"] == 10
    assert {row.verdict for row in rows} == {"right", None}


def test_progress_rises_to_all_costs_and_no_further():
    told = []
    gradient_differences(two_layers(), lambda done, total: told.append((done, total)), spread=100)
    assert told == sorted(told)
    assert {total for _, total in told} == {told[-1][0]}
