"""Numeric slopes of functions whose derivatives are known, kinks, verdicts, and nets with broken gradients."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

from chainrule.components import LOSSES
from chainrule.nn import batchnorm, penalty
from chainrule.nn.inits.normal import Normal
from chainrule.nn.network import Network
from chainrule.selfcheck.entrywise import (
    CENTRAL_STEP,
    FORWARD_STEP,
    Entries,
    central,
    complex_step,
    discrepancy,
    forward,
    judge,
    resolution,
)
from chainrule.selfcheck.probe import Probe, parameter_names

AT = np.array([-300.0, -1.5, 0.0, 0.25, 2.0, 1e4])


def entries(function, at=AT, kink=None, costs=1, size=1.0):
    """A parameter whose entries go each through ``function``, times 1 to ``costs``; ``kink`` is where each bends."""

    def changes(index, values):
        moved = function(values, at[index]) * np.arange(1, costs + 1)[:, None]
        if kink is None:
            return moved, np.zeros(len(index), bool)
        bend = np.broadcast_to(kink, at.shape)[index]
        return moved, (values.real > bend) != (at[index] > bend)

    return Entries(np.arange(len(at)), at, np.full(costs, size), changes)


def test_quotients_divide_by_the_step_that_was_taken():
    line = entries(lambda values, at: 3 * (values - at))
    for scheme in (central, forward, complex_step):
        np.testing.assert_allclose(scheme(line)[0].slope, 3, rtol=1e-15)


def test_steps_grow_with_the_entry():
    asked = []

    def changes(index, values):
        asked.append(values)
        return np.zeros((1, len(index))), np.zeros(len(index), bool)

    watched = Entries(np.arange(len(AT)), AT, np.ones(1), changes)
    central(watched), forward(watched), complex_step(watched)
    scale = np.maximum(1, np.abs(AT))
    expected = [AT + CENTRAL_STEP * scale, AT - CENTRAL_STEP * scale, AT + FORWARD_STEP * scale, AT + 1e-20j]
    for values, wanted in zip(asked, expected, strict=True):
        np.testing.assert_array_equal(values, wanted)
    np.testing.assert_allclose([CENTRAL_STEP, FORWARD_STEP], [6.055e-6, 1.490e-8], rtol=1e-3)


def test_truncation_is_of_second_first_and_no_order():
    cube = entries(lambda values, at: values**3 - at**3, at=np.array([2.0]))
    h, g = 2 * CENTRAL_STEP, 2 * FORWARD_STEP
    assert central(cube)[0].slope == pytest.approx(12 + h**2, abs=1e-9)
    assert forward(cube)[0].slope == pytest.approx(12 + 6 * g, abs=1e-7)
    assert complex_step(cube)[0].slope == pytest.approx(12, abs=1e-14)


def test_every_cost_has_its_slopes():
    slopes = central(entries(lambda values, at: values - at, costs=3))
    assert [of_cost.slope.mean() for of_cost in slopes] == pytest.approx([1, 2, 3])


def bend(values, at):
    """A slope of 1 below the kink at 0, of 3 above."""
    return np.where(values.real > 0, 3 * values, values) - np.where(at > 0, 3 * at, at)


@pytest.mark.parametrize("scheme", [central, forward, complex_step])
def test_on_a_kink_every_value_between_the_slopes_is_right(scheme):
    at = np.array([0.0, 1.0])
    slopes = scheme(entries(bend, at=at, kink=0.0))[0]
    if scheme is complex_step:
        # A step along i leaves the real part where it is, so it meets no kink and takes one side.
        np.testing.assert_allclose(slopes.slope, [1, 3])
        return
    assert slopes.kinks.tolist() == [True, False]
    np.testing.assert_allclose([slopes.low, slopes.high], [[1, 3], [3, 3]])
    for value, verdict in ((1.0, "right"), (2.2, "right"), (3.0, "right"), (0.9, "wrong"), (3.1, "wrong")):
        assert judge(np.array([value, 3.0]), slopes) == verdict


def test_a_kink_that_the_complex_step_stands_on_is_taken_from_both_sides():
    def changes(index, values):
        on = np.iscomplexobj(values) | (values.real > 0)
        return bend(values, np.zeros(1))[None], np.broadcast_to(on, len(index))

    slopes = complex_step(Entries(np.arange(1), np.zeros(1), np.ones(1), changes))[0]
    np.testing.assert_allclose([slopes.low, slopes.high], [[1], [3]])


@pytest.mark.parametrize("side", [1, -1])
def test_beside_a_kink_the_derivative_alone_is_right(side):
    at = np.array([-side * CENTRAL_STEP / 3])
    slopes = central(entries(bend, at=at, kink=0.0))[0]
    derivative = 1.0 if side > 0 else 3.0
    assert slopes.kinks.all()
    assert abs(slopes.slope[0] - derivative) > 0.5
    assert judge(np.array([derivative]), slopes) == "right"
    assert judge(np.array([2.0]), slopes) == "wrong"


def test_beside_a_kink_of_a_curve_the_derivative_is_right():
    at = np.array([-CENTRAL_STEP / 3])
    curve = entries(lambda values, at: bend(values, at) + values**2 - at**2, at=at, kink=0.0)
    assert judge(1 + 2 * at, central(curve)[0]) == "right"


def test_where_kinks_are_ignored_a_right_gradient_is_wrong():
    at = np.array([-CENTRAL_STEP / 3])
    slopes = central(entries(bend, at=at))[0]
    assert judge(np.array([1.0]), slopes) == "wrong"


def test_differences_entry_by_entry_and_of_norms():
    at = np.zeros(4)
    slopes = central(entries(lambda values, at: 2 * (values - at), at=at))[0]
    differs = discrepancy(np.array([2.0, 2.5, 1.0, 2.0 + 1e-7]), slopes)
    assert (differs.entries, differs.kinks) == (4, 0)
    assert differs.largest_absolute == pytest.approx(1)
    assert differs.mean_absolute == pytest.approx(1.5 / 4)
    assert differs.smallest_relative == pytest.approx(0, abs=1e-15)
    assert differs.largest_relative == pytest.approx(1 / 3)
    assert differs.mean_relative == pytest.approx((0.5 / 4.5 + 1 / 3) / 4)
    norms = np.linalg.norm([2, 2.5, 1, 2]) + 4
    assert differs.relative_norm == pytest.approx(np.sqrt(1.25) / norms)
    assert differs.share_below == 0.5


def test_shares_and_relative_differences_are_of_the_threshold_and_eps_that_are_asked_for():
    slopes = central(entries(lambda values, at: values - at, at=np.zeros(4)))[0]
    values = np.array([1.0, 1.0, 1 + 1e-3, 1.5])
    shares = [discrepancy(values, slopes, below=below).share_below for below in (1e-4, 1e-2, 1.0)]
    assert shares == [0.5, 0.75, 1.0]
    differs = discrepancy(values, slopes, eps=10.0)
    assert differs.largest_relative == pytest.approx(0.05)
    assert differs.relative_norm == pytest.approx(np.hypot(1e-3, 0.5) / 10)


@pytest.mark.parametrize("cost", [0.3, 2.3, -2.3, 1000.0])
def test_no_two_costs_show_a_smaller_slope_than_the_resolution_but_0(cost):
    least = np.nextafter(cost, np.inf) - cost
    assert resolution(cost) == pytest.approx(least / (2 * CENTRAL_STEP), rel=1e-12)


def test_differences_of_zeros_are_zero_and_of_tiny_gradients_absolute():
    flat = central(entries(lambda values, at: 0 * (values - at)))[0]
    differs = discrepancy(np.zeros(len(AT)), flat)
    assert (differs.largest_relative, differs.relative_norm) == (0, 0)
    assert discrepancy(np.full(len(AT), 1e-9), flat).largest_relative == pytest.approx(1e-3)


@pytest.mark.parametrize(
    ("factor", "verdict"),
    [
        (1, "right"),
        (1 + 5e-8, "right"),
        (1 + 1e-6, "suspect"),
        (1 + 1e-3, "wrong"),
        (-1, "wrong"),
        (0, "wrong"),
    ],
)
def test_verdicts(factor, verdict):
    slopes = central(entries(lambda values, at: values - at))[0]
    assert judge(factor * np.ones(len(AT)), slopes) == verdict


def test_what_cannot_be_told_from_rounding_is_zero():
    slopes = central(entries(lambda values, at: 1e-12 * (values - at), size=2.0))[0]
    assert judge(np.zeros(len(AT)), slopes) == "zero"
    assert judge(np.full(len(AT), 1e-6), slopes) == "wrong"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_wrong(value):
    slopes = central(entries(lambda values, at: values - at))[0]
    gradient = np.ones(len(AT))
    gradient[1] = value
    with np.errstate(invalid="ignore"):
        assert judge(gradient, slopes) == "wrong"


def test_a_gradient_that_is_a_number_where_the_cost_is_none_is_wrong():
    slopes = central(entries(lambda values, at: np.full(len(values), np.nan)))[0]
    assert judge(np.ones(len(AT)), slopes) == "wrong"


def test_some_entries_are_those_of_all():
    whole = entries(lambda values, at: values**2 - at**2, kink=0.0)
    few = np.array([4, 1])
    np.testing.assert_array_equal(central(whole[few])[0].slope, central(whole)[0][few].slope)
    np.testing.assert_array_equal(central(whole[few])[0].kinks, central(whole)[0][few].kinks)


def net_case(loss="cross_entropy"):
    network, rng = Network((8, 6, 5, 4), loss, batch_norm=True), np.random.default_rng(3)
    parameters = network.initial(1, [Normal(normal=0.6, bias=0.3)], np.float64)
    for name in parameter_names(network):
        parameters[name] += rng.normal(0, 0.1, parameters[name].shape)
    x, y = rng.normal(size=(12, 8)), rng.integers(0, 4, 12)
    return network, parameters, x, y


def entries_of(name, parameters, probe):
    at = parameters[name].reshape(-1)
    return Entries(np.arange(at.size), at, probe.cost, functools.partial(probe.changes, name))


def judged(network, parameters, x, y, l2=0.05):
    """The verdict on every parameter, by central differences and by the complex step."""
    penalties = np.array([l2])
    probe = Probe(network, parameters, x, y, penalties)
    _, gradient = network.gradient(parameters, x, y, penalties)
    verdicts = {}
    for name in parameter_names(network):
        every = entries_of(name, parameters, probe)
        analytic = gradient[name].reshape(-1)
        verdicts[name] = {judge(analytic, scheme(every)[0]) for scheme in (central, complex_step)}
    return verdicts


@pytest.mark.parametrize("loss", [name for name, loss in LOSSES.items() if not loss.numbers])
def test_our_gradients_are_right_and_biases_in_front_of_batch_norm_zero(loss):
    for name, verdicts in judged(*net_case(loss)).items():
        assert verdicts == {"zero" if name in ("b1", "b2") else "right"}, name


def without_mean(g, cache):
    ds, dgamma, dbeta = BACKWARD(g, cache)
    return ds + (cache.gamma * cache.inverse_sigma * dbeta / g.shape[1])[:, None], dgamma, dbeta


def swapped(g, cache):
    ds, dgamma, dbeta = BACKWARD(g, cache)
    return ds, dbeta, dgamma


BACKWARD = batchnorm.backward
BROKEN = {
    "penalty without its 2": ("W3", penalty, "backward", lambda W, l2: l2[:, None, None] * W),
    "penalty with a minus": ("W3", penalty, "backward", lambda W, l2: -2 * l2[:, None, None] * W),
    "mean held constant": ("W1", batchnorm, "backward", without_mean),
    "gamma and beta swapped": ("gamma2", batchnorm, "backward", swapped),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_broken_gradients_are_wrong(mistake, monkeypatch):
    parameter, module, function, broken = BROKEN[mistake]
    monkeypatch.setattr(module, function, broken)
    assert judged(*net_case())[parameter] == {"wrong"}


def test_one_entry_of_many_that_is_off_by_a_thousandth_is_seen():
    network, parameters, x, y = net_case()
    probe = Probe(network, parameters, x, y, np.zeros(1))
    _, gradient = network.gradient(parameters, x, y, np.zeros(1))
    slopes = central(entries_of("W1", parameters, probe))[0]
    analytic = gradient["W1"].reshape(-1).copy()
    analytic[np.abs(analytic).argmax()] *= 1.001
    assert judge(analytic, slopes) == "wrong"


def relu_case(distance):
    """A net in which the first sample stands ``distance`` above the kink of unit 0."""
    network, rng = Network((4, 3, 3), "cross_entropy"), np.random.default_rng(2)
    parameters = network.initial(1, [Normal(normal=0.8)], np.float64)
    x, y = rng.normal(size=(5, 4)), rng.integers(0, 3, 5)
    s = parameters["W1"][0, 0] @ x[0]
    parameters["b1"][0, 0] = distance - s
    return network, parameters, x, y


@pytest.mark.parametrize("distance", [0.0, 1e-6, -1e-6])
def test_kinks_of_a_net_are_met_and_accepted(distance):
    network, parameters, x, y = relu_case(distance)
    probe = Probe(network, parameters, x, y, np.zeros(1))
    _, gradient = network.gradient(parameters, x, y, np.zeros(1))
    every, analytic = entries_of("W1", parameters, probe), gradient["W1"].reshape(-1)
    slopes = central(every)[0]
    assert slopes.kinks.sum() == 4
    assert judge(analytic, slopes) == "right"

    def blind(index, values):
        moved, kinks = every.changes(index, values)
        return moved, np.zeros_like(kinks)

    assert judge(analytic, central(replace(every, changes=blind))[0]) == "wrong"
