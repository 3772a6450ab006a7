"""The costs that are tried where a file has none."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.usual_costs import usual_costs

P = np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]])
Y = np.eye(3)[[1, 0]]
CROSS_ENTROPY = np.log(2) + np.log(8)


def value(cost, outputs):
    names = {"np": np, "P": outputs, "Y": Y, "chosen": outputs[[0, 1], [1, 0]] if outputs is P else outputs}
    return eval(cost.format(np="np", P="P", Y="Y", N="2", chosen="chosen"), names)  # noqa: S307


@pytest.mark.parametrize("expected", [CROSS_ENTROPY, CROSS_ENTROPY / 2, CROSS_ENTROPY / 6])
def test_a_cross_entropy_is_a_sum_or_a_mean_over_samples_or_entries(expected):
    assert any(np.isclose(value(cost, P), expected) for cost in usual_costs() if "Y" in cost)


def test_outputs_may_lie_across_the_labels():
    across = [cost for cost in usual_costs() if ".T" in cost]
    assert any(np.isclose(value(cost, P.T), CROSS_ENTROPY) for cost in across)


def test_none_is_tried_twice():
    every = list(usual_costs())
    assert len(every) == len(set(every))
