"""Whether programs draw at random, and whether cost and gradient drop the same units."""

import numpy as np
import pytest

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.draws import adds_up, draws, draws_alike

W = np.array([1.0, 2.0, 3.0])


def program(of_cost, of_gradient):
    """A sum of squares, whose cost and gradient draw so many numbers after NumPy's generator has begun anew."""

    def drawn(count):
        np.random.seed(0)  # noqa: NPY002
        return np.random.rand(count).sum() if count else 0.0  # noqa: NPY002

    return LocalProgram(lambda W: np.sum(W**2) + drawn(of_cost), lambda W: 2 * W + drawn(of_gradient), W)


@pytest.mark.parametrize(
    ("of_cost", "of_gradient", "alike"),
    [(2, 2, True), (0, 0, True), (2, 0, True), (0, 2, False), (2, 3, False)],
)
def test_as_many_numbers_are_drawn_by_both_or_those_of_the_cost_are_kept(of_cost, of_gradient, alike):
    assert draws_alike(program(of_cost, of_gradient)) is alike


def test_a_cost_that_is_another_each_time_draws_elsewhere():
    rng = np.random.default_rng(0)
    own = LocalProgram(lambda W: np.sum(W**2) + rng.random(), lambda W: 2 * W, W)
    assert not draws_alike(own)


def test_what_draws_and_what_does_not():
    assert not draws(LocalProgram(lambda W: np.sum(W**2), lambda W: 2 * W, W))
    assert draws(program(1, 0))


def test_a_cost_draws_for_its_gradient_too():
    def cost(W):
        return np.sum(W**2 * np.random.rand())  # noqa: NPY002

    assert draws(LocalProgram(cost, lambda W: 2 * W, W))


@pytest.mark.parametrize("begins", [True, False])
def test_a_gradient_that_is_added_to_the_last_one_is_another_the_second_time(begins):
    kept = np.zeros(3)

    def gradient(W):
        nonlocal kept
        kept = (0 if begins else kept) + 2 * W
        return kept

    assert adds_up(LocalProgram(lambda W: np.sum(W**2), gradient, W)) is not begins
