"""Moving averages on the way back through batch norm: mean m and 1/sigma r of every unit, fitted to the gradient.

With g = gamma dJ/dout and z = (s - m) r, ds = r (g - mean(g) - z mean(g z)) is c1 (g - mean(g)) + c2 s + c3 for each
unit, with c1 = r and m = -c3 / c2. A unit gives as many equations as it has weights, and they must all hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.batchnorm import BATCHNORM_RUNNING_STATISTICS
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step, Steps
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made
from chainrule.gradcheck.diagnosis.mistakes import IMPOSSIBLE, Mistake


class _Statistics(NamedTuple):
    """Mean and 1/sigma of every unit (out,)."""

    mean: Array
    inverse_sigma: Array


_Fitting = Callable[[PlainLayer, Array], _Statistics]
"""The statistics that come nearest to the gradient of a layer's parameters (out, in + 1), the bias last."""

_Back = Callable[[PlainLayer, _Statistics], Array]
"""ds (N, out) with given statistics."""


def fitted(evidence: Evidence) -> Iterator[Made]:
    """Every way to use moving averages, in each layer and in all."""
    normalised = [at.index for at in evidence.net().layers if evidence.net().normalised(at)]
    for layers in dict.fromkeys((tuple(normalised), *((layer,) for layer in normalised))):
        if layers:
            for fit, back, gamma in (
                (_deviation, _with_the_deviation, False),
                (_both, _with_both, False),
                (_both, _with_both, True),
                (_both_centred, _with_both_centred, False),
                (_both_centred, _with_both_centred, True),
            ):
                made = _made(evidence, layers, fit, back, gamma)
                if made is not None:
                    yield made


def _made(
    evidence: Evidence, layers: tuple[int, ...], fit: _Fitting, back: _Back, gamma: bool
) -> Made | None:
    """The mistake with what fits here; at another point it may be other numbers, as averages move with every call."""
    statistics = _fitted_in(evidence, layers, fit, back)
    if statistics is None:
        return None
    words = "the way back is that of other statistics than the batch's, as of moving averages"

    def normalise_backward(net: PlainNet, layer: PlainLayer) -> Array:
        return back(layer, statistics[layer.index])

    def scale(net: PlainNet, layer: PlainLayer) -> Array:
        total: Array = (layer.dout * _normalised(layer, statistics[layer.index])).sum(axis=0)
        return total

    steps: list[tuple[str, Step]] = [("normalise_backward", normalise_backward)]
    steps += [("gamma", scale)] if gamma else []
    mistakes = tuple(Mistake(BATCHNORM_RUNNING_STATISTICS, name, step, words) for name, step in steps)
    again = partial(_made, layers=layers, fit=fit, back=back, gamma=gamma)
    return Made(mistakes, (layers,) * len(mistakes), again)


def _fitted_in(
    evidence: Evidence, layers: tuple[int, ...], fit: _Fitting, back: _Back
) -> dict[int, _Statistics] | None:
    """Fitted from the highest of the layers down: what is wrong above changes the error that arrives below."""
    reading, net = evidence.reading, evidence.net()
    given = {at.index: at for at in reading.layout.layers(evidence.checked.analytic)}
    statistics: dict[int, _Statistics] = {}
    steps: Steps = reading.form.steps(len(net.layers))
    for layer in reversed(layers):
        try:
            with np.errstate(all="ignore"):
                derivation.forward(net, steps)
                derivation.backward(net, steps)
                statistics[layer] = here = fit(net.layers[layer - 1], _of_the_data(net, given[layer]))
        except (*IMPOSSIBLE, np.linalg.LinAlgError):
            return None
        steps = {**steps, ("normalise_backward", layer): lambda _, at, here=here: back(at, here)}
    return statistics


def _of_the_data(net: PlainNet, gradient: PlainLayer) -> Array:
    """The gradient of a layer's weights without their penalty's, and of its bias (out, in + 1)."""
    own = net.layers[gradient.index - 1]
    dW = gradient.W - 2 * net.penalty.get(f"W{own.index}", 0.0) * own.W
    db = gradient.b if gradient.b is not None else np.zeros(len(dW))
    return np.column_stack([dW, db])


def _inputs(layer: PlainLayer) -> Array:
    """(N, in + 1), with ones for the bias if there is one."""
    last = np.zeros if layer.b is None else np.ones
    return np.column_stack([layer.h_in, last(len(layer.h_in))])


def _deviation(layer: PlainLayer, gradient: Array) -> _Statistics:
    """1/sigma alone is another one; the normalised scores are the batch's."""
    with_1 = _with_the_deviation(layer, _Statistics(layer.mean, np.ones(len(gradient)))).T @ _inputs(layer)
    inverse_sigma = (with_1 * gradient).sum(axis=1) / np.square(with_1).sum(axis=1)
    return _Statistics(layer.mean, inverse_sigma)


def _with_the_deviation(layer: PlainLayer, statistics: _Statistics) -> Array:
    g = derivation.scaled_error(layer)
    ds: Array = statistics.inverse_sigma * (g - g.mean(axis=0) - layer.s_hat * (g * layer.s_hat).mean(axis=0))
    return ds


def _both(layer: PlainLayer, gradient: Array) -> _Statistics:
    g, h = derivation.scaled_error(layer), _inputs(layer)
    c = [
        np.linalg.lstsq(
            h.T @ np.column_stack([g_j - g_j.mean(), s_j, np.ones(len(s_j))]), wanted, rcond=None
        )[0]
        for g_j, s_j, wanted in zip(g.T, layer.s.T, gradient, strict=True)
    ]
    c1, c2, c3 = np.array(c).T
    return _Statistics(-c3 / c2, c1)


def _with_both(layer: PlainLayer, statistics: _Statistics) -> Array:
    g, z = derivation.scaled_error(layer), _normalised(layer, statistics)
    ds: Array = statistics.inverse_sigma * (g - g.mean(axis=0) - z * (g * z).mean(axis=0))
    return ds


def _both_centred(layer: PlainLayer, gradient: Array) -> _Statistics:
    """As where the term of the mean is taken of both others: c3 is -c2 mean(s), and c2 says what m is."""
    g, h = derivation.scaled_error(layer), _inputs(layer)
    columns = zip(g.T, layer.s.T, gradient, strict=True)
    c = [
        np.linalg.lstsq(h.T @ np.column_stack([g_j - g_j.mean(), s_j - s_j.mean()]), wanted, rcond=None)[0]
        for g_j, s_j, wanted in columns
    ]
    c1, c2 = np.array(c).T
    return _Statistics(((g * layer.s).mean(axis=0) + c2 / c1**3) / g.mean(axis=0), c1)


def _with_both_centred(layer: PlainLayer, statistics: _Statistics) -> Array:
    g, z = derivation.scaled_error(layer), _normalised(layer, statistics)
    without_the_mean = g - z * (g * z).mean(axis=0)
    ds: Array = statistics.inverse_sigma * (without_the_mean - without_the_mean.mean(axis=0))
    return ds


def _normalised(layer: PlainLayer, statistics: _Statistics) -> Array:
    return (layer.s - statistics.mean) * statistics.inverse_sigma
