"""Numbers that agree and say nothing: most of a gradient excused by kinks, or below the noise of the differences."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.numeric import doubts
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.plain_nets import SMALL, squares, twice
from support.points import point_of


def rng():
    return np.random.default_rng(0)


def checked(own_cost, own_gradient, parameters=SMALL, data=()):
    return compare_at(point_of(own_cost, own_gradient, parameters, data), rng())


def test_a_smooth_cost_needs_no_second_point():
    assert doubts.beside_kinks([checked(squares, twice)], rng()) == []


def rectified(p):
    return sum(np.maximum(a, 0).sum() for a in p.values())


def mask(p):
    return {name: 1.0 * (a > 0) for name, a in p.items()}


def test_a_point_at_kinks_is_tried_close_beside():
    at_kinks = checked(lambda p: float(rectified(p)), mask, {"w": np.zeros(2), "v": np.ones(3)})
    assert (at_kinks.verdict, at_kinks.kinks) == ("right", 2)
    (beside,) = doubts.beside_kinks([at_kinks], rng())
    assert (beside.verdict, beside.kinks) == ("right", 0)
    assert check_gradient(lambda p: float(rectified(p)), mask, {"w": np.zeros(2), "v": np.ones(3)}).right


def test_a_cost_that_bends_wherever_it_was_asked_for_a_gradient_is_refused():
    asked = []

    def wrong(p):
        asked.append({name: value.copy() for name, value in p.items()})
        return {name: 1.3 * g for name, g in twice(p).items()}

    def bent(p):
        return squares(p) + 1e3 * min((sum(np.abs(p[n] - c[n]).sum() for n in p) for c in asked), default=0.0)

    at = checked(bent, wrong)
    assert at.verdict == "right"
    assert min(tensor.excused for tensor in at.tensors) > 0.1
    with pytest.raises(
        CheckError, match=r"the cost: bends at \d of the \d entries of \w, wherever it is tried"
    ):
        doubts.beside_kinks([at], rng())


def loud(p):
    return float(squares(p) + 1e10 * (p["v"] ** 2).sum())


@pytest.mark.parametrize("factor", [0.0, 1.3, -1.0])
def test_a_gradient_below_the_noise_is_refused(factor):
    def drowned(p):
        return {"w": factor * twice(p)["w"], "v": twice(p)["v"] + 2e10 * p["v"]}

    at = checked(lambda p: loud({n: np.real(v) for n, v in p.items()}), drowned)
    assert at.verdict == "right"
    with pytest.raises(
        CheckError, match=r"the gradient of w: lies below the noise of the differences, \S+ an entry"
    ):
        doubts.refuse_drowned([at])


def test_zeros_that_are_none_of_the_noise_are_right():
    def centred(p):
        w = p["w"] - p["w"].mean()
        return float((np.sin(np.real(p["v"])).sum() + 1) ** 2 + (0 * w).sum() + np.ptp(np.real(p["w"] * 0)))

    def slope(p):
        return {"w": np.zeros_like(p["w"]), "v": 2 * (np.sin(p["v"]).sum() + 1) * np.cos(p["v"])}

    at = checked(centred, slope, {"w": np.ones(2), "v": np.array([0.1, 0.2, 0.3])})
    assert at.scheme == "central differences"
    doubts.refuse_drowned([at])


def test_a_point_at_which_the_gradient_is_zero_is_right():
    at = checked(
        lambda p: float(1 + (p["w"] ** 2).sum() + np.real(p["v"] ** 2).sum()),
        lambda p: {"w": 2 * p["w"], "v": 2 * p["v"]},
        {"w": np.zeros(2), "v": np.ones(3)},
    )
    doubts.refuse_drowned([at])


def attention(p):
    """The cost of an attention whose softmax does not change with the key's bias, shifted to be almost 0."""
    x = np.linspace(-1, 1, 24).reshape(4, 6)
    q, k = x @ p["Wq"], x @ p["Wk"] + p["bk"]
    e = np.exp(q @ k.T)
    return x, q, k, e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(5))
def test_the_gradient_of_a_keys_bias_is_zero_to_rounding_however_small_the_cost(seed):
    rng_ = np.random.default_rng(seed)
    p = {"Wq": rng_.normal(size=(6, 3)), "Wk": rng_.normal(size=(6, 3)), "bk": rng_.normal(size=3)}
    R = rng_.normal(size=(4, 6))
    offset = float(np.sum(attention(p)[3] @ attention(p)[0] * R)) - 1e-6

    def cost(p):
        x, _, _, a = attention(p)
        return float(np.sum(a @ x * R)) - offset

    def gradient(p):
        x, q, k, a = attention(p)
        da = R @ x.T
        ds = a * (da - np.sum(a * da, axis=1, keepdims=True))
        dk = ds.T @ q
        return {"Wq": x.T @ (ds @ k), "Wk": x.T @ dk, "bk": dk.sum(axis=0)}

    doubts.refuse_drowned([compare_at(point_of(cost, gradient, p, ()), rng())])
