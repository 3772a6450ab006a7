"""A smaller problem in the place of a large one."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.numeric.smaller import smaller
from support.points import point_of

RNG = np.random.default_rng(11)
SIZES = {"E": (90, 60), "W": (60, 70)}
P = {name: RNG.normal(size=size) for name, size in SIZES.items()}
WORDS = np.arange(6 * 16).reshape(6, 16) % 90


def cost(p, words):
    return (np.tanh(p["E"][words] @ p["W"]) ** 2).mean()


def gradient(p, words):
    x = p["E"][words]
    h = np.tanh(x @ p["W"])
    dz = 2 * h * (1 - h**2) / h.size
    dW = np.einsum("nti,ntj->ij", x, dz)
    dE = np.zeros_like(p["E"])
    np.add.at(dE, words, dz @ p["W"].T)
    return {"E": dE, "W": dW}


def squared_twice(p, words):
    x = p["E"][words]
    h = np.tanh(x @ p["W"])
    dz = 2 * h * (1 - h**2) ** 2 / h.size
    dW = np.einsum("nti,ntj->ij", x, dz)
    dE = np.zeros_like(p["E"])
    np.add.at(dE, words, dz @ p["W"].T)
    return {"E": dE, "W": dW}


def of_sixteen_steps(p, words):
    g = gradient(p, words)
    return {**g, "W": g["W"] * words.shape[1] / 16}


def small(gradient, right):
    at = point_of(cost, gradient, P, (WORDS,))
    return smaller(at, at.gradient(), np.random.default_rng(0), right=right)


def test_where_inputs_are_not_known_steps_along_directions_are_compared_with_little_data():
    problem = small(gradient, right=True)
    assert problem.of_directions
    assert [a.shape for a in problem.point.arrays] == [(4,), (4,)]
    assert problem.point.data[0].shape == (3, 3)


def test_data_stay_as_long_as_they_must_be_to_tell_the_same():
    assert small(of_sixteen_steps, right=True).point.data[0].shape == (3, 16)


def test_a_large_right_gradient_is_right_and_other_parameters_are_tried():
    outcome = check_gradient(cost, gradient, P, WORDS)
    assert outcome.right, str(outcome)
    assert [t.shape for t in outcome.tensors] == [*SIZES.values()]
    assert "other parameters" in outcome.tried


def test_a_large_wrong_one_has_a_cause_with_its_line():
    outcome = check_gradient(cost, squared_twice, P, WORDS)
    assert outcome.verdict == "wrong"
    assert outcome.causes[0].name != "unknown"
    assert outcome.causes[0].line.text.strip() == "dz = 2 * h * (1 - h**2) ** 2 / h.size"
    assert [t.shape for t in outcome.tensors] == [*SIZES.values()]
    assert all("directions" in t.coverage for t in outcome.tensors)


def test_what_is_wrong_elsewhere_only_is_told_with_the_sizes_of_the_parameters():
    def wrong_elsewhere(p, words):
        g = gradient(p, words)
        return g if np.array_equal(p["W"], P["W"]) else {**g, "W": 2 * g["W"]}

    outcome = check_gradient(cost, wrong_elsewhere, P, WORDS)
    assert outcome.verdict == "wrong"
    assert [t.shape for t in outcome.tensors] == [*SIZES.values()]
    assert not any(t.worst for t in outcome.tensors)
    assert outcome.cost == pytest.approx(cost(P, WORDS))


def test_the_sample_with_the_largest_label_is_looked_for_among_those_that_are_left():
    kinds, rows = np.array([0, 1, 0, 1, 2, 1]), RNG.normal(size=(6, 90))
    p = {"W": RNG.normal(size=(90, 60)), "V": RNG.normal(size=(60, 3))}

    def nll(p, rows, kinds):
        scores = rows.reshape(-1, 90) @ p["W"] @ p["V"]
        return np.mean(np.log(np.exp(scores - scores[np.arange(len(rows)), kinds][:, None]).sum(axis=1)))

    def nll_gradient(p, rows, kinds):
        h = rows @ p["W"]
        e = np.exp(h @ p["V"] - (h @ p["V"]).max(axis=1, keepdims=True))
        d = e / e.sum(axis=1, keepdims=True)
        d[np.arange(len(rows)), kinds] -= 1
        d /= len(rows)
        return {"W": rows.T @ (d @ p["V"].T), "V": h.T @ d}

    at = point_of(nll, nll_gradient, p, (rows, kinds))
    assert smaller(at, at.gradient(), np.random.default_rng(0), right=True).point.variable.first < 3
    assert check_gradient(nll, nll_gradient, p, rows, kinds).right
