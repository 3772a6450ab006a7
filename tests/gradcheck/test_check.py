"""The check as its users call it: verdicts, and causes with their lines."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.check import check
from chainrule.gradcheck.program.local import LocalProgram
from support.corpus.mutation import SHAPES, Mutation, build, seeded
from support.corpus.wrong import WRONG
from support.plain_nets import (
    D,
    H,
    K,
    X,
    Y,
    cost,
    drawn,
    forward,
    gradient,
    halved,
    named,
    squares,
    twice,
    verdicts,
)
from support.samples import one_in


def test_a_right_gradient_is_right():
    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1)
    assert outcome.right
    assert bool(outcome)
    assert outcome.verdict == "right"
    assert outcome.fault is None
    assert outcome.causes == ()
    assert verdicts(outcome) == dict.fromkeys(("W1", "b1", "W2", "b2"), "right")
    assert [t.shape for t in outcome.tensors] == [(H, D), (H, 1), (K, H), (K, 1)]
    assert [t.checked for t in outcome.tensors] == [H * D, H, K * H, K]
    assert max(t.difference for t in outcome.tensors) < 1e-12
    assert outcome.scheme == "complex step"
    assert outcome.cost == pytest.approx(cost(drawn(), X, Y, 0.1))
    assert outcome.analytic


def test_a_wrong_gradient_is_wrong_where_it_is_wrong():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.1)
    assert not outcome.right
    assert not bool(outcome)
    assert (outcome.verdict, outcome.fault) == ("wrong", "gradient")
    assert verdicts(outcome) == {"W1": "wrong", "b1": "right", "W2": "right", "b2": "right"}
    assert named(outcome) == ["regulariser-half"]
    assert outcome.causes[0].tensors == ("W1",)


def test_the_line_of_a_mistake_is_named():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.1)
    line = outcome.causes[0].line
    assert line.text.strip() == 'g["W1"] = g["W1"] - lam * p["W1"]'
    assert line.file == "plain_nets.py"
    assert line.number == inspect.getsourcelines(halved)[1] + 2


def test_a_gradient_of_a_wrong_shape_that_can_be_explained_is_named():
    def transposed(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return g | {"W1": g["W1"].T}

    outcome = check_gradient(cost, transposed, drawn(), X, Y, 0.1)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["transposed"])
    assert outcome.causes[0].tensors == ("W1",)


def test_a_bias_that_is_not_summed_is_named():
    def unsummed(p, X, Y, lam):
        _, P = forward(p, X)
        return gradient(p, X, Y, lam) | {"b2": (P - Y) / X.shape[1]}

    outcome = check_gradient(cost, unsummed, drawn(), X, Y, 0.1)
    assert named(outcome) == ["bias-broadcast"]
    assert outcome.causes[0].line.text.strip().startswith("return gradient(p, X, Y, lam) |")


def test_any_function_of_any_arrays_is_checked_without_being_read_as_a_net():
    x = np.array([0.5, -1.0, 2.0])
    assert check_gradient(lambda p: np.sin(p).sum(), np.cos, x).right
    outcome = check_gradient(lambda p: np.sin(p).sum(), lambda p: np.cos(p) + 0.01 * p**2, x)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["unknown"])
    assert outcome.causes[0].tensors == ("parameters",)


def test_a_gradient_of_the_wrong_sign_is_named_for_any_function():
    outcome = check_gradient(lambda p: np.sin(p).sum(), lambda p: -np.cos(p), np.array([0.5, -1.0, 2.0]))
    assert named(outcome) == ["wrong-sign"]


def test_parameters_that_are_single_numbers_are_checked():
    assert check_gradient(lambda p: p["a"] ** 3, lambda p: {"a": 3 * p["a"] ** 2}, {"a": 2.0}).right
    assert check_gradient(lambda p: p["a"] ** 3, lambda p: {"a": p["a"] ** 2}, {"a": 2.0}).verdict == "wrong"


def test_a_cost_given_with_the_loss_counts_by_its_first_number():
    assert check_gradient(lambda p: (np.sin(p).sum(), 99.0), np.cos, np.array([0.5, -1.0])).right


def test_the_same_seed_gives_the_same_result():
    first, second = (check_gradient(cost, halved, drawn(), X, Y, 0.1, seed=4) for _ in range(2))
    assert first == second
    assert first.as_dict() == second.as_dict()


def test_another_seed_gives_the_same_verdict():
    for seed in (1, 2):
        assert check_gradient(cost, gradient, drawn(), X, Y, 0.1, seed=seed).right
        assert named(check_gradient(cost, halved, drawn(), X, Y, 0.1, seed=seed)) == ["regulariser-half"]


def test_batch_norm_of_a_single_sample_is_diagnosed():
    def forward(p, x):
        deviation = x @ p["W"] - (x @ p["W"]).mean(axis=0)
        s_hat = deviation / np.sqrt((deviation**2).mean(axis=0) + 1e-5)
        scores = np.maximum(s_hat * p["gamma"] + p["beta"], 0) @ p["V"]
        return s_hat, scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))

    def loss(p, x, y):
        return -forward(p, x)[1][np.arange(len(y)), y].mean()

    def wrong(p, x, y):
        s_hat, logs = forward(p, x)
        out = s_hat * p["gamma"] + p["beta"]
        ds = (np.exp(logs) - np.eye(3)[y]) / len(y)
        dout = ds @ p["V"].T * (out > 0)
        zero = np.zeros_like(p["W"])
        return {
            "W": zero,
            "gamma": (dout * s_hat).sum(axis=0),
            "beta": 2 * dout.sum(axis=0),
            "V": np.maximum(out, 0).T @ ds,
        }

    rng = np.random.default_rng(0)
    p = {"W": (3, 4), "gamma": 4, "beta": 4, "V": (4, 3)}
    p = {name: rng.normal(size=shape) for name, shape in p.items()}
    outcome = check_gradient(loss, wrong, p, rng.normal(size=(1, 3)), np.array([1]))
    assert verdicts(outcome)["beta"] == "wrong"
    assert named(outcome) == ["wrong-factor"]


@pytest.mark.parametrize("mutation", one_in(4, WRONG[10::25]), ids=lambda mutation: mutation.name)
def test_without_causes_all_else_is_the_same(mutation: Mutation):
    shape = next(shape for shape in SHAPES[mutation.base] if mutation.shows(shape))

    def program() -> LocalProgram:
        parts = build(mutation.base, seeded(mutation.base, shape, 0), mutation)
        beside = {what: parts[what] for what in mutation.gives}
        return LocalProgram(parts["cost"], parts["gradient"], parts["parameters"], parts["data"], **beside)

    explained, sooner = check(program()), check(program(), explained=False)
    assert explained.causes
    assert sooner == replace(explained, causes=())


def test_a_parameter_without_entries_is_in_nobodys_way():
    parameters = {"empty": np.zeros((0, 3)), "W": np.ones((2, 3))}
    assert check_gradient(squares, twice, parameters).right
    assert not check_gradient(squares, lambda p: {name: 3 * a for name, a in p.items()}, parameters).right


def test_gradients_that_overflow_are_wrong():
    huge = check_gradient(squares, lambda p: {"W": np.full(3, 1.7e308)}, {"W": np.ones(3)})
    assert huge.verdict == "wrong"
