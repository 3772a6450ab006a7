"""Generators without a seed: the same numbers in every call, and as before afterwards."""

import random

import numpy as np
import pytest

from chainrule.gradcheck.passes.draws import RepeatedDraws

GENERATOR = np.random.default_rng(0)
OLDER = np.random.RandomState(0)


def shared():
    return random.random(), np.random.rand(), np.random.randn()  # noqa: NPY002


def beside():
    return GENERATOR.random(), OLDER.randn()


def of_closure(own):
    return lambda: own.normal(size=1)[0]


@pytest.mark.parametrize("draw", [shared, beside, of_closure(np.random.default_rng(1))])
def test_what_is_drawn_again_is_the_same_and_elsewhere_another(draw):
    with RepeatedDraws(draw) as draws:
        first = draw()
        draws.put_back()
        assert draw() == first
        draws.put_elsewhere()
        assert draw() != first
    assert draw() == first
