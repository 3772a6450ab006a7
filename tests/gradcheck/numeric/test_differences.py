"""Numeric derivatives: exact where the cost carries complex numbers, central differences elsewhere."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.errors import CheckError
from chainrule.gradcheck.numeric import differences
from chainrule.gradcheck.numeric.differences import (
    CENTRAL_STEP,
    by_central_differences,
    by_complex_step,
    carries_complex,
    extrapolated,
    one_sided,
    realised_steps,
    taylor_order,
)
from support.points import point_of

W, B = np.array([[0.3, -1.2, 2.0], [0.7, 0.1, -0.4]]), np.array([0.5, -0.25])
X = np.array([1.0, -0.5, 0.25])
CURVED = 5e-5
"""About ten steps: differences are off in the third digit."""


def smooth(p):
    return np.sum(np.exp(p["W"] @ X) * np.sin(p["b"])) + np.sum(p["W"] ** 3)


def smooth_gradient(p):
    e = np.exp(p["W"] @ X)
    return {"W": np.outer(e * np.sin(p["b"]), X) + 3 * p["W"] ** 2, "b": e * np.cos(p["b"])}


def wave(p):
    return np.sum(np.sin(p["x"] / CURVED))


def point_with(cost, gradient=smooth_gradient, **parameters):
    return point_of(cost, gradient, parameters or {"W": W, "b": B})


def rng():
    return np.random.default_rng(0)


def relative(found, wanted):
    return np.linalg.norm(found - wanted) / np.linalg.norm(wanted)


def test_the_complex_step_is_exact_to_rounding():
    found = by_complex_step(point_with(smooth), rng())
    right = smooth_gradient({"W": W, "b": B})
    assert found.scheme == "complex step"
    assert relative(found.arrays[0], right["W"]) < 1e-14
    assert relative(found.arrays[1], right["b"]) < 1e-14
    assert 0 < found.floor < 1e-11


def test_central_differences_are_right_to_nine_digits():
    found = by_central_differences(point_with(smooth))
    right = smooth_gradient({"W": W, "b": B})
    assert found.scheme == "central differences"
    assert relative(found.arrays[0], right["W"]) < 1e-9
    assert relative(found.arrays[1], right["b"]) < 1e-9
    worst = max(np.abs(f - r).max() for f, r in zip(found.arrays, right.values(), strict=True))
    assert 1e-14 < worst < 1e-9


def test_central_differences_hold_for_large_and_small_entries():
    x = np.array([1e4, 1.0, 1e-4, -300.0])
    found = by_central_differences(point_with(lambda p: np.sum(p["x"] ** 2) / 2, x=x))
    np.testing.assert_allclose(found.arrays[0], x, atol=1e-2, rtol=1e-6)


def test_the_noise_floor_knows_terms_that_are_larger_than_their_sum():
    cancelling = point_with(lambda p: 1e3 * (p["x"][0] - p["x"][1]), x=np.array([3.0, 3.0]))
    assert by_central_differences(cancelling).floor == pytest.approx(
        10 * 2.22e-16 * 6e3 / CENTRAL_STEP, rel=1e-2
    )


def test_the_noise_floor_of_central_differences_grows_with_the_cost():
    floors = [
        by_central_differences(point_with(lambda p, k=k: k * (1 + np.sum(p["x"] ** 2)), x=B)).floor
        for k in (1e-8, 1.0, 1e4)
    ]
    size = 1 + np.sum(B**2)
    assert floors[1] == pytest.approx(10 * 2.22e-16 * size / CENTRAL_STEP, rel=1e-2)
    assert floors[0] == pytest.approx(1e-8 * floors[1], rel=1e-2)
    assert floors[2] == pytest.approx(1e4 * floors[1], rel=1e-2)


@pytest.mark.parametrize(
    "cost",
    [
        lambda p: np.sum(np.abs(p["x"]) ** 3),
        lambda p: np.linalg.norm(p["x"]),
        lambda p: float(np.sum(p["x"] ** 2)),
        lambda p: np.sum(np.array(p["x"], dtype=np.float64) ** 2),
        lambda p: np.sum(np.real(p["x"]) ** 2),
        lambda p: np.real(np.vdot(p["x"], p["x"])),
        lambda p: into_a_real_array(p["x"]),
        lambda p: sum(v**2 for v in p["x"] if v < 9) + np.sum(np.sqrt(p["x"] * np.conj(p["x"]))),
        lambda p: np.sum(np.maximum(p["x"], 0) * np.arctan2(p["x"], 1)),
    ],
    ids=["abs", "norm", "float", "cast", "real", "vdot", "assignment", "conj", "arctan2"],
)
def test_a_cost_that_breaks_complex_numbers_falls_back_to_central_differences(cost):
    x = np.array([0.5, -1.5, 2.0])
    point = point_with(cost, x=x)
    assert not carries_complex(point, rng())
    assert by_complex_step(point, rng()) is None
    found = differences.gradient(point, rng())
    assert found.scheme == "central differences"
    h = 1e-5
    right = [(cost({"x": x + h * e}) - cost({"x": x - h * e})) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(found.arrays[0], right, rtol=1e-7, atol=1e-9)


def into_a_real_array(x):
    out = np.zeros(3)
    out[:] = x
    return np.sum(out**2)


def test_a_cast_in_a_term_that_is_hardly_heard_is_noticed():
    x = np.array([0.5, -1.5, 2.0])
    point = point_with(lambda p: np.sum(p["x"] ** 2) + 1e-7 * into_a_real_array(p["x"]), x=x)
    assert differences.gradient(point, rng()).scheme == "central differences"


def test_one_tensor_that_breaks_complex_numbers_is_enough_to_fall_back():
    point = point_with(lambda p: smooth(p) + np.linalg.norm(p["b"]))
    assert differences.gradient(point, rng()).scheme == "central differences"


@pytest.mark.parametrize(
    "cost",
    [
        lambda p: np.sum(np.maximum(p["x"], 0) ** 2),
        lambda p: np.log(np.sum(np.exp(p["x"] - p["x"].max()))),
        lambda p: np.sum(np.where(p["x"] > 0, p["x"], 0.1 * p["x"])),
        lambda p: np.max(p["x"]) ** 2,
    ],
    ids=["relu", "softmax", "leaky", "max"],
)
def test_comparisons_and_maxima_follow_the_real_part(cost):
    x = np.array([0.5, -1.5, 2.0])
    point = point_with(cost, x=x)
    found = differences.gradient(point, rng())
    assert found.scheme == "complex step"
    central = by_central_differences(point)
    np.testing.assert_allclose(found.arrays[0], central.arrays[0], atol=1e-8)


def test_a_kink_at_the_point_does_not_discredit_the_complex_step():
    x = np.array([0.0, 1.0, -1.0])
    point = point_with(lambda p: np.sum(np.maximum(p["x"], 0) * [5.0, 1, 1]), x=x)
    assert carries_complex(point, rng())


def test_realised_steps_are_what_addition_makes_of_them():
    x = np.array([0.0, 1.0, 3.7, 1e6, -0.3])
    steps = realised_steps(x, CENTRAL_STEP)
    np.testing.assert_array_equal((x + steps) - x, steps)
    np.testing.assert_allclose(steps, CENTRAL_STEP * np.maximum(1, np.abs(x)), rtol=1e-4)
    assert steps[3] > 1


def test_every_shape_of_parameter_keeps_its_shape():
    shapes = [(2, 3), (4,), (1, 1), (), (2, 0)]
    arrays = [np.full(shape, 0.5) for shape in shapes]
    point = point_with(
        lambda p: sum(np.sum(a**2) for a in p.values()), **{f"p{i}": a for i, a in enumerate(arrays)}
    )
    for found in (by_complex_step(point, rng()), by_central_differences(point)):
        assert [a.shape for a in found.arrays] == shapes
        for a in found.arrays:
            np.testing.assert_allclose(a, 1.0, rtol=1e-8)


def test_one_sided_slopes_lie_on_their_sides():
    x = np.array([3.0, 0.0])
    point = point_with(lambda p: np.sum(np.where(p["x"] > 0, 2 * p["x"], -p["x"])), x=x)
    for size in (1e-3, 1e-5):
        flat, bent = one_sided(point, 0, np.array([0, 1]), size)
        assert (bent.below, bent.above, bent.gap) == tuple(map(pytest.approx, (-1, 2, 3)))
        assert (flat.below, flat.above) == (pytest.approx(2), pytest.approx(2))
        assert (flat.h, bent.h) == (pytest.approx(3 * size), pytest.approx(size))


def test_extrapolated_differences_are_right_where_the_cost_curves_within_a_step():
    x = np.array([0.3, -0.2, 0.1])
    point, right = point_with(wave, x=x), np.cos(x / CURVED) / CURVED
    given = by_central_differences(point).arrays[0]
    errors = [relative(extrapolated(point, 0, np.arange(3), given, times), right) for times in (1, 2)]
    assert relative(given, right) > 1e-3 > errors[0] > errors[1]


def test_the_remainder_of_the_right_gradient_is_of_second_order():
    g = list(smooth_gradient({"W": W, "b": B}).values())
    assert taylor_order(point_with(smooth), g, rng()) == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("factor", [1.01, 0.5, -1, 0])
def test_the_remainder_of_a_wrong_gradient_is_of_first_order(factor):
    g = [factor * a for a in smooth_gradient({"W": W, "b": B}).values()]
    assert taylor_order(point_with(smooth), g, rng()) == pytest.approx(1, abs=0.05)


def test_a_remainder_of_nothing_but_noise_is_refused():
    point = point_with(lambda p: np.sum(p["x"]), x=B)
    with pytest.raises(CheckError, match="noise at every step"):
        taylor_order(point, [np.ones(2)], rng())


UNARY = {
    "sin": np.sin, "tanh": np.tanh, "bell": lambda x: np.exp(-(x**2)),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
}  # fmt: skip
OF_AUTOGRAD = {
    "sin": anp.sin, "tanh": anp.tanh, "bell": lambda x: anp.exp(-(x**2)),
    "logistic": lambda x: 1 / (1 + anp.exp(-x)),
}  # fmt: skip


def chain(functions, names, A, x):
    for name in names:
        x = functions[name](A @ x)
    return (x**2).sum() + (A**2).sum() * 0.1


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(st.sampled_from(sorted(UNARY)), min_size=1, max_size=3),
    seed=st.integers(0, 10_000),
    size=st.integers(1, 4),
)
def test_random_smooth_functions_have_the_derivative_that_autograd_finds(names, seed, size):
    drawn = np.random.default_rng(seed)
    A, x = 0.6 * drawn.standard_normal((size, size)), drawn.standard_normal(size)
    point = point_of(lambda p: chain(UNARY, names, p["A"], p["x"]), smooth_gradient, {"A": A, "x": x})
    right = autograd.grad(lambda pair: chain(OF_AUTOGRAD, names, *pair))((A, x))
    scale = max(np.abs(r).max() for r in right) + 1e-3
    exact = by_complex_step(point, rng())
    central = by_central_differences(point)
    for r, e, c in zip(right, exact.arrays, central.arrays, strict=True):
        np.testing.assert_allclose(e, r, rtol=0, atol=1e-13 * scale)
        np.testing.assert_allclose(c, r, rtol=0, atol=1e-6 * scale)


def test_lost_slopes_of_one_size_do_not_cancel():
    point = point_with(lambda p: np.sum(np.abs(p["x"]) + p["x"] ** 2), x=np.array([0.5, -1.5]))
    assert not any(carries_complex(point, np.random.default_rng(seed)) for seed in range(40))
