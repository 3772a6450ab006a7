"""Generators without a seed."""

import numpy as np
import pytest

from chainrule.gradcheck.program.unseeded import follow_seed


@pytest.fixture
def following(monkeypatch):
    monkeypatch.setattr(np.random, "default_rng", np.random.default_rng)
    monkeypatch.setattr(np.random, "seed", np.random.seed)
    follow_seed()


def test_a_generator_without_a_seed_follows_that_of_numpy(following):
    def drawn(seed):
        np.random.seed(seed)  # noqa: NPY002
        return np.random.default_rng().random()

    assert drawn(1) == drawn(1) != drawn(2)


def test_one_with_a_seed_is_as_it_was(following):
    assert np.random.default_rng(3).random() == np.random.Generator(np.random.PCG64(3)).random()


def test_it_takes_nothing_from_that_of_numpy(following):
    np.random.seed(3)  # noqa: NPY002
    np.random.default_rng()
    assert np.random.rand() == np.random.RandomState(3).rand()  # noqa: NPY002
