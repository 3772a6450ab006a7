"""Generators of random numbers put back to where they were."""

import numpy as np
import pytest

from chainrule.gradcheck.program.generators import put_state, state_of


@pytest.mark.parametrize("generator", [np.random.default_rng(1), np.random.RandomState(1)])
def test_a_generator_put_back_draws_the_same(generator):
    state = state_of(generator)
    first = generator.normal(size=3)
    assert not np.array_equal(generator.normal(size=3), first)
    put_state(generator, state)
    assert np.array_equal(generator.normal(size=3), first)
