"""A gradient beside central and forward differences."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule
from chainrule.gradcheck.numeric.methods import apart, by_methods
from support.plain_nets import SMALL, squares, twice
from support.points import point_of


def test_a_right_gradient_lies_near_both_quotients():
    at = point_of(squares, twice, SMALL)
    found = {(own.parameter, own.compared): own.gap for own in by_methods(at, at.gradient())}
    assert list(found)[:3] == [("w", "analytic-central"), ("w", "analytic-forward"), ("w", "forward-central")]
    assert len(found) == 6
    for name, array in SMALL.items():
        central, forward = found[name, "analytic-central"], found[name, "analytic-forward"]
        assert central.entries == array.size
        assert central.relative_norm < 1e-9
        assert forward.relative_norm < 1e-6
        assert central.share_below == 1


def test_a_wrong_entry_shows_in_the_figures():
    at = point_of(squares, twice, SMALL)
    w, v = at.gradient()
    gap = by_methods(at, [w + np.array([0.5, 0.0]), v])[0].gap
    assert np.isclose(gap.largest_absolute, 0.5)
    assert gap.share_below == 0.5


def test_a_check_has_them_where_they_are_asked_for():
    assert chainrule.check_gradient(squares, twice, SMALL).differences == ()
    found = chainrule.check_gradient(squares, twice, SMALL, differences=True)
    assert [own.parameter for own in found.differences] == ["w"] * 3 + ["v"] * 3
    assert found.as_dict()["differences"][0]["gap"]["entries"] == 2


def test_the_figures_are_those_of_their_definitions():
    a, b = np.array([1.0, -2.0, 1e-9]), np.array([1.0, -2.5, 0.0])
    gap = apart(a, b, kinks=1)
    assert (gap.entries, gap.kinks) == (3, 1)
    assert gap.largest_absolute == 0.5
    assert gap.mean_absolute == pytest.approx(0.5 / 3)
    assert (gap.smallest_relative, gap.largest_relative) == (0, pytest.approx(0.5 / 4.5))
    assert gap.mean_relative == pytest.approx((0.5 / 4.5 + 1e-3) / 3)
    assert gap.relative_norm == pytest.approx(0.5 / (np.linalg.norm(a) + np.linalg.norm(b)))
    assert gap.share_below == pytest.approx(2 / 3)
