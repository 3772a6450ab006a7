"""Causes from a net that was recognised: every known mistake is made on purpose, and the gradient it gives compared.

A mistake explains a gradient when it gives the same numbers to rounding, in every tensor, at every point that was
tried: with fewer samples, other parameters, another l2. Where no single one does, two are tried together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from chainrule.gradcheck.diagnosis import mistakes as catalogue
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made, predicted, same
from chainrule.gradcheck.diagnosis.fitted import fitted
from chainrule.gradcheck.diagnosis.mistakes import Mistake
from chainrule.gradcheck.leaves import Array


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
    with_numbers = list(fitted(points[0]))
    hits += _agreeing(points[0], with_numbers, right)
    return _whole(hits, points) or _pairs(points, [*named, *with_numbers], hits, right)


def _agreeing(
    point: Evidence, candidates: Sequence[Made], right: Sequence[Array]
) -> list[tuple[Made, list[bool]]]:
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
        for layers in dict.fromkeys((places, *((layer,) for layer in places), places[:-1], places[1:])):
            if layers:
                yield Made((mistake,), (layers,))


def _shared() -> list[Mistake]:
    """Mistakes that a cost and a gradient can share: in the gradient alone they are the gradient's."""
    return [
        Mistake(
            "scores-clipped", "scores", lambda net, at: np.maximum(at.out, 0.0), "the scores are clipped at 0"
        ),
    ]
