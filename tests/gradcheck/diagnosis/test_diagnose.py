"""From points at which gradients disagree to whose fault it is."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.diagnose import case_of, diagnose
from chainrule.gradcheck.diagnosis.evidence import CERTAIN, LIKELY, NO_IDEA, PLAUSIBLE
from support.corpus.mutation import SHAPES, seeded
from support.corpus.scoring import judge
from support.corpus.wrong import WRONG
from support.diagnosed import DATA, FEWER_SAMPLES, checked_at
from support.plain_nets import SMALL, cost, forward, gradient, halved, squares, twice


def diagnosed(gradient, *each, **options):
    points = [checked_at(gradient, data, **options) for data in each or (DATA, FEWER_SAMPLES)]
    return diagnose(case_of(points, np.random.default_rng(0)))


def named(diagnosis):
    return [(cause.name, cause.sure) for cause in diagnosis.causes]


def test_nothing_is_wrong_with_a_right_gradient_of_a_known_net():
    diagnosis = diagnosed(gradient)
    assert (diagnosis.fault, diagnosis.causes) == (None, [])
    assert diagnosis.reading.form.loss == "cross_entropy"


def test_nothing_is_wrong_with_a_right_gradient_of_anything_else():
    diagnosis = diagnosed(twice, (), cost=squares, parameters=SMALL)
    assert (diagnosis.fault, diagnosis.causes, diagnosis.reading) == (None, [], None)


@pytest.mark.parametrize(("each", "sure"), [((DATA,), LIKELY), ((DATA, FEWER_SAMPLES), CERTAIN)])
def test_a_mistake_of_the_gradient_is_surer_where_it_was_held_against_several_points(each, sure):
    diagnosis = diagnosed(halved, *each)
    assert (diagnosis.fault, named(diagnosis)) == ("gradient", [("regulariser-half", sure)])
    assert diagnosis.causes[0].tensors == ("W1",)
    assert diagnosis.mistake.layers == ((1,),)


def test_the_evidence_says_by_which_factor_the_gradient_is_wrong():
    def summed(p, X, Y, lam):
        return {name: X.shape[1] * g for name, g in gradient(p, X, Y, 0.0).items()}

    def mean(p, X, Y, lam):
        return cost(p, X, Y, 0.0)

    (cause, *_) = diagnosed(summed, cost=mean).causes
    assert cause.name == "missing-batch-mean"
    assert cause.evidence.startswith("W1, b1, W2, b2: 7 x the numeric gradient: ")


def test_two_mistakes_are_two_causes_and_the_second_is_a_little_less_sure():
    def two(p, X, Y, lam):
        g = halved(p, X, Y, lam)
        return g | {"b2": g["b2"] / X.shape[1]}

    first, second, *_ = named(diagnosed(two))
    assert first == ("bias-mean-not-sum", CERTAIN)
    assert second == ("regulariser-half", pytest.approx(CERTAIN - 0.01))


def test_the_fault_can_be_the_costs():
    def summed(p, X, Y, lam):
        return X.shape[1] * cost(p, X, Y, 0.0) + cost(p, X, Y, lam) - cost(p, X, Y, 0.0)

    diagnosis = diagnosed(gradient, cost=summed)
    assert (diagnosis.fault, named(diagnosis)) == ("cost", [("missing-batch-mean", CERTAIN)])
    assert (diagnosis.reading.factor, diagnosis.reading_mended.factor) == (7, 1)


def test_a_cost_that_its_data_do_not_move_is_constant():
    def constant(p, X, Y, lam):
        return 0.7 + cost(p, X, Y, lam) - cost(p, X, Y, 0.0)

    diagnosis = diagnosed(gradient, cost=constant)
    assert diagnosis.fault == "cost"
    assert [cause.name for cause in diagnosis.causes] == ["cost-constant"]


def test_the_gradient_of_a_known_net_lays_it_neither_to_the_cost_nor_to_itself():
    def other(p, X, Y, lam):
        _, P = forward(p, X)
        return ((P - Y) ** 2).sum() / X.shape[1]

    diagnosis = diagnosed(gradient, cost=other)
    (cause,) = diagnosis.causes
    assert (diagnosis.fault, cause.name, cause.sure) == ("cost or gradient", "unknown", LIKELY)
    assert "the gradient is right for 4-5-3, cross-entropy" in cause.evidence
    assert diagnosis.reading is None


def test_where_all_layers_have_another_factor_of_the_penalty_both_are_said():
    def half(p, X, Y, lam):
        return gradient(p, X, Y, lam / 2)

    diagnosis = diagnosed(half)
    (cause, *_) = diagnosis.causes
    assert (diagnosis.fault, cause.name) == ("gradient", "regulariser-half")
    assert "the cost has 0.1 * sum(W**2), the gradient that of 0.05 * sum(W**2)" in cause.evidence


def test_numbers_alone_say_what_fits_any_function():
    def turned(p):
        return {name: -g for name, g in twice(p).items()}

    diagnosis = diagnosed(turned, (), cost=squares, parameters=SMALL)
    assert (diagnosis.fault, named(diagnosis)) == ("gradient", [("wrong-sign", PLAUSIBLE)])


def test_what_nothing_explains_is_unknown_with_what_was_measured():
    kept = {"w": np.array([1.0, 3.0]), "v": np.zeros_like(SMALL["v"])}

    def odd(p):
        return kept

    diagnosis = diagnosed(odd, (), cost=squares, parameters=SMALL)
    (cause,) = diagnosis.causes
    assert (cause.name, cause.sure, cause.tensors) == ("unknown", NO_IDEA, ("w", "v"))
    assert "w differs by " in cause.evidence
    assert "v is 0 everywhere" in cause.evidence


def test_a_gradient_that_is_wrong_elsewhere_only_is_wrong():
    def wrong_for_few(p, X, Y, lam):
        return (halved if X.shape[1] == 4 else gradient)(p, X, Y, lam)

    diagnosis = diagnosed(wrong_for_few)
    assert diagnosis.fault == "gradient"
    assert diagnosis.causes[0].tensors == ("W1",)


def test_one_bug_that_is_several_mistakes_of_a_derivation_has_the_line_where_it_is_made():
    # Weights that are stale are so in the error and in the penalty's gradient.
    (stale,) = (
        each for each in WRONG if (each.base, each.causes) == ("two_layer_columns", ("stale-weights",))
    )
    shape = next(shape for shape in SHAPES[stale.base] if stale.shows(shape))
    run = judge(stale, seeded(stale.base, shape, 0), 0)
    assert run.cause_right, run
    assert run.line_right, run
