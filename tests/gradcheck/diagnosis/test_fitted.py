"""Mistakes whose number is fitted."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.evidence import explains
from chainrule.gradcheck.diagnosis.fitted import fitted
from support.diagnosed import DATA, FEWER_SAMPLES, evidence_of
from support.plain_nets import N, forward, gradient


def data_part_times(factor):
    def wrong(p, X, Y, lam):
        plain = gradient(p, X, Y, 0.0)
        penalty = {name: 2 * lam * p[name] if name[0] == "W" else 0.0 for name in p}
        return {name: factor * plain[name] + penalty[name] for name in p}

    return wrong


def last_bias_times(factor):
    def wrong(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return g | {"b2": factor * g["b2"]}

    return wrong


def penalty_times(factor):
    return lambda p, X, Y, lam: gradient(p, X, Y, factor * lam)


def stale(rate):
    """The error goes back through weights that were updated before."""

    def wrong(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        h, P = forward(p, X)
        d = (p["W2"] - rate * g["W2"]).T @ ((P - Y) / X.shape[1]) * (h > 0)
        return g | {"W1": d @ X.T + 2 * lam * p["W1"], "b1": d.sum(axis=1, keepdims=True)}

    return wrong


def explaining(wrong, *data):
    """Names, words and layers of what explains the gradient at all points."""
    evidence = evidence_of(wrong, *data)
    net = evidence[0].net()
    return [
        (made.mistakes[0].bug.name, made.mistakes[0].said(net), made.layers[0])
        for made in fitted(evidence[0])
        if all(explains(made.steps(), e) for e in evidence)
    ]


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        (
            data_part_times(N / 50),
            ("hard-wired-batch-size", f"divided by 50, which is not the batch size of {N}", (2,)),
        ),
        (
            data_part_times(-N / 50),
            (
                "hard-wired-batch-size",
                f"divided by 50, which is not the batch size of {N}, and the sign is turned",
                (2,),
            ),
        ),
        (data_part_times(1 / np.log(10)), ("wrong-log-base", "a factor of 1 / ln 10", (2,))),
        (data_part_times(1 / np.log(2)), ("wrong-log-base", "a factor of 1 / ln 2", (2,))),
        (data_part_times(1.37), ("unknown", "1.37 x what it should be", (2,))),
        (last_bias_times(1.37), ("unknown", "1.37 x what it should be", (2,))),
        (penalty_times(0.3), ("regulariser-scaled", "0.3 x the penalty's gradient", (1, 2))),
        (penalty_times(3 / N), ("regulariser-scaled", "3 / N x the penalty's gradient", (1, 2))),
        (stale(0.2), ("stale-weights", "the error went back through weights already updated with rate 0.2", (2,))),
    ],
)  # fmt: skip
def test_the_number_of_a_mistake_is_found(wrong, wanted):
    assert wanted in explaining(wrong)


def wrong_for_50(p, X, Y, lam):
    return data_part_times(X.shape[1] / 50)(p, X, Y, lam)


def test_a_number_that_is_fitted_at_one_point_must_hold_at_the_others():
    assert {name for name, *_ in explaining(wrong_for_50, DATA, FEWER_SAMPLES)} == {"hard-wired-batch-size"}
    assert {name for name, *_ in explaining(data_part_times(1.37), DATA, FEWER_SAMPLES)} == {"unknown"}


def test_of_a_right_gradient_every_factor_is_1():
    said = [words for _, words, _ in explaining(gradient)]
    assert said
    assert all(words.startswith(("1 x", f"divided by {N},", f"{N} / N x")) for words in said)


def test_where_there_is_no_penalty_no_factor_of_it_is_fitted():
    def without_penalty(p, X, Y, lam):
        return gradient(p, X, Y, 0.0)

    (evidence,) = evidence_of(without_penalty, (DATA[0], DATA[1], 0.0))
    assert "penalty" not in {mistake.step for made in fitted(evidence) for mistake in made.mistakes}
