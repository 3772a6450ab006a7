"""Mistakes that the given point hides, found at other points."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.numeric import surroundings
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point
from support.plain_nets import ONE, N, X, Y, cost, drawn, gradient, halved, named, one_layer_cost


def test_a_regulariser_hidden_by_l2_of_0_is_found():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.0)
    assert outcome.verdict == "wrong"
    assert named(outcome)[0] == "regulariser-half"
    assert any("right at the given point; wrong with" in note for note in outcome.notes)


def test_a_hard_wired_batch_size_hidden_by_the_given_batch_is_found():
    def fixed(p, X, Y):
        e = np.exp(p["W"] @ X + p["b"])
        G = (e / e.sum(axis=0) - Y) / 7
        return {"W": G @ X.T, "b": G.sum(axis=1, keepdims=True)}

    outcome = check_gradient(one_layer_cost, fixed, ONE, X, Y)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["hard-wired-batch-size"])
    assert "divided by 7" in outcome.causes[0].evidence
    assert outcome.causes[0].line.text.strip() == "G = (e / e.sum(axis=0) - Y) / 7"


def test_a_bias_penalty_hidden_by_a_bias_of_0_is_found():
    def penalised(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return g | {"b1": g["b1"] + 2 * lam * p["b1"]}

    p = drawn()
    p["b1"][:] = 0
    outcome = check_gradient(cost, penalised, p, X, Y, 0.1)
    assert (outcome.verdict, named(outcome)[0]) == ("wrong", "bias-regularised")


@pytest.mark.parametrize(("given", "other"), [(0.0, 0.1), (0.3, 0.0)])
def test_the_given_parameters_are_tried_with_another_l2(given, other):
    seen = set()

    def watched(p, X, Y, lam):
        seen.add((lam, X.shape[1], np.array_equal(p["W1"], drawn()["W1"])))
        return gradient(p, X, Y, lam)

    check_gradient(cost, watched, drawn(), X, Y, given)
    moved = given or 0.1
    # With the given l2 at parameters that nobody could know, and with other numbers of samples, too.
    assert seen == {
        (given, N, True), (other, N, True), (moved, N, False), (moved, 3, False), (given, N, False),
        (given, 1, False), (given, 2, False),
    }  # fmt: skip


def of(data, names=("X", "Y", "lam"), parameters=None):
    description = LocalProgram(lambda *a: 0.0, lambda *a: [], parameters or drawn(), data).describe()
    return Point.of_program(None, description._replace(data_names=list(names)))


def varied(variations):
    return [variation.words for variation in variations]


def test_where_else_to_look_follows_from_what_the_data_are():
    rng = np.random.default_rng(0)
    with_l2 = ["other parameters", "N of 3", "l2 of 0"]
    assert varied(surroundings.around(of((X, Y, 0.3)), rng)) == with_l2
    without = ["other parameters and l2 of 0.1", "N of 3 and l2 of 0.1", "l2 of 0.1"]
    assert varied(surroundings.around(of((X, Y, 0.0)), rng)) == without
    assert varied(surroundings.around(of((X, Y)), rng)) == ["other parameters", "N of 3"]
    assert varied(surroundings.around(of((1.5, 2.5)), rng)) == ["other parameters"]


@pytest.mark.parametrize(("factor", "tried"), [(1, True), (0, False)])
def test_an_l2_of_which_the_cost_takes_no_notice_is_not_said_to_be_tried(factor, tried):
    program = LocalProgram(lambda p, X, Y, lam: cost(p, X, Y, factor * lam), gradient, drawn(), (X, Y, 0.3))
    given = Point.of_program(program, program.describe())
    assert ("l2 of 0" in varied(surroundings.around(given, np.random.default_rng(0)))) is tried


@pytest.mark.parametrize(
    ("samples", "classes", "wanted"),
    [(7, 3, [1, 2]), (3, 3, [1, 2, 5]), (2, 4, [1, 6]), (1, 3, []), (4, 2, [1])],
)
def test_one_sample_fewer_than_classes_and_more_are_tried(samples, classes, wanted):
    hot = np.eye(classes)[np.arange(samples) % classes].T
    given = of((np.arange(4.0 * samples).reshape(4, samples), hot), ("X", "Y"))
    variations = list(surroundings.further(given, np.random.default_rng(0)))
    assert [v.varied["N"] for v in variations] == wanted
    for variation, size in zip(variations, wanted, strict=True):
        x, y = variation.point.data
        assert x.shape == (4, size)
        assert y.shape == (classes, size)
        assert y.sum(axis=0).tolist() == [1] * size
        # Code may count the classes by the largest label that it sees.
        assert y.any(axis=1).nonzero()[0].max() == min(samples, classes) - 1


def test_the_other_mode_is_tried():
    modes = list(surroundings.further(of((X, Y, True), ("X", "Y", "training")), np.random.default_rng(0)))
    assert modes[-1].words == "training of False"
    assert modes[-1].point.data[2] is False
    assert [v.mode for v in modes] == [False, False, True]


def test_what_may_be_probabilities_stays_between_0_and_1():
    rng = np.random.default_rng(0)
    P, W = rng.uniform(0.1, 0.9, size=(7, 3)), rng.normal(size=(7, 3))
    given = of((), (), {"P": P, "W": W})
    for _ in range(20):
        inside, other = surroundings.moved(given, rng, 9.0).arrays
        assert ((inside > 0) & (inside < 1)).all()
        assert np.ptp(inside - P) > 0
        assert np.abs(other).max() > 1
