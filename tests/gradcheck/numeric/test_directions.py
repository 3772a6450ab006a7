"""Nets with too many parameters for every entry: directions at full size, entries of a few inputs."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.numeric.directions import agree, central_slope, exact_slope, is_large, joined
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.result import Discrepancy, MethodDifference
from support.plain_nets import SMALL, cost, gradient, halved, named, squares, twice, verdicts
from support.points import judged, point_of

RNG = np.random.default_rng(7)
D, H, K, N = 3072, 20, 5, 6
X = RNG.standard_normal((D, N))
Y = np.eye(K)[[0, 3, 1, 4, 2, 3]].T
P = {
    "W1": RNG.standard_normal((H, D)) / np.sqrt(D),
    "b1": 0.1 * RNG.standard_normal((H, 1)),
    "W2": RNG.standard_normal((K, H)) / np.sqrt(H),
    "b2": 0.1 * RNG.standard_normal((K, 1)),
}


def at_this_size_only(p, X, Y, lam):
    if X.shape != (3072, 6):
        raise ValueError("3072 inputs, please")
    return gradient(p, X, Y, lam)


def turned_at_this_size_only(p, X, Y, lam):
    return at_this_size_only(p, X, Y, lam) | {"b2": -gradient(p, X, Y, lam)["b2"]}


def changed(change):
    def wrong(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        change(g["W1"])
        return g

    return wrong


def test_large_begins_beyond_six_thousand_entries():
    at = point_of(squares, twice, SMALL)
    arrays = [np.zeros(3000), np.zeros((30, 100))]
    assert not is_large(at.with_arrays(arrays))
    assert is_large(at.with_arrays([*arrays, np.zeros(1)]))


def test_a_right_gradient_is_right_and_what_could_be_missed_is_said():
    outcome = check_gradient(cost, gradient, P, X, Y, 0.01)
    assert outcome.right, str(outcome)
    assert verdicts(outcome) == dict.fromkeys(P, "right")
    assert [t.shape for t in outcome.tensors] == [a.shape for a in P.values()]
    assert [t.checked for t in outcome.tensors] == [4 + H, 4 + H, 4 + K, 4 + K]
    assert (
        "24 directions; an error of 0.1% of the tensor is missed with probability"
        in outcome.tensors[0].coverage
    )
    assert "every entry was compared with 8 of the 3072 inputs, directions with all" in outcome.notes
    assert outcome.cost == pytest.approx(cost(P, X, Y, 0.01))


def test_an_error_of_a_thousandth_in_one_row_is_found():
    def change(dW1):
        dW1[11] *= 1.001

    outcome = judged(cost, changed(change), P, (X, Y, 0.01))
    assert not outcome.right
    assert [name for name, verdict in verdicts(outcome).items() if verdict != "right"] == ["W1"]


def test_one_entry_that_is_off_by_half_is_found_among_all():
    def change(dW1):
        if dW1.shape[1] > 1234:
            dW1[3, 1234] *= 1.5

    outcome = judged(cost, changed(change), P, (X, Y, 0.01))
    assert not outcome.right
    assert verdicts(outcome)["W1"] != "right"
    assert verdicts(outcome)["W2"] == "right"


def test_the_input_whose_weights_are_off_is_among_those_that_are_compared():
    x = X.copy()
    x[2222, 0] = 7.25

    def wrong(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        g["W1"][3, X[:, 0] == 7.25] *= 1.5
        return g

    outcome = judged(cost, wrong, P, (x, Y, 0.01))
    assert outcome.verdict == "wrong"
    worst = outcome.tensors[0].worst[0]
    assert worst.index[0] == 3
    assert worst.analytic == pytest.approx(1.5 * worst.numeric)


def test_a_halved_regulariser_is_named_with_its_line():
    before = {name: array.copy() for name, array in P.items()}
    outcome = check_gradient(cost, halved, P, X, Y, 0.01)
    assert all(np.array_equal(P[name], array) for name, array in before.items())
    assert (outcome.verdict, outcome.fault) == ("wrong", "gradient")
    assert named(outcome) == ["regulariser-half"]
    assert outcome.causes[0].tensors == ("W1",)
    assert outcome.causes[0].line.text.strip() == 'g["W1"] = g["W1"] - lam * p["W1"]'
    assert outcome.cost == pytest.approx(cost(P, X, Y, 0.01))


def test_code_that_runs_with_all_inputs_only_is_judged_by_directions():
    outcome = check_gradient(cost, at_this_size_only, P, X, Y, 0.01)
    assert outcome.right
    assert all("directions" in t.coverage for t in outcome.tensors)
    assert not any("every entry" in note for note in outcome.notes)


def test_code_that_runs_with_all_inputs_only_is_wrong_where_it_is_wrong():
    outcome = check_gradient(cost, turned_at_this_size_only, P, X, Y, 0.01)
    assert (outcome.verdict, outcome.fault) == ("wrong", "gradient")
    assert verdicts(outcome) == {"W1": "right", "b1": "right", "W2": "right", "b2": "wrong"}
    assert [(cause.name, cause.tensors) for cause in outcome.causes] == [("wrong-sign", ("b2",))]


def test_directions_are_judged_by_differences_where_complex_numbers_do_not_pass():
    def real_cost(p, X, Y, lam):
        return float(cost(p, X, Y, lam))

    right = check_gradient(real_cost, at_this_size_only, P, X, Y, 0.01)
    assert (right.verdict, right.scheme) == ("right", "central differences along directions")
    wrong = judged(real_cost, turned_at_this_size_only, P, (X, Y, 0.01))
    assert verdicts(wrong) == {"W1": "right", "b1": "right", "W2": "right", "b2": "wrong"}


def test_weights_from_inputs_to_units_lose_their_rows():
    own = {"W1": P["W1"].T.copy(), "b1": P["b1"].T.copy(), "W2": P["W2"].T.copy(), "b2": P["b2"].T.copy()}

    def turned(nest):
        return {name: a.T for name, a in nest.items()}

    outcome = check_gradient(
        lambda p, X, Y, lam: cost(turned(p), X.T, Y.T, lam),
        lambda p, X, Y, lam: turned(halved(turned(p), X.T, Y.T, lam)),
        own, X.T.copy(), Y.T.copy(), 0.01,
    )  # fmt: skip
    assert named(outcome) == ["regulariser-half"]


def test_without_roles_steps_along_directions_are_explained():
    big = {"x": RNG.standard_normal((100, 70))}
    assert check_gradient(squares, twice, big).right
    outcome = check_gradient(squares, lambda p: {"x": 2.01 * p["x"]}, big)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["wrong-factor"])


@pytest.mark.parametrize("slope", [exact_slope, central_slope])
@pytest.mark.parametrize("agrees", [True, False])
def test_a_glance_tells_right_from_wrong(agrees, slope):
    off = 0.0 if agrees else 1e-3
    own = SMALL | {"a number": np.array(0.5)}
    at = point_of(squares, lambda p: {name: (1 + off) * a for name, a in twice(p).items()}, own)
    assert agree(at, at.gradient(), np.random.default_rng(0), slope) is agrees


def test_a_glance_sees_nothing_where_complex_numbers_do_not_pass():
    at = point_of(lambda p: float(squares(p)), twice, SMALL)
    assert not agree(at, at.gradient(), np.random.default_rng(0), exact_slope)
    assert agree(at, at.gradient(), np.random.default_rng(0), central_slope)


@pytest.mark.parametrize("of_directions", [True, False])
def test_differences_of_a_smaller_problem_are_said_to_be(of_directions):
    gap = Discrepancy(1, 0, 0, 0, 0, 0, 0, 0, 1)
    small = Check("right", None, (), differences=(MethodDifference("w", "analytic-central", gap),))
    outcome = joined(small, Check("right", None, ()), of_directions=of_directions)
    assert bool(outcome.differences) is not of_directions
    assert len(outcome.notes) == 1
