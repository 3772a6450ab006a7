"""Points at which a wrong change may pass for a repair."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.repair.special_points import why_special
from support.points import point_of

rng = np.random.default_rng(0)


def cost(p, X):
    return sum(float(np.sum(a**2)) for a in p) + float(np.sum(X))


def gradient(p, X):
    return [2 * a for a in p]


def said(shapes, data):
    parameters = [rng.normal(size=shape) for shape in shapes]
    return why_special([compare_at(point_of(cost, gradient, parameters, (rng.normal(size=data),)), rng)])


@pytest.mark.parametrize(
    ("shapes", "data", "words"),
    [
        ([(4, 1), (1, 1), (1, 3), (1, 3)], (5, 4), "a single unit"),
        ([(1, 1), (1, 1), (1, 1), (1, 1)], (5, 2), "a single unit"),
        ([(4, 3)], (4, 4), "4 rows and 4 columns"),
        ([(4, 3)], (1, 4), "a single sample"),
        ([(4, 3), (1, 3), (3, 1), (1, 1)], (5, 4), ""),
        ([(4, 1), (1, 1)], (5, 4), ""),
        ([(4,), (4,)], (5, 4), ""),
    ],
)
def test_layers_of_one_unit_samples_and_sizes(shapes, data, words):
    found = said(shapes, data)
    assert words in found
    assert bool(words) == bool(found)
