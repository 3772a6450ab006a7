"""Causes from a net that was recognised: every known mistake is made on purpose, and the gradient it gives compared.

A mistake explains a gradient when it gives the same numbers to rounding, in every tensor, at every point that was
tried: with fewer samples, other parameters, another l2. Where no single one does, two are tried together.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import mistakes
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made, explains, predicted, same
from chainrule.gradcheck.diagnosis.fitted import fitted


class Hit(NamedTuple):
    """A mistake, and for each tensor whether it changes its gradient, and whether it explains it."""

    made: Made
    changed: list[bool]
    explained: list[bool]


_SEEDS = 12


def explanations(evidence: Sequence[Evidence]) -> list[Made]:
    """Every mistake, or pair of them, that explains the gradient at all points."""
    first = evidence[0]
    right = predicted(first, {})
    if right is None:
        return []
    named = list(_placed(first))
    hits = _hits(first, named, right)
    whole = _whole(hits, evidence)
    if whole:
        return whole
    with_numbers = list(fitted(first))
    hits += _hits(first, with_numbers, right)
    return _whole(hits, evidence) or _pairs(evidence, hits, right)


def _hits(first: Evidence, candidates: Sequence[Made], right: Sequence[Array]) -> list[Hit]:
    """What each mistake explains at the first point, of those mistakes that change anything."""
    hits = []
    for made in candidates:
        gradient = predicted(first, made.steps())
        if gradient is not None:
            changed = [not same(a, b) for a, b in zip(gradient, right, strict=True)]
            if any(changed):
                hits.append(Hit(made, changed, _explained(gradient, first)))
    return hits


def _explained(gradient: Sequence[Array], first: Evidence) -> list[bool]:
    return [same(g, a) for g, a in zip(gradient, first.checked.analytic, strict=True)]


def _whole(hits: Sequence[Hit], evidence: Sequence[Evidence]) -> list[Made]:
    return [hit.made for hit in hits if all(hit.explained) and _holds(hit.made, evidence[1:])]


def _holds(made: Made, evidence: Sequence[Evidence]) -> bool:
    each = [(made.at(e), e) for e in evidence]
    return all(here is not None and explains(here.steps(), e) for here, e in each)


def _pairs(evidence: Sequence[Evidence], hits: Sequence[Hit], right: Sequence[Array]) -> list[Made]:
    """Two mistakes at once: those that explain something, each with any other that changes what they leave."""
    already = sum(_explained(right, evidence[0]))
    useful = sorted(
        (hit for hit in hits if sum(hit.explained) > already), key=lambda hit: -sum(hit.explained)
    )
    for made, _, explained in useful[:_SEEDS]:
        others = [hit.made for hit in hits if all(map(operator.or_, explained, hit.changed))]
        pairs = [(other, made.also(other)) for other in others]
        holding = [p for other, p in pairs if _changes_more(p, made, other) and _holds(p, evidence)]
        if holding:
            return holding
    return []


def _changes_more(pair: Made, *each: Made) -> bool:
    """Whether neither of two mistakes changes all that both do."""
    return len(pair.steps()) > max(len(made.steps()) for made in each)


def _placed(first: Evidence) -> Iterator[Made]:
    """Every mistake of the catalogue, in all layers that have its step, in each, in all but the last or the first."""
    net = first.net()
    depth = len(net.layers)
    normalised = tuple(at.index for at in net.layers if net.normalised(at))
    everywhere = tuple(range(1, depth + 1))
    where = {
        "error": (depth,),
        "weight": everywhere, "bias": everywhere, "penalty": everywhere,
        "affine": everywhere, "propagate": everywhere[1:],
        "slope": everywhere[:-1], "activate_backward": everywhere[:-1],
        "gamma": normalised, "beta": normalised, "normalise_backward": normalised, "statistics": normalised,
        "scale_and_shift": normalised, "scores": (depth,), "predict": (depth,),
    }  # fmt: skip
    for mistake in mistakes.everything():
        places = where[mistake.step]
        for layers in dict.fromkeys((places, *((layer,) for layer in places), places[:-1], places[1:])):
            if layers:
                yield Made((mistake,), (layers,))
