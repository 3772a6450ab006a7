"""Gradients of another shape than their parameters'."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.diagnosis.misshapen import misshapen
from support.points import point_of

RNG = np.random.default_rng(5)
X = RNG.standard_normal((7, 4))
PARAMETERS = {"W": RNG.standard_normal((4, 3)), "b": RNG.standard_normal(3), "V": RNG.standard_normal((3, 4))}
WEIGHTS = RNG.standard_normal((7, 3))


def cost(p):
    return (WEIGHTS * (X @ p["W"] + p["b"])).sum() / 7 + (p["V"].T * p["W"] ** 2).sum()


def gradient(p):
    G = WEIGHTS / 7
    return {"W": X.T @ G + 2 * p["W"] * p["V"].T, "b": G.sum(axis=0), "V": p["W"].T ** 2}


def judged(change):
    def wrong(p):
        return gradient(p) | change(p, gradient(p))

    point = point_of(cost, wrong, PARAMETERS)
    return misshapen(point, point.returned(), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        (lambda p, g: {"W": g["W"].T}, "transposed", "W: has shape (3, 4), the parameter (4, 3): it is the transpose"),
        (lambda p, g: {"W": g["W"].reshape(2, 6)}, "reshaped", "the entries are right, the shape is not"),
        (lambda p, g: {"W": g["W"].reshape(6, 2, order="F")}, "reshaped", "the entries are right, the shape is not"),
        (lambda p, g: {"W": g["W"].reshape(-1)}, "reshaped", "the entries are right, the shape is not"),
        (lambda p, g: {"b": g["b"].sum()}, "bias-summed-over-all", "it is the sum over samples and units"),
        (lambda p, g: {"b": WEIGHTS / 7}, "bias-broadcast", "b: has shape (7, 3), the parameter (3,): it is not"),
        (lambda p, g: {"b": WEIGHTS.T / 7}, "bias-broadcast", "it is not summed over the samples"),
        (lambda p, g: {"b": np.tile(g["b"], (7, 1))}, "bias-broadcast", "it is repeated for every sample"),
        (lambda p, g: {"W": g["V"]}, "swapped", "W: has the shape and the values of the gradient of V"),
    ],
)  # fmt: skip
def test_the_numbers_say_how_a_shape_came_about(change, name, words):
    found_out = judged(change)
    (finding,) = found_out.findings
    assert (finding.cause.name, finding.fault) == (name, "gradient")
    assert words in finding.cause.evidence
    (tensor,) = found_out.tensors
    assert ((tensor.name,), tensor.verdict) == (finding.cause.tensors, "wrong")
    assert tensor.shape == PARAMETERS[tensor.name].shape
    assert tensor.difference == float("inf")
    assert found_out.numeric.scheme == "complex step"


def test_every_wrong_shape_has_its_cause():
    findings = judged(lambda p, g: {"W": g["W"].T, "b": WEIGHTS / 7}).findings
    assert [finding.cause.name for finding in findings] == ["transposed", "bias-broadcast"]


@pytest.mark.parametrize("shape", [(3,), (3, 1), (1, 3)])
def test_right_shapes_and_vectors_that_lie_otherwise_are_passed_over(shape):
    assert judged(lambda p, g: {"b": g["b"].reshape(shape)}) is None


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda p, g: {"W": 2 * g["W"].T}, ["W"]),
        (lambda p, g: {"b": np.zeros((7, 3))}, ["b"]),
        (lambda p, g: {"b": np.zeros((2, 2))}, ["b"]),
        (lambda p, g: {"W": g["W"].T, "b": np.zeros(5)}, ["W", "b"]),
    ],
    ids=["twice the transpose", "zeros", "another size", "one of two"],
)
def test_a_shape_that_nothing_explains_is_wrong_beside_right_ones(change, names):
    causes = [finding.cause for finding in judged(change).findings]
    assert [(cause.name, *cause.tensors) for cause in causes] == [("unknown", name) for name in names]
    assert all("has shape" in cause.evidence for cause in causes)


@pytest.mark.parametrize(
    "others",
    [lambda g: {"V": 2 * g["V"]}, lambda g: {"W": g["W"][:1], "V": g["V"][:1]}],
    ids=["wrong", "vectors"],
)
def test_a_shape_that_nothing_explains_beside_others_that_tell_nothing_is_refused(others):
    with pytest.raises(CheckError, match="has shape"):
        judged(lambda p, g: others(g) | {"b": np.zeros((2, 2))})


def test_the_line_is_that_of_the_value_which_came_back():
    def wrong(p):
        g = gradient(p)
        turned = g["W"].T
        return g | {"W": turned}

    point = point_of(cost, wrong, PARAMETERS)
    (finding,) = misshapen(point, point.returned(), np.random.default_rng(0)).findings
    assert finding.located().line.text.strip() == 'turned = g["W"].T'


def test_each_has_a_line_of_its_own():
    def wrong(p):
        g = gradient(p)
        turned = g["W"].T
        summed = g["b"].sum()
        return g | {"W": turned, "b": summed}

    point = point_of(cost, wrong, PARAMETERS)
    lines = [f.located().line for f in misshapen(point, point.returned(), np.random.default_rng(0)).findings]
    assert [line.text.strip() for line in lines] == ['turned = g["W"].T', 'summed = g["b"].sum()']
