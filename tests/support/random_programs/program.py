"""A program of a number: right, or with one mistake that changes its gradient."""

from __future__ import annotations

import itertools
import warnings
from typing import NamedTuple

import numpy as np

from support.random_programs.design import Design, drawn
from support.random_programs.lines import TextLine
from support.random_programs.mistakes import changes
from support.random_programs.truth import point, relative_difference
from support.random_programs.writing import written

RIGHT, WRONG = 1e-5, 1e-3
"""Up to which relative difference a gradient is right, and from which it is wrong."""

_MOST_MISTAKES = 20
_PURPOSE = 17
"""Keeps these streams apart from others of the same seeds."""


class RandomProgram(NamedTuple):
    """A program.

    Attributes:
        design: what it is.
        text: its source.
        mistake: the name of what is wrong; empty where it is right.
        line: where that is.
        difference: the relative difference of its gradient and central differences.
    """

    design: Design
    text: str
    mistake: str = ""
    line: int = 0
    difference: float = 0.0


def random_program(seed: int, *, wrong: bool) -> RandomProgram:
    """The program of a number; the wrong one of a number is another design than the right one.

    Raises:
        AssertionError: a program that was written as right is not.
    """
    for attempt in itertools.count():
        rng = np.random.default_rng([seed, int(wrong), attempt, _PURPOSE])
        design = drawn(rng)
        lines = written(design)
        if not wrong:
            return _right(design, lines, rng)
        for change in changes(lines, rng)[:_MOST_MISTAKES]:
            text = in_words(change.lines)
            difference = _difference(design, text, rng)
            if difference is not None and difference > WRONG:
                return RandomProgram(design, text, change.name, change.place + 1, difference)
    raise AssertionError("there are always other designs")


def _right(design: Design, lines: list[TextLine], rng: np.random.Generator) -> RandomProgram:
    text = in_words(lines)
    # A kink within a difference's step does not come three times.
    difference = min(relative_difference(design, text, point(design, rng)) for _ in range(3))
    assert difference < RIGHT, f"{design.words}: {difference}\n{text}"
    return RandomProgram(design, text, difference=difference)


def _difference(design: Design, text: str, rng: np.random.Generator) -> float | None:
    """The difference that a mistake makes; None where the program no longer runs or gives no number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            difference = min(relative_difference(design, text, point(design, rng)) for _ in range(2))
        except Exception:
            return None
    return None if np.isnan(difference) else difference


def in_words(lines: list[TextLine]) -> str:
    """The text of a program."""
    return "".join(f"{'    ' * line.depth}{line.text}".rstrip() + "\n" for line in lines)
