"""Gradients that are clipped."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.clipping import (
    bound,
    is_clipped,
    is_reached,
    may_be_reached,
    times_smaller,
)


def program(gradient, start):
    text = (
        "def chainrule_check(rng):\n"
        f"    return dict(parameters=dict(W=np.array({start}), b=np.array({start})), data=(),\n"
        "                cost=lambda W, b: ((W**2).sum() + (b**2).sum()) / 2,\n"
        f"                gradient=lambda W, b: {gradient})"
    )
    return declared(text, {"np": np}, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("gradient", "at"),
    [
        ("[np.clip(g, -5, 5) for g in (W, b)]", 5.0),
        ("[np.clip(g, -0.25, 0.25) for g in (W, b)]", 0.25),
        ("[g * min(1, 2 / np.linalg.norm(g)) for g in (W, b)]", 2.0),
        ("[g * min(1, 5 / (np.hypot(*W) ** 2 + np.hypot(*b) ** 2) ** 0.5) for g in (W, b)]", 5.0),
        ("[W, b]", None),
        ("[np.tanh(W) / 3, np.tanh(b) / 3]", None),
        ("1 / 0", None),
    ],
)
def test_a_bound_is_a_written_number_at_which_large_gradients_stop(gradient, at):
    found = bound(program(gradient, [0.617, -0.823]))
    assert (found and found.at) == at


def test_one_entry_at_a_written_number_may_be_clipped_and_one_of_many_digits_is_not():
    clipped = "[np.clip(g, -0.5, 0.5) for g in (W, b)]"
    assert may_be_reached(program(clipped, [0.617, -0.3123]))
    assert not may_be_reached(program(clipped, [0.4171, -0.3123]))
    assert not may_be_reached(program("[0 * W, 0 * b]", [0.4171, -0.3123]))


def test_large_parameters_show_a_bound_though_there_are_data():
    text = (
        "def chainrule_check(rng):\n"
        "    return dict(parameters=dict(W=rng.normal(size=4)), data=(0.3,),\n"
        "                cost=lambda W, x: x * (W**2).sum(), gradient=lambda W, x: np.clip(40 * x * W, -3, 3))"
    )
    made = declared(text, {"np": np}, np.random.default_rng(0))
    assert bound(made) is None
    assert bound(made, with_large_parameters=True).at == 3.0


def test_a_net_that_takes_just_so_many_steps_is_given_large_labels():
    text = (
        "def chainrule_check(rng):\n"
        "    return dict(parameters=dict(W=rng.normal(size=(3, 7))), data=(np.eye(3)[:, rng.integers(3, size=7)],),\n"
        "                cost=lambda W, Y: ((W - Y[:, :7])**2).sum() / 2,\n"
        "                gradient=lambda W, Y: [np.clip(W - Y.reshape(3, 7), -4, 4)])"
    )
    at = bound(
        declared(
            text.replace("(np.eye", "(rng.normal(size=(6, 7)), np.eye").replace("W, Y", "W, X, Y"),
            {"np": np},
            np.random.default_rng(0),
        )
    )
    assert at is not None
    assert at.words == "clipped to [-4, 4]"


@pytest.mark.parametrize(("start", "reached"), [([0.5, -3.9], False), ([0.5, -5.3], True)])
def test_it_is_reached_where_an_entry_lies_at_it(start, reached):
    clipped = program("[np.clip(g, -5, 5) for g in (W, b)]", start)
    at = bound(clipped)
    assert at is not None
    assert is_reached(clipped, at) is reached


def of_samples(gradient):
    text = (
        "def chainrule_check(rng):\n"
        "    return dict(parameters=dict(W=rng.normal(size=(3, 2)) / 3),\n"
        "                data=(rng.normal(size=(7, 3)), 4 * rng.normal(size=(7, 2))),\n"
        "                cost=lambda W, X, Y: ((X @ W - Y)**2).sum() / 2 / len(X),\n"
        f"                gradient=lambda W, X, Y: {gradient})"
    )
    return declared(text, {"np": np}, np.random.default_rng(0))


def test_a_bound_may_be_reached_by_the_gradient_of_one_sample_alone():
    mean = "X.T @ (X @ W - Y) / len(X)"
    clipped = of_samples(f"np.clip({mean}, -3, 3)")
    at = bound(clipped, with_large_parameters=True)
    given = clipped.describe()
    assert at is not None
    assert at.share(clipped.gradient(given.arrays, given.data).arrays) < 0.9
    assert is_reached(clipped, at)


def test_what_is_larger_elsewhere_was_no_bound():
    mean = "np.clip(X.T @ (X @ W - Y) / len(X), -3, 3)"
    more_for_one = f"{mean} * (2 if len(X) == 1 else 1)"
    assert bound(of_samples(mean), with_large_parameters=True) is not None
    assert bound(of_samples(more_for_one), with_large_parameters=True) is None


def test_parameters_are_made_smaller_until_the_gradient_stays_far_below_its_bound():
    def times(gradient):
        return times_smaller(lambda n: program(gradient, [3.617 / n, -4.823 / n]))

    assert times("[np.clip(g, -5, 5) for g in (W, b)]") == 4
    assert times("[np.clip(g, -50, 50) for g in (W, b)]") == 1
    assert times("[np.clip(9 * g, -5, 5) for g in (W, b)]") == 8
    assert times("[W, b]") == 1


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ("np.clip(g, -1, 1)", True),
        ("g * min(1, 0.1 / np.linalg.norm(g))", True),
        ("2 * g", False),
        ("0 * g", False),
        ("g.sum() - 1.00000000000001 * g.sum() + 0 * g", False),
        ("np.tanh(g)", False),
        ("g * np.exp(-(g**4))", False),
        ("g + g.sum() ** 2", False),
        ("np.sign(g)", False),
    ],
)
def test_what_is_clipped_is_in_proportion_exactly_up_to_a_bound(made, wanted):
    text = (
        "def chainrule_check(rng):\n    return dict(parameters=dict(W=np.ones(2)), data=(np.array([3.0, 0.5]),),\n"
        f"                cost=lambda W, g: g @ W, gradient=lambda W, g: dict(W={made}))"
    )
    assert is_clipped(declared(text, {"np": np}, np.random.default_rng(0)), 2.0**-10) is wanted
