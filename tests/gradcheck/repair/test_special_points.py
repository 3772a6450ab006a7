"""Points at which a wrong change may pass for a repair."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.repair.special_points import sizes_at, why_special, writes_a_size
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
        ([(4, 3)], (1, 4), ""),
        ([(4, 3), (1, 3), (3, 1), (1, 1)], (5, 4), ""),
        ([(4, 1), (1, 1)], (5, 4), ""),
        ([(4,), (4,)], (5, 4), ""),
    ],
)
def test_layers_of_one_unit_samples_and_sizes(shapes, data, words):
    found = said(shapes, data)
    assert words in found
    assert bool(words) == bool(found)


def softmax_cost(p, X, Y):
    P = np.exp(X @ p[0])
    return -float(np.sum(Y * np.log(P / P.sum(axis=1, keepdims=True))))


def softmax_gradient(p, X, Y):
    P = np.exp(X @ p[0])
    return [X.T @ (P / P.sum(axis=1, keepdims=True) - Y)]


@pytest.mark.parametrize(("samples", "words"), [(1, "a single sample"), (5, "")])
def test_a_single_sample(samples, words):
    data = rng.normal(size=(samples, 4)), np.eye(3)[np.arange(samples) % 3]
    point = point_of(softmax_cost, softmax_gradient, [rng.normal(size=(4, 3))], data)
    found = why_special([compare_at(point, rng)])
    assert words in found
    assert bool(words) == bool(found)


@pytest.mark.parametrize(
    ("kind", "after", "writes"),
    [
        ("number", "g = d / 3", True),
        ("scale", "g = 3 * d / 4", True),
        ("number", "g = d / 2", True),
        ("number", "g = d / 9", True),
        ("number", "g = d / 5", False),
        ("number", "g = d / x.shape[-1]", False),
        ("power", "g = d ** 3 / 4", False),
        ("call", "g = 3 * h / 4", True),
        ("another term", "g = d / 4 + h / 3", True),
        ("scale", "g = 0.75 * d / 4", False),
        ("call", "g = 0.6666666666666666 * d", True),
        ("call", "g = d / 1.5", True),
        ("call", "g = d / 6", True),
        ("scale", "g = 2 * d / 4", False),
    ],
)
def test_a_number_that_is_a_size_wherever_it_was_compared_may_be_another(kind, after, writes):
    points = [
        compare_at(point_of(cost, gradient, [rng.normal(size=(4, 3))], (rng.normal(size=(count, 4)),)), rng)
        for count in (9, 5)
    ]
    sizes = [sizes_at(checked.point) for checked in points]
    patches = [Patch(0, kind, SourceLine("net.py", 1, "g = d / 4"), after)]
    assert writes_a_size(patches, sizes) is writes
    # What was another size once, as is told by a point without it, is none of the program's.
    assert not writes_a_size(patches, [*sizes, {7, 11}])
