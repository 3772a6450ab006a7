"""What is wrong with a value on the way back, from what it is and what it should be."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.naming import EXACT, names_at
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from support.recurrent_layer import checked, lost, of_sigmoid, variance_held


def names(wrong, *, norm=False):
    point = checked(wrong, norm=norm)
    true = TrueValues(point.point)
    (place,) = astray(point, true)
    return [named.bug.name for named in names_at(place, point, true, EXACT)]


@pytest.mark.parametrize(
    ("wrong", "norm", "name"),
    [
        (lost, False, "path-left-out"),
        (of_sigmoid, False, "derivative-wrong"),
        (variance_held, True, "path-left-out"),
    ],
    ids=["lost", "of sigmoid", "variance"],
)
def test_a_mistake_has_its_name(wrong, norm, name):
    assert names(wrong, norm=norm)[0] == name


def test_a_value_of_another_length_was_summed_along_another_axis():
    point = checked(lost)
    true = TrueValues(point.point)
    (place,) = astray(point, true)
    longer = Astray(place.given[:1], (np.zeros((2, 7)),), place.true[:1], place.tensors)
    (named,) = names_at(longer, point, true, EXACT)
    assert named.bug.name == "wrong-axis"
    assert "should have (2, 7)" in named.words
