"""A gradient compared and judged: at the given point, around it, where nobody could know, and further on where it is
right; once, though it is asked for twice where the verdict comes before the causes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import reading
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis, Terms, case_of, extended
from chainrule.gradcheck.diagnosis.judged import JudgedGradient, judged
from chainrule.gradcheck.numeric import again, doubts, paths, surroundings, tried
from chainrule.gradcheck.numeric.again import Unseen
from chainrule.gradcheck.numeric.tried import Tried
from chainrule.gradcheck.program.point import Point


class Judgement(NamedTuple):
    """A gradient judged, and what that took.

    Attributes:
        outcome: the verdict, and the points.
        at_kinks: what is to be said of the given point.
        attempts: what was tried beside it.
        unseen: points that nobody could know.
    """

    outcome: JudgedGradient
    at_kinks: str
    attempts: Tried
    unseen: Unseen


@dataclass
class KeptJudgement:
    """That of one gradient; None before there is one."""

    found: Judgement | None = None


def judgement(
    at: Point, analytic: list[Array], rng: np.random.Generator, terms: Terms, kept: KeptJudgement
) -> Judgement:
    """The gradient judged, if it is not yet.

    Args:
        at: the given point.
        analytic: the gradient there.
        rng: points and directions are drawn from it.
        terms: what is to be found out.
        kept: the judgement is kept there.
    """
    kept.found = kept.found or _judgement(at, analytic, rng, terms)
    return kept.found


def _judgement(at: Point, analytic: list[Array], rng: np.random.Generator, terms: Terms) -> Judgement:
    # Asked before time may be up.
    unseen, attempts = again.ask(at, analytic), Tried(surroundings.given_values(at))
    compared, at_kinks = tried.points(at, rng, attempts)
    compared += tried.unseen(unseen.points[0], compared, rng)
    compared += doubts.beside_kinks(compared, rng)
    outcome = judged(case_of(compared, rng), rng, terms)
    found = Judgement(outcome, at_kinks, attempts, unseen)
    if outcome.verdict != "right":
        return found
    doubts.refuse_drowned(outcome.case.points)
    cost = outcome.meant.cost if outcome.meant else Point.cost
    paths.require_adding_up(unseen.points, cost)
    unseen.require_same()
    holds = functools.partial(_holds, outcome.diagnosis, rng)
    elsewhere = tried.disagreeing(compared[0], holds, rng, attempts)
    if elsewhere:
        return found._replace(outcome=judged(extended(outcome.case, elsewhere, rng), rng, terms))
    return found


def _holds(diagnosis: Diagnosis, rng: np.random.Generator, point: Point) -> bool:
    """Whether a cost that was read can be read at another point, too."""
    return diagnosis.reading is None or reading.again(diagnosis.reading, point, rng) is not None
