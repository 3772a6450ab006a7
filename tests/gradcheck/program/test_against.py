"""A gradient against another program's cost: whose numbers are asked for, which is which, and what does not fit."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.program.against import Against
from chainrule.gradcheck.program.local import LocalProgram


def cost(p, X, Y, lam):
    s = p["W"] @ X + p["b"]
    return -np.mean((Y * (s - np.log(np.exp(s).sum(axis=0)))).sum(axis=0)) + lam * np.sum(p["W"] ** 2)


def gradient(p, X, Y, lam):
    s = p["W"] @ X + p["b"]
    G = (np.exp(s) / np.exp(s).sum(axis=0) - Y) / X.shape[1]
    return {"W": G @ X.T + 2 * lam * p["W"], "b": G.sum(axis=1, keepdims=True)}


def drawn(classes: int, inputs: int, samples: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    parameters = {"W": rng.normal(size=(classes, inputs)), "b": rng.normal(size=(classes, 1))}
    X, Y = rng.normal(size=(inputs, samples)), np.eye(classes)[:, rng.integers(classes, size=samples)]
    return parameters, (X, Y, 0.1)


REFERENCE = LocalProgram(cost, gradient, *drawn(3, 6, 7))


def bent(p, X, Y, lam):
    return 0.0


def program(own_gradient=gradient, own_cost=bent, sizes=(3, 6, 7)) -> LocalProgram:
    return LocalProgram(own_cost, own_gradient, *drawn(*sizes, seed=1))


def outcome(checked: LocalProgram):
    return check(Against(REFERENCE, checked, "reference.py"), cost_is_given=True)


def test_the_cost_of_the_checked_program_is_never_asked():
    assert outcome(program()).right


@pytest.mark.parametrize("sizes", [(3, 6, 7), (4, 8, 9)])
def test_parameters_and_data_are_those_of_the_reference(sizes):
    seen = []

    def looking(p, X, Y, lam):
        seen.append((p["W"].shape, X.shape[0], lam))
        return gradient(p, X, Y, lam)

    given = Against(REFERENCE, program(looking, sizes=sizes), "reference.py").describe()
    np.testing.assert_array_equal(given.arrays[0], REFERENCE.describe().arrays[0])
    assert outcome(program(looking, sizes=sizes)).right
    assert {shape for shape, *_ in seen} == {(3, 6)}
    assert {inputs for _, inputs, _ in seen} == {6}


def test_a_wrong_gradient_is_named_with_its_line():
    def half(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return {"W": g["W"] - lam * p["W"], "b": g["b"]}

    found = outcome(program(half, lambda *a: cost(*a[:3], a[3] / 2)))
    assert (found.verdict, found.fault) == ("wrong", "gradient")
    assert found.causes[0].name == "regulariser-half"
    assert "- lam * p" in found.causes[0].line.text


def test_nothing_is_the_fault_of_the_reference():
    def summed(p, X, Y, lam):
        return {key: value * X.shape[1] for key, value in gradient(p, X, Y, 0).items()}

    def hinge_that_counts_the_margin(p, X, Y, lam):
        return cost(p, X, Y, lam) + 1.0

    assert outcome(program(summed)).fault == "gradient"
    shifted = LocalProgram(hinge_that_counts_the_margin, gradient, *drawn(3, 6, 7))
    assert check(Against(shifted, program(), "reference.py"), cost_is_given=True).right


def test_a_cost_of_the_reference_that_differs_from_call_to_call_is_refused():
    noise = np.random.default_rng(0)
    noisy = LocalProgram(lambda *a: cost(*a) + noise.normal(), gradient, *drawn(3, 6, 7))
    with pytest.raises(CheckError, match="the cost: three calls with the same arguments gave"):
        check(Against(noisy, program(), "reference.py"), cost_is_given=True)


def test_order_and_names_of_parameters_and_data_are_those_of_the_checked_program():
    def turned(b, weights, lam, Y, X):
        g = gradient({"W": weights, "b": b}, X, Y, lam)
        return g["b"], g["W"]

    p, (X, Y, lam) = drawn(3, 6, 7, seed=2)
    by_name = LocalProgram(
        lambda b, W, lam, Y, X: 0.0,
        turned,
        {"b": p["b"], "W": p["W"]},
        (lam, Y, X),
    )
    both = Against(REFERENCE, by_name, "reference.py")
    assert both.describe().names == ["b", "W"]
    assert check(both, cost_is_given=True).right


def test_parameters_without_common_names_go_by_place():
    listed = LocalProgram(bent, lambda p, *data: list(gradient({"W": p[0], "b": p[1]}, *data).values()),
                          list(drawn(3, 6, 7)[0].values()), drawn(3, 6, 7)[1])  # fmt: skip
    assert outcome(listed).right


P, (X, Y, LAM) = drawn(3, 6, 7)


@pytest.mark.parametrize(
    ("parameters", "data", "said"),
    [
        ({"W": P["W"]}, (X, Y, LAM), "its parameters are W, those of reference.py are W, b; both must have the same"),
        ({**P, "c": P["b"]}, (X, Y, LAM), "its parameters are W, b, c, those of reference.py are W, b"),
        ({"W": P["W"].T, "b": P["b"]}, (X, Y, LAM), "W is 6 x 3, and 3 x 6 in reference.py; arrays must lie the"),
        ({"W": P["W"], "b": P["b"][:, 0]}, (X, Y, LAM), "b is a vector of 3, and 3 x 1 in reference.py"),
        (P, (X, Y), "its gradient takes nothing else where reference.py has lam"),
        (P, (), "its gradient takes nothing else where reference.py has X, Y, lam"),
        (P, (X, Y, LAM, 0.5), "its gradient takes argument 3, argument 4 where reference.py has lam"),
        (P, (X.T, Y.T, LAM), "argument 1 is 7 x 6, and 6 x 7 in reference.py"),
    ],
)  # fmt: skip
def test_programs_that_do_not_fit_are_refused_in_one_line(parameters, data, said):
    checked = LocalProgram(lambda p, *data: 0.0, lambda p, *data: p, parameters, data)
    with pytest.raises(CheckError) as error:
        Against(REFERENCE, checked, "reference.py")
    (line,) = error.value.problems
    assert line.startswith(said)
