"""Which arrays a step has been taken with is seen by how they have changed."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed.own_step import OwnStep

RNG = np.random.default_rng(0)
W, V, G = RNG.normal(size=(3, 3, 2))
GRADIENT = ArrayPlace("out[0]", "", G)
PARAMETERS = [ArrayPlace("own.W", "W", W), ArrayPlace("own.V", "V", V)]


def test_the_one_that_went_against_the_gradient_is_the_parameter():
    step = OwnStep({"W": W, "V": V - 0.1 * G})
    assert step.descended([GRADIENT], PARAMETERS) == {"out[0]": PARAMETERS[1]}
    assert not step.is_of_another(G, PARAMETERS[1])


@pytest.mark.parametrize(
    ("now", "another"),
    [(W + 0.1 * G, True), (0.9 * W - 0.1 * G, True), (W - 0.1 * np.sign(G), False), (W, False)],
    ids=["ascent", "decay", "another optimizer", "no step"],
)
def test_a_step_with_something_else_in_it(now, another):
    assert OwnStep({"W": now}).is_of_another(G, PARAMETERS[0]) is another


def test_without_a_next_call_nothing_is_told():
    assert OwnStep({}).descended([GRADIENT], PARAMETERS) == {}
