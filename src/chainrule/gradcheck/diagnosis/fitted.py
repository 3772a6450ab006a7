"""Mistakes with a number in them: it is fitted at one point, and held against the others like any mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.backpropagation import STALE_WEIGHTS
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.loss import HARD_WIRED_BATCH_SIZE, WRONG_LOG_BASE
from chainrule.gradcheck.catalogue.penalty import REGULARISER_SCALED
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import running_statistics
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step, Steps
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made, predicted
from chainrule.gradcheck.diagnosis.mistakes import Mistake, penalty
from chainrule.gradcheck.diagnosis.mistakes.mistake import scaled


def fitted(evidence: Evidence) -> Iterator[Made]:
    """Every such mistake with the number that fits best."""
    depth = len(evidence.net().layers)
    everywhere = tuple(range(1, depth + 1))
    for step, places in (("error", (depth,)), ("weight", everywhere), ("bias", everywhere)):
        for layers in _all_and_each(places):
            yield from _factors(evidence, step, layers)
    for layers in _all_and_each(everywhere):
        yield from _penalties(evidence, layers)
    for layers in _all_and_each(everywhere[1:]):
        yield from _updates(evidence, layers)
    yield from running_statistics.fitted(evidence)


def _all_and_each(places: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [layers for layers in dict.fromkeys((places, *((layer,) for layer in places))) if layers]


def _factors(evidence: Evidence, step: str, layers: tuple[int, ...]) -> Iterator[Made]:
    """A step times a constant: 1 / a fixed batch size, 1 / ln of a base, or any."""
    scale = _solve(evidence, lambda k: _steps(step, layers, scaled(step, lambda net: k)))
    if scale is None or abs(scale) < 1e-12:
        return
    size = evidence.net().samples / scale
    if abs(size - round(size)) < 1e-6 * abs(size):
        sign = "" if size > 0 else ", and the sign is turned"
        words = f"divided by {abs(round(size))}, which is not the batch size of {{samples}}{sign}"
        by_size = scaled(step, lambda net: net.samples / size)
        yield _made(HARD_WIRED_BATCH_SIZE, step, by_size, words, layers)
    by_scale = scaled(step, lambda net: scale)
    for base in (2, 10):
        if abs(scale * np.log(base) - 1) < 1e-9:
            yield _made(WRONG_LOG_BASE, step, by_scale, f"a factor of 1 / ln {base}", layers)
    yield _made(UNKNOWN, step, by_scale, f"{scale:.6g} x what it should be", layers)


def _penalties(evidence: Evidence, layers: tuple[int, ...]) -> Iterator[Made]:
    """The penalty's gradient times a constant, or a constant over N."""
    scale = _solve(evidence, lambda k: _steps("penalty", layers, penalty.times(lambda net: k)))
    if scale is None:
        return
    words = f"{scale:.6g} x the penalty's gradient"
    yield _made(REGULARISER_SCALED, "penalty", penalty.times(lambda net: scale), words, layers)
    own = scale * evidence.net().samples
    words = f"{own:.6g} / N x the penalty's gradient"
    over_n = penalty.times(lambda net: own / net.samples)
    yield _made(REGULARISER_SCALED, "penalty", over_n, words, layers)


def _updates(evidence: Evidence, layers: tuple[int, ...]) -> Iterator[Made]:
    """Weights that were updated before the error went back through them."""
    for kind in ("gW", "dW"):
        rate = _solve_rate(evidence, layers, kind)
        if rate is None:
            continue
        words = f"the error went back through weights already updated with rate {rate:.4g}"
        back = Mistake(STALE_WEIGHTS, "propagate", _stale(rate, kind), words)
        yield Made((back,), (layers,))
        yield Made((back, Mistake(STALE_WEIGHTS, "penalty", _stale_penalty(rate), words)), (layers, layers))


def _made(bug: Bug, step: str, function: Step, words: str, layers: tuple[int, ...]) -> Made:
    return Made((Mistake(bug, step, function, words),), (layers,))


def _steps(step: str, layers: tuple[int, ...], function: Step) -> Steps:
    return {(step, layer): function for layer in layers}


def _stale(rate: float, kind: str) -> Step:
    """Updated by the gradient with its penalty (gW), or before the penalty was added (dW)."""

    def step(net: PlainNet, at: PlainLayer) -> Array:
        dh: Array = at.G @ (at.W - rate * at.values[kind])
        return dh

    return step


def _stale_penalty(rate: float) -> Step:
    """That of weights from which the gradient of the data part was already taken."""
    return penalty.on("W", lambda net, W, dW, q: dW + 2 * q * (W - rate * dW))


def _solve(evidence: Evidence, steps: Callable[[float], Steps]) -> float | None:
    """The k at which steps that are linear in k give the gradient; None where they do not change it."""
    without, once = predicted(evidence, steps(0.0)), predicted(evidence, steps(1.0))
    if without is None or once is None:
        return None
    slope = _flat([b - a for a, b in zip(without, once, strict=True)])
    wanted = _flat([g - a for a, g in zip(without, evidence.checked.analytic, strict=True)])
    # Only where the step has an effect, so that another mistake elsewhere does not disturb the fit.
    return _nearest(slope, np.where(slope != 0, wanted, 0.0))


def _solve_rate(evidence: Evidence, layers: tuple[int, ...], kind: str) -> float | None:
    """The learning rate of an update made too early, from the highest layer that it spoils."""
    point = evidence.checked
    names = evidence.reading.layout.names(len(point.point.arrays))
    below = f"W{max(layers) - 1}"
    leaf = next((i for i, name in enumerate(names) if name.split("+")[0] == below), None)
    right = predicted(evidence, {})
    moved = predicted(evidence, _steps("propagate", layers, _stale(1e-3, kind)))
    if leaf is None or right is None or moved is None:
        return None
    slope = (moved[leaf] - right[leaf]) / 1e-3
    rate = _nearest(_flat([slope]), _flat([point.analytic[leaf] - right[leaf]]))
    return rate if rate is not None and abs(rate) > 1e-12 else None


def _flat(arrays: Sequence[Array]) -> Array:
    return np.concatenate([a.reshape(-1) for a in arrays])


def _nearest(slope: Array, wanted: Array) -> float | None:
    """k that brings k slope nearest to what is wanted; None where there is no best one."""
    size = float(slope @ slope)
    return float(slope @ wanted) / size if size > 0 and np.isfinite(wanted).all() else None
