"""Causes for a layer by itself: affine, activations and batch norm are known by what they compute.

A layer is checked with the sum of its outputs times dJ/dout for its cost. Where that is the last of the data, the cost
is linear in it, and gives the outputs back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.diagnosis import derivation, mistakes
from chainrule.gradcheck.diagnosis.activations import OTHERS, RELU, PlainActivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.evidence import LIKELY, same
from chainrule.gradcheck.diagnosis.mending import RightValue
from chainrule.gradcheck.diagnosis.mistakes import IMPOSSIBLE
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Cause


@dataclass(frozen=True)
class _Known:
    """A layer that was recognised: the steps of its backward pass, one for each input, and how inputs lie.

    Attributes:
        net, layer: as the diagnosis writes them, filled in.
        steps: the name of the step that gives each input's gradient.
        transposed: for each input, whether the user's array is the transpose.
    """

    net: PlainNet
    layer: PlainLayer
    steps: tuple[str, ...]
    transposed: tuple[bool, ...]

    @property
    def changeable(self) -> tuple[str, ...]:
        """The steps that a mistake may change."""
        return (*self.steps, *(("slope",) if "activate_backward" in self.steps else ()))

    def gradient(self, wrong: dict[str, Step], shapes: Sequence[tuple[int, ...]]) -> list[Array]:
        """The gradient of every input as the user's arrays lie."""
        if "activate_backward" in self.steps:
            self.layer.values["slope"] = wrong.get("slope", derivation.RIGHT["slope"])(self.net, self.layer)
        gradients = []
        for step, transposed, shape in zip(self.steps, self.transposed, shapes, strict=True):
            value = wrong.get(step, derivation.RIGHT[step])(self.net, self.layer)
            gradients.append((value.T if transposed else value).reshape(shape))
        return gradients


_MOST_OUTPUTS = 200


def outputs(point: Point) -> tuple[Array, Array] | None:
    """The output of a layer, and dJ/dout; None where the cost is not linear in the last of its data."""
    dout = point.data[-1] if point.data else None
    if not isinstance(dout, np.ndarray) or dout.dtype.kind != "f" or not 0 < dout.size <= _MOST_OUTPUTS:
        return None

    def cost(value: Array) -> float:
        return float(np.real(point.with_data([*point.data[:-1], value]).cost()))

    try:
        whole, twice, nothing = cost(dout), cost(2 * dout), cost(0 * dout)
        if nothing != 0 or not np.isclose(twice, 2 * whole, rtol=1e-12, atol=0):
            return None
        units = np.eye(dout.size).reshape(dout.size, *dout.shape)
        return np.array([cost(unit) for unit in units]).reshape(dout.shape), dout
    except Exception:
        # Of another size, or drawn: no dJ/dout.
        return None


def causes(out: Array, dout: Array, here: CheckedPoint) -> list[Cause]:
    """Every known mistake that gives exactly the user's gradients.

    Where the features are as many as the samples but one, what divides by their number is the same as what divides by
    N - 1: with fewer samples it is not.
    """
    found = _explaining(out, dout, here.point, here.analytic)
    fewer = _with_fewer_samples(here.point, out, dout) if found else None
    if fewer is not None:
        still = _explaining(*fewer)
        found = {bug: cause for bug, cause in found.items() if bug in still}
    wrong = here.names_not_right
    return [
        mistake.bug.cause(wrong, LIKELY, f"{', '.join(wrong)}: {mistake.said(net)}", mistake.repair)
        for mistake, net in found.values()
    ]


def _explaining(
    out: Array, dout: Array, point: Point, gradient: Sequence[Array]
) -> dict[Bug, tuple[mistakes.Mistake, PlainNet]]:
    """A mistake of each kind that gives exactly these gradients, with the net in whose derivation it is made."""
    found: dict[Bug, tuple[mistakes.Mistake, PlainNet]] = {}
    for known in _recognised(point.arrays, out, dout):
        for mistake in mistakes.everything():
            if mistake.step not in known.changeable or mistake.bug in found:
                continue
            try:
                with np.errstate(all="ignore"):
                    made = known.gradient({mistake.step: mistake.function}, [a.shape for a in point.arrays])
            except IMPOSSIBLE:
                continue
            if all(same(g, a) for g, a in zip(made, gradient, strict=True)):
                found[mistake.bug] = mistake, known.net
    return found


def _with_fewer_samples(
    point: Point, out: Array, dout: Array
) -> tuple[Array, Array, Point, list[Array]] | None:
    """The outputs, dJ/dout, the point and the gradient with two samples fewer, where the features are as many as the
    samples but one; None where they are not, or it does not run with fewer."""
    x = point.arrays[0]
    if x.shape != out.shape or x.ndim != 2 or abs(x.shape[0] - x.shape[1]) != 1:
        return None
    kept = np.s_[:-2] if x.shape[0] > x.shape[1] else np.s_[:, :-2]
    try:
        arrays = [x[kept], *point.arrays[1:]]
        fewer = point.with_arrays(arrays).with_data([*point.data[:-1], dout[kept]])
        gradient = fewer.gradient()
        there = outputs(fewer)
    except Exception:
        # Whatever the user's code raises, it is made for as many samples as there are.
        return None
    return None if there is None else (*there, fewer, gradient)


def right_values(arrays: Sequence[Array], out: Array, dout: Array) -> list[RightValue]:
    """The right intermediate values of the layer, where it is known."""
    values = []
    for known in _recognised(arrays, out, dout):
        for step in known.steps:
            values.append(RightValue(step, 1, derivation.RIGHT[step](known.net, known.layer)))
        values += [RightValue(kind, 1, array) for kind, array in known.layer.values.items()]
    return values


def _recognised(arrays: Sequence[Array], out: Array, dout: Array) -> Iterator[_Known]:
    """Every known layer that gives this output for these inputs."""
    if arrays[0].ndim != 2:
        return
    for columns in (False, True):
        x, o, g = (v.T if columns else v for v in (arrays[0], out, dout))
        if o.ndim != 2 or x.shape[0] != o.shape[0]:
            continue
        yield from _affine(arrays, x, o, g, columns)
        yield from _activation(arrays, x, o, g, columns)
        yield from _batch_norm(arrays, x, o, g, columns)


def _net(layer: PlainLayer, eps: float | None = None, activation: PlainActivation = RELU) -> PlainNet:
    """A net of this layer alone, with labels and a loss that mean nothing."""
    y = np.zeros(len(layer.h_in), dtype=int)
    return PlainNet([layer], layer.h_in, y, "cross_entropy", eps, activation=activation)


def _affine(arrays: Sequence[Array], x: Array, out: Array, g: Array, columns: bool) -> Iterator[_Known]:
    if not 2 <= len(arrays) <= 3 or arrays[1].ndim != 2:
        return
    for transposed in (False, True):
        W = arrays[1].T if transposed else arrays[1]
        b = arrays[2].reshape(-1) if len(arrays) == 3 else None
        if W.shape != (out.shape[1], x.shape[1]) or (b is not None and b.size != len(W)):
            continue
        layer = PlainLayer(1, W, b, values={"h_in": x, "G": g})
        net = _net(layer)
        layer.values["s"] = layer.values["out"] = s = derivation.affine(net, layer)
        if np.allclose(s, out):
            steps, lie = ("propagate", "weight", "bias"), (columns, transposed, False)
            yield _Known(net, layer, steps[: len(arrays)], lie[: len(arrays)])


def _activation(arrays: Sequence[Array], x: Array, out: Array, g: Array, columns: bool) -> Iterator[_Known]:
    if len(arrays) > 1 or x.shape != out.shape:
        return
    for activation in (RELU, *OTHERS):
        h = activation.function(x)
        if np.allclose(h, out):
            values = {"h_in": x, "s": x, "out": x, "h": h, "dh": g, "slope": activation.slope(x)}
            layer = PlainLayer(1, np.eye(x.shape[1]), values=values)
            yield _Known(_net(layer, activation=activation), layer, ("activate_backward",), (columns,))
            return


def _batch_norm(arrays: Sequence[Array], x: Array, out: Array, g: Array, columns: bool) -> Iterator[_Known]:
    vectors = [a.reshape(-1) for a in arrays[1:]]
    if len(arrays) not in (1, 3) or x.shape != out.shape or any(v.size != x.shape[1] for v in vectors):
        return
    gamma, beta = vectors if vectors else (None, None)
    for eps in derivation.EPSILONS:
        layer = PlainLayer(1, np.eye(x.shape[1]), None, gamma, beta, {"h_in": x, "s": x, "dout": g})
        net = _net(layer, eps)
        layer.values["mean"], layer.values["inverse_sigma"] = derivation.statistics(net, layer)
        layer.values["s_hat"] = (x - layer.mean) * layer.inverse_sigma
        layer.values["out"] = derivation.scale_and_shift(net, layer)
        if np.allclose(layer.out, out, rtol=1e-9, atol=1e-12):
            steps, lie = ("normalise_backward", "gamma", "beta"), (columns, False, False)
            yield _Known(net, layer, steps[: len(arrays)], lie[: len(arrays)])
            return
