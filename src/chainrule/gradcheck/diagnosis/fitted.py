"""Mistakes with a number in them: it is fitted at one point, and held against the others like any mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from chainrule.gradcheck.diagnosis import net as nets
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made, predicted
from chainrule.gradcheck.diagnosis.mistakes import Mistake
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step, Steps
from chainrule.gradcheck.leaves import Array

Layers = tuple[int, ...]


def fitted(point: Evidence) -> Iterator[Made]:
    """Every such mistake with the number that fits best."""
    depth = len(point.net().layers)
    everywhere = tuple(range(1, depth + 1))
    for step, places in (("error", (depth,)), ("weight", everywhere), ("bias", everywhere)):
        for layers in _all_and_each(places):
            yield from _factors(point, step, layers)
    for layers in _all_and_each(everywhere):
        yield from _penalties(point, layers)
    for layers in _all_and_each(everywhere[1:]):
        yield from _updates(point, layers)


def _all_and_each(places: Layers) -> list[Layers]:
    return [layers for layers in dict.fromkeys((places, *((layer,) for layer in places))) if layers]


def _factors(point: Evidence, step: str, layers: Layers) -> Iterator[Made]:
    """A step times a constant: 1 / a fixed batch size, 1 / ln of a base, or any."""
    scale = _solve(point, lambda k: _steps(step, layers, _times(step, k)))
    if scale is None or abs(scale) < 1e-12:
        return
    size = point.net().samples / scale
    if abs(size - round(size)) < 1e-6 * abs(size):
        sign = "" if size > 0 else ", and the sign is turned"
        words = f"divided by {abs(round(size))}, which is not the batch size of {{samples}}{sign}"
        yield _made("hard-wired-batch-size", step, _by_size(step, size), words, layers)
    for base in (2, 10):
        if abs(scale * np.log(base) - 1) < 1e-9:
            yield _made("wrong-log-base", step, _times(step, scale), f"a factor of 1 / ln {base}", layers)
    yield _made("unknown", step, _times(step, scale), f"{scale:.6g} x what it should be", layers)


def _penalties(point: Evidence, layers: Layers) -> Iterator[Made]:
    """The penalty's gradient times a constant, or a constant over N."""
    scale = _solve(point, lambda k: _steps("penalty", layers, _penalty_times(k)))
    if scale is None:
        return
    words = f"{scale:.6g} x the penalty's gradient"
    yield _made("regulariser-scaled", "penalty", _penalty_times(scale), words, layers)
    own = scale * point.net().samples
    words = f"{own:.6g} / N x the penalty's gradient"
    yield _made("regulariser-scaled", "penalty", _penalty_over_n(own), words, layers)


def _updates(point: Evidence, layers: Layers) -> Iterator[Made]:
    """Weights that were updated before the error went back through them."""
    for kind in ("gW", "dW"):
        rate = _solve_rate(point, layers, kind)
        if rate is None:
            continue
        words = f"the error went back through weights already updated with rate {rate:.4g}"
        back = Mistake("stale-weights", "propagate", _stale(rate, kind), words)
        yield Made((back,), (layers,))
        yield Made((back, Mistake("stale-weights", "penalty", _stale_penalty(rate), words)), (layers, layers))


def _made(cause: str, step: str, function: Step, words: str, layers: Layers) -> Made:
    return Made((Mistake(cause, step, function, words),), (layers,))


def _steps(step: str, layers: Sequence[int], function: Step) -> dict[tuple[str, int], Step]:
    return {(step, layer): function for layer in layers}


def _times(step: str, factor: float) -> Step:
    return lambda net, at: factor * nets.RIGHT[step](net, at)


def _by_size(step: str, size: float) -> Step:
    return lambda net, at: (net.samples / size) * nets.RIGHT[step](net, at)


def _penalty_times(factor: float) -> Step:
    return lambda net, at, name, value, gradient: (
        gradient + ((factor if name[0] == "W" else 1.0) * 2 * net.penalty.get(name, 0.0) * value)
    )


def _penalty_over_n(factor: float) -> Step:
    return lambda net, at, name, value, gradient: (
        gradient
        + ((factor / net.samples if name[0] == "W" else 1.0) * 2 * net.penalty.get(name, 0.0) * value)
    )


def _stale(rate: float, kind: str) -> Step:
    """Updated by the gradient with its penalty (gW), or before the penalty was added (dW)."""

    def step(net: Net, at: Layer) -> Array:
        dh: Array = at.G @ (at.W - rate * at.found[kind])
        return dh

    return step


def _stale_penalty(rate: float) -> Step:
    def step(net: Net, at: Layer, name: str, value: Array, gradient: Array) -> Array:
        stale = value - rate * gradient if name[0] == "W" else value
        return gradient + 2 * net.penalty.get(name, 0.0) * stale

    return step


def _solve(point: Evidence, steps: Callable[[float], Steps]) -> float | None:
    """The k at which steps that are linear in k give the gradient; None where they do not change it."""
    none, one = predicted(point, steps(0.0)), predicted(point, steps(1.0))
    if none is None or one is None:
        return None
    slope = np.concatenate([(b - a).reshape(-1) for a, b in zip(none, one, strict=True)])
    wanted = np.concatenate([(g - a).reshape(-1) for a, g in zip(none, point.analytic, strict=True)])
    size = float(slope @ slope)
    # Only where the step has an effect, so that another mistake elsewhere does not disturb the fit.
    wanted = np.where(slope != 0, wanted, 0.0)
    return float(slope @ wanted) / size if size > 0 and np.isfinite(wanted).all() else None


def _solve_rate(point: Evidence, layers: Sequence[int], kind: str) -> float | None:
    """The learning rate of an update made too early, from the highest layer that it spoils."""
    top = max(layers) - 1
    names = point.reading.layout.names(len(point.arrays))
    leaf = next((i for i, name in enumerate(names) if name.split("+")[0] == f"W{top}"), None)
    right = predicted(point, {})
    moved = predicted(point, _steps("propagate", layers, _stale(1e-3, kind)))
    if leaf is None or right is None or moved is None:
        return None
    slope = ((moved[leaf] - right[leaf]) / 1e-3).reshape(-1)
    wanted = (point.analytic[leaf] - right[leaf]).reshape(-1)
    size = float(slope @ slope)
    if size == 0 or not np.isfinite(wanted).all():
        return None
    rate = float(slope @ wanted) / size
    return rate if abs(rate) > 1e-12 else None
