"""Repairs of random programs, and whether one that is shown is right by plain central differences, with other sizes."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np

from support.random_programs.design import Design
from support.random_programs.program import RIGHT, RandomProgram
from support.random_programs.truth import cost, point, relative_difference

_SEED = 77
_DRAWS = 3
"""A kink within a difference's step does not come so often."""

_SAME_COST = 1e-9


def holds(program: RandomProgram, repaired: str) -> bool:
    """Whether a wrong program's text with a repair in it has the cost that it had, and the gradient of that."""
    rng = np.random.default_rng(_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        designs = program.design, _larger(program.design)
        return all(_is_right(design, program.text, repaired, rng) for design in designs)


def _larger(design: Design) -> Design:
    """The same program where all is larger: its sizes are of the truth, not of the text."""
    *inner, last = design.widths
    widths = (*(width + 2 for width in inner), last if last == 1 else last + 1)
    return replace(design, widths=widths, samples=design.samples + 3)


def _is_right(design: Design, text: str, repaired: str, rng: np.random.Generator) -> bool:
    points = [point(design, rng) for _ in range(_DRAWS)]
    try:
        costs = [(cost(design, text, at), cost(design, repaired, at)) for at in points]
        difference = min(relative_difference(design, repaired, at) for at in points)
    except Exception:
        # What does not run is not right.
        return False
    return bool(np.allclose(*zip(*costs, strict=True), rtol=_SAME_COST)) and difference < RIGHT
