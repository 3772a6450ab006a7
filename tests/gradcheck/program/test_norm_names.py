"""What names mean beside scales and shifts of batch norm."""

import pytest

from chainrule.gradcheck.program.norm_names import norm_names


@pytest.mark.parametrize(("scale", "shift"), [("G", "B"), ("Gs", "Bs"), ("G_list", "B_list")])
def test_scales_and_shifts_are_told_beside_weights_and_biases(scale, shift):
    assert norm_names(["X", "Ws", "b", scale, shift]) == {scale: ("scale", None), shift: ("shift", None)}


@pytest.mark.parametrize("names", ["X W b G", "X W B G", "X W b g B", "W b G B gamma", "G B", "w b G B"])
def test_without_all_four_they_mean_what_they_mean_elsewhere(names):
    assert norm_names(names.split()) == {}
