"""Slopes of steps that treat each entry by itself."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.step_slopes import is_elementwise, slopes
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from support.recurrent_layer import PARAMETERS, checked, gradient, states


@pytest.fixture(scope="module")
def true():
    return TrueValues(checked(gradient).point)


def test_slopes_are_those_of_steps_that_treat_every_entry_by_itself(true):
    size = states(PARAMETERS)[0].size
    tanh = [slope for slope in slopes(true, size) if slope.of.text.startswith("np.tanh(")]
    assert any(np.allclose(slope.array, 1 - slope.of.array**2, rtol=1e-6) for slope in tanh)


def test_a_step_is_elementwise_where_an_entry_is_made_of_the_same_one(true):
    last = [each for each in true.every if each.at.text.startswith("np.tanh(")][-1]
    into = next(each for each in true.every if each.at.text.endswith('+ p["b"]') and each.at.occurrence == 2)
    product = next(
        each for each in true.every if each.at.text == 'h[t - 1] @ p["Wh"]' and each.at.occurrence == 2
    )
    state = next(each for each in true.every if each.at.text == "h[t - 1]" and each.at.occurrence == 2)
    assert is_elementwise(true, into, last)
    assert not is_elementwise(true, state, product)
