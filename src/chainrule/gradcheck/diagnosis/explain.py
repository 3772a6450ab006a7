"""Causes from a net that was recognised: every known mistake is made on purpose, and the gradient it gives compared.

A mistake explains a gradient when it gives the same numbers to rounding, in every tensor, at every point that was
tried: with fewer samples, other parameters, another l2. Where no single one does, two are tried together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chainrule.gradcheck.diagnosis import mistakes as catalogue
from chainrule.gradcheck.diagnosis import net as nets
from chainrule.gradcheck.diagnosis.mistakes import Mistake, NotHere
from chainrule.gradcheck.diagnosis.net import Layer, Net, Step, Steps
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.leaves import Array
from chainrule.gradcheck.subject import Data

MATCH = 1e-8
SINGLE_MATCH = 1e-4


@dataclass(frozen=True)
class Evidence:
    """A gradient at one point, and the cost's reading there.

    Attributes:
        arrays, data: the point.
        analytic, numeric: the gradients, one array for each leaf.
        reading: with the penalty's factors as they are there.
    """

    arrays: list[Array]
    data: Data
    analytic: list[Array]
    numeric: list[Array]
    reading: Reading

    def net(self) -> Net:
        """The net here."""
        return self.reading.net(self.arrays, self.data)


@dataclass(frozen=True)
class Made:
    """A mistake made in some layers; or two."""

    mistakes: tuple[Mistake, ...]
    layers: tuple[tuple[int, ...], ...]

    def steps(self) -> dict[tuple[str, int], Step]:
        return {
            (mistake.step, layer): mistake.function
            for mistake, layers in zip(self.mistakes, self.layers, strict=True)
            for layer in layers
        }

    def also(self, other: Made) -> Made:
        return Made(self.mistakes + other.mistakes, self.layers + other.layers)


def predicted(evidence: Evidence, wrong: Steps) -> list[Array] | None:
    """The gradient that mistaken steps give at a point, as the user's arrays lie; None where they cannot be made."""
    net = evidence.net()
    steps = evidence.reading.form.steps(len(net.layers)) | dict(wrong)
    try:
        with np.errstate(all="ignore"):
            nets.forward(net, steps)
            return evidence.reading.layout.put_back(nets.backward(net, steps), evidence.arrays)
    except NotHere:
        return None
    except (ValueError, IndexError, AttributeError):
        # A mistake whose shapes do not fit this net is none that its author can have made.
        return None


def same(a: Array, b: Array) -> bool:
    """Whether two gradients are equal but for rounding."""
    tolerance = SINGLE_MATCH if min(a.dtype.itemsize, b.dtype.itemsize) < 8 else MATCH
    size = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    return bool(float(np.linalg.norm(a - b)) <= tolerance * size + 1e-13)


def explanations(points: Sequence[Evidence]) -> list[Made]:
    """Every mistake, or pair of them, that explains the gradient at all points; the simplest only."""
    right = predicted(points[0], {})
    if right is None:
        return []
    named = list(_placed(points[0]))
    hits = _agreeing(points[0], named, right)
    found = _whole(hits, points)
    if found:
        return found
    with_numbers = list(_fitted(points))
    hits += _agreeing(points[0], with_numbers, right)
    return _whole(hits, points) or _pairs(points, [*named, *with_numbers], hits, right)


def _agreeing(point: Evidence, candidates: Sequence[Made], right: Sequence[Array]) -> list[tuple[Made, list[bool]]]:
    """Which tensors each mistake explains, of those mistakes that change anything."""
    found = []
    for made in candidates:
        gradient = predicted(point, made.steps())
        if gradient is not None and not all(same(a, b) for a, b in zip(gradient, right, strict=True)):
            found.append((made, [same(g, a) for g, a in zip(gradient, point.analytic, strict=True)]))
    return found


def _whole(hits: Sequence[tuple[Made, list[bool]]], points: Sequence[Evidence]) -> list[Made]:
    return [made for made, explained in hits if all(explained) and _holds(made, points[1:])]


def _holds(made: Made, points: Sequence[Evidence]) -> bool:
    for point in points:
        gradient = predicted(point, made.steps())
        if gradient is None or not all(same(g, a) for g, a in zip(gradient, point.analytic, strict=True)):
            return False
    return True


_SEEDS = 12


def _pairs(
    points: Sequence[Evidence],
    candidates: Sequence[Made],
    hits: Sequence[tuple[Made, list[bool]]],
    right: Sequence[Array],
) -> list[Made]:
    """Two mistakes at once: those that explain something, each with any other."""
    already = sum(same(g, a) for g, a in zip(right, points[0].analytic, strict=True))
    useful = sorted((h for h in hits if sum(h[1]) > already), key=lambda h: -sum(h[1]))[:_SEEDS]
    for made, _ in useful:
        found = []
        for other in candidates:
            pair = made.also(other)
            if len(pair.steps()) > max(len(made.steps()), len(other.steps())) and _holds(pair, points):
                found.append(pair)
        if found:
            return found
    return []


def _placed(point: Evidence) -> Iterator[Made]:
    """Every mistake of the catalogue, in all layers that have its step, in some, in each."""
    net = point.net()
    depth = len(net.layers)
    normalised = tuple(at.index for at in net.layers if net.normalised(at))
    everywhere = tuple(range(1, depth + 1))
    where = {
        "error": (depth,),
        "weight": everywhere, "bias": everywhere, "penalty": everywhere,
        "propagate": everywhere[1:], "rectify_backward": everywhere[:-1],
        "gamma": normalised, "beta": normalised, "normalise_backward": normalised, "statistics": normalised,
        "scale_and_shift": normalised, "scores": (depth,),
    }  # fmt: skip
    for mistake in [*catalogue.everything(), *_shared()]:
        places = where.get(mistake.step, ())
        for layers in dict.fromkeys((places, *((l,) for l in places), places[:-1], places[1:])):
            if layers:
                yield Made((mistake,), (layers,))


def _shared() -> list[Mistake]:
    """Mistakes that a cost and a gradient can share: in the gradient alone they are the gradient's."""
    return [
        Mistake("scores-clipped", "scores", lambda net, at: np.maximum(at.out, 0.0), "the scores are clipped at 0"),
    ]


# Mistakes with a number in them, which is fitted at the first point and held against the others.


def _fitted(points: Sequence[Evidence]) -> Iterator[Made]:
    net = points[0].net()
    depth = len(net.layers)
    everywhere = tuple(range(1, depth + 1))
    for step, places in (("error", (depth,)), ("weight", everywhere), ("bias", everywhere)):
        for layers in dict.fromkeys((places, *((l,) for l in places))):
            scale = _solve(points[0], lambda k, step=step, layers=layers: _steps(step, layers, _times(step, k)))
            if scale is None or abs(scale) < 1e-12:
                continue
            size = net.samples / scale
            if abs(size - round(size)) < 1e-6 * abs(size) and round(size) >= 1:
                words = f"divided by {round(size)}, which is not the batch size of {{samples}}"
                yield Made((Mistake("hard-wired-batch-size", step, _by_size(step, size), words),), (layers,))
            for base in (2, 10):
                if abs(scale * np.log(base) - 1) < 1e-9:
                    words = f"a factor of 1 / ln {base}"
                    yield Made((Mistake("wrong-log-base", step, _times(step, scale), words),), (layers,))
            yield Made((Mistake("unknown", step, _times(step, scale), f"{scale:.6g} x what it should be"),), (layers,))
    for layers in dict.fromkeys((everywhere, *((l,) for l in everywhere))):
        scale = _solve(points[0], lambda k, layers=layers: _steps("penalty", layers, _penalty_times(k)))
        if scale is not None:
            words = f"{scale:.6g} x the penalty's gradient"
            yield Made((Mistake("regulariser-scaled", "penalty", _penalty_times(scale), words),), (layers,))
            own = scale * net.samples
            words = f"{own:.6g} / N x the penalty's gradient"
            yield Made((Mistake("regulariser-scaled", "penalty", _penalty_over_n(own), words),), (layers,))
    for layers in dict.fromkeys((everywhere[1:], *((l,) for l in everywhere[1:]))):
        if layers:
            rate = _solve_rate(points[0], layers)
            if rate is not None:
                words = f"the error went back through weights already updated with rate {rate:.4g}"
                yield Made((Mistake("stale-weights", "propagate", _stale(rate), words),), (layers,))


def _steps(step: str, layers: Sequence[int], function: Step) -> dict[tuple[str, int], Step]:
    return {(step, layer): function for layer in layers}


def _times(step: str, factor: float) -> Step:
    return lambda net, at: factor * nets.RIGHT[step](net, at)


def _by_size(step: str, size: float) -> Step:
    return lambda net, at: (net.samples / size) * nets.RIGHT[step](net, at)


def _penalty_times(factor: float) -> Step:
    return lambda net, at, name, value, gradient: gradient + (
        (factor if name[0] == "W" else 1.0) * 2 * net.penalty.get(name, 0.0) * value
    )


def _penalty_over_n(factor: float) -> Step:
    return lambda net, at, name, value, gradient: gradient + (
        (factor / net.samples if name[0] == "W" else 1.0) * 2 * net.penalty.get(name, 0.0) * value
    )


def _stale(rate: float) -> Step:
    def step(net: Net, at: Layer) -> Array:
        dh: Array = at.G @ (at.W - rate * at.gW)
        return dh

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


def _solve_rate(point: Evidence, layers: Sequence[int]) -> float | None:
    """The learning rate of an update made too early, from the highest layer that it spoils."""
    top = max(layers) - 1
    names = point.reading.layout.names(len(point.arrays))
    leaf = next((i for i, name in enumerate(names) if name.split("+")[0] == f"W{top}"), None)
    right = predicted(point, {})
    moved = predicted(point, _steps("propagate", layers, _stale(1e-3)))
    if leaf is None or right is None or moved is None:
        return None
    slope = ((moved[leaf] - right[leaf]) / 1e-3).reshape(-1)
    wanted = (point.analytic[leaf] - right[leaf]).reshape(-1)
    size = float(slope @ slope)
    if size == 0 or not np.isfinite(wanted).all():
        return None
    rate = float(slope @ wanted) / size
    return rate if abs(rate) > 1e-12 else None


def repaired(reading: Reading) -> list[tuple[str, str, Reading]]:
    """What is odd about a cost: the cause, its words, and the reading without it."""
    found: list[tuple[str, str, Reading]] = []
    if reading.form.mistake is not None:
        right = replace(reading, form=replace(reading.form, mistake=None))
        found.append((reading.form.mistake.cause, reading.form.mistake.words, right))
    found += _odd_factor(reading) + _odd_penalty(reading)
    if ("", "constant") in reading.odd and reading.form.loss == "hinge":
        value = reading.odd["", "constant"]
        rest = {key: v for key, v in reading.odd.items() if key != ("", "constant")}
        words = f"the cost is too large by {value:.6g}, the margin: it counts the correct class"
        found.append(("hinge-correct-class", words, replace(reading, odd=rest)))
    return found


def _odd_factor(reading: Reading) -> list[tuple[str, str, Reading]]:
    found = []
    for base in (10, 2):
        if abs(reading.factor * np.log(base) - 1) < 1e-7:
            words = f"the cost is that of natural logarithms divided by ln {base}"
            found.append(("wrong-log-base", words, replace(reading, factor=1.0)))
    return found


def _odd_penalty(reading: Reading) -> list[tuple[str, str, Reading]]:
    odd = {name: (kind, value) for (name, kind), value in reading.odd.items() if name}
    if not odd:
        return []
    right = reading.penalty | {name: abs(value) for name, (_, value) in odd.items()}
    kinds = {"sum": "the sum of its entries", "absolute": "the sum of absolute values", "norm": "its norm, not squared"}
    words = "the cost penalises " + ", ".join(f"{name} by {kinds[kind]}" for name, (kind, _) in odd.items())
    rest = {key: v for key, v in reading.odd.items() if not key[0]}
    return [("penalty-not-squared", words, replace(reading, penalty=right, odd=rest))]
