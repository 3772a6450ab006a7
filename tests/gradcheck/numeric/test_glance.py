"""Another setting of a program that is right: what a glance calls right, and what it leaves to a closer look."""

import numpy as np
import pytest

from chainrule.gradcheck.numeric import glance
from chainrule.gradcheck.program.local import LocalProgram

X = np.array([[0.3, -1.2, 2.0], [0.7, 0.1, -0.4]])


def is_right(gradient, *, zero=(), parameters=None, cost=None, data=(), runs=None):
    def counted(p, *given):
        if runs is not None:
            runs.append(1)
        return (cost or (lambda p, *_: np.sum(np.sin(p["x"]) ** 2) + 0 * np.sum(p["b"])))(p, *given)

    program = LocalProgram(counted, gradient, parameters or {"x": X, "b": np.ones(2)}, data)
    return glance.is_right(program, zero, np.random.default_rng(0))


def right(p, *_):
    return {"x": np.sin(2 * p["x"]), "b": 0 * p["b"]}


def one_entry_off(p, *_):
    g = np.sin(2 * p["x"])
    g[1, 2] *= 1.00001
    return {"x": g, "b": 0 * p["b"]}


def off_elsewhere(p, *_):
    return {"x": np.sin(2 * p["x"]) + (p["x"] - X), "b": 0 * p["b"]}


def changing(p, *_):
    p["x"] += 1e-3
    return {"x": np.sin(2 * (p["x"] - 1e-3)), "b": 0 * p["b"]}


def of_another_shape(p, *_):
    return {"x": np.sin(2 * p["x"])[:1], "b": 0 * p["b"]}


def test_a_right_gradient_is_right_in_few_runs():
    runs = []
    assert is_right(right, zero={"b"}, runs=runs)
    assert len(runs) < 30


@pytest.mark.parametrize("gradient", [one_entry_off, off_elsewhere, changing, of_another_shape])
def test_what_is_not_right_at_both_points_is_looked_at_closer(gradient):
    assert not is_right(gradient, zero={"b"})


def test_a_gradient_that_is_lost_in_noise_is_looked_at_closer_unless_it_was_0_before():
    assert not is_right(right)


def test_a_cost_that_draws_is_looked_at_closer():
    rng = np.random.default_rng(0)
    assert not is_right(right, zero={"b"}, cost=lambda p: np.sum(np.sin(p["x"]) ** 2) + rng.normal())


def test_a_cost_that_may_be_a_nets_is_looked_at_closer():
    y = np.array([0, 2, 1, 1])
    inputs = np.random.default_rng(0).normal(size=(4, 2))

    def cost(p, X, y):
        return np.mean((X @ p["W"])[np.arange(4), y])

    def gradient(p, X, y):
        return {"W": X.T @ np.eye(3)[y] / 4}

    W = {"W": np.ones((2, 3))}
    assert not is_right(gradient, parameters=W, cost=cost, data=(inputs, y))
