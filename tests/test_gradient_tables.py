"""The table of a gradient check as reports print it."""

from __future__ import annotations

import csv

import numpy as np
import pytest

import chainrule
from chainrule.errors import SettingsError
from chainrule.gradient_tables import measured
from support.plain_nets import SMALL, squares, twice


def test_the_table_in_every_form():
    check = chainrule.check_gradient(squares, twice, SMALL, differences=True)
    latex = chainrule.gradient_table(check, name="a_b.py")
    assert latex.startswith("\\begin{table}")
    assert "a\\_b.py: differences of every entry" in latex
    assert latex.count("analytic-central") == 2
    assert "| w | analytic-central |" in chainrule.gradient_table(check, "markdown")
    lines = list(csv.DictReader(chainrule.gradient_table(check, "csv").splitlines()))
    assert [line["parameter"] for line in lines] == ["w"] * 3 + ["v"] * 3
    assert float(lines[1]["mean_absolute"]) == measured(check)[1].mean_absolute


def test_what_there_is_no_table_of_is_refused():
    check = chainrule.check_gradient(squares, twice, SMALL)
    with pytest.raises(SettingsError, match="has no differences"):
        chainrule.gradient_table(check)
    check = chainrule.check_gradient(squares, twice, SMALL, differences=True)
    with pytest.raises(SettingsError, match="is none of latex, csv, markdown"):
        chainrule.gradient_table(check, "html")


def test_a_gradient_of_another_shape_has_no_table_and_is_not_told_to_ask_for_one():
    check = chainrule.check_gradient(
        squares, lambda p: {"w": np.sum(2 * p["w"])}, {"w": np.ones(2)}, differences=True
    )
    assert not check.right
    with pytest.raises(SettingsError, match="except of gradients that are misshapen"):
        chainrule.gradient_table(check)
