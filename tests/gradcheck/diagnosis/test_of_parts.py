"""What was found in a layer is what is wrong with a net that calls it, where the same change mends both."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis import by_true_values, of_parts
from chainrule.gradcheck.diagnosis.diagnose import Terms, case_of, diagnose
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of

RNG = np.random.default_rng(2)
X = RNG.normal(size=(3, 2))
NET = {"a": RNG.normal(size=2), "b": RNG.normal(size=2)}


def cubed(x):
    return x**3


def cubed_back(d, x):
    return d * 2 * x**2


def shifted(x):
    return np.sin(x) + x


def shifted_back(d, x):
    return d * (np.cos(x) - 1)


def scaled(x):
    return np.exp(x)


def scaled_back(d, x):
    return d * -np.exp(x)


def cost(p, x):
    return shifted(cubed(scaled(x) * p["a"]) * p["b"]).sum()


def gradient(p, x):
    s = scaled(x)
    h = cubed(s * p["a"])
    d = shifted_back(np.ones_like(x), h * p["b"])
    ds = cubed_back(d * p["b"], s * p["a"])
    scaled_back(ds * p["a"], x)
    return {"a": (ds * s).sum(axis=0), "b": (d * h).sum(axis=0)}


def causes_of(forward, backward):
    def layer(x, r):
        return (forward(x) * r).sum()

    def back(x, r):
        return backward(r, x)

    return by_true_values.causes([compare_at(point_of(layer, back, X, (X[::-1].copy(),)), RNG)])


@pytest.fixture(scope="module")
def found():
    return [*causes_of(cubed, cubed_back), *causes_of(shifted, shifted_back)]


@pytest.fixture(scope="module")
def net():
    return compare_at(point_of(cost, gradient, NET, (X,)), np.random.default_rng(0))


def test_two_mistakes_of_layers_are_those_of_the_net(found, net):
    told = diagnose(case_of([net], RNG), Terms(of_parts=found)).causes
    assert [cause.line for cause in told] == [cause.line for cause in found]
    assert [cause.tensors for cause in told] == [("a",), ("a", "b")]
    assert all("with all lines changed the gradient is right" in cause.repair for cause in told)
    assert all("as was found in what it calls" in cause.evidence for cause in told)


def test_one_of_two_explains_nothing(found, net):
    assert of_parts.causes([net], found[:1]) == []
    assert of_parts.causes([net], []) == []


def test_what_is_not_needed_is_not_told(found, net):
    (another,) = causes_of(scaled, scaled_back)
    assert another.line.right
    told = of_parts.causes([net], [another, *found])
    assert [cause.line for cause in told] == [cause.line for cause in found]


def test_what_is_told_again_counts_once(found, net):
    told = of_parts.causes([net], [*found[:1]] * 5 + [*found] * 2)
    assert [cause.line for cause in told] == [cause.line for cause in found]
