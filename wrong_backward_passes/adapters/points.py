"""What a gradient check of a library is told of a program: its cost, gradient and parameters at some points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..answers import Answer
from ..evaluate import POINTS, Arrays, built


@dataclass(frozen=True)
class Told:
    """A cost of arrays, its gradient in the same order, and arrays to begin with."""

    at: list[np.ndarray]
    cost: Callable[..., float]
    gradient: Callable[..., list[np.ndarray]]


def told(program: Path, case: Path) -> Iterator[Told]:
    """A program at every point of its case."""
    for point in POINTS:
        yield _told(*built(program, case, point))


def _told(at: Arrays, cost: Callable[[Arrays], float], gradient: Callable[[Arrays], Arrays]) -> Told:
    def named(arrays: tuple[np.ndarray, ...]) -> Arrays:
        return {name: np.asarray(array, dtype=float) for name, array in zip(at, arrays, strict=True)}

    def gradients(*arrays: np.ndarray) -> list[np.ndarray]:
        has = gradient(named(arrays))
        return [np.array(has[name], dtype=float).reshape(value.shape) for name, value in at.items()]

    return Told(list(at.values()), lambda *arrays: float(cost(named(arrays))), gradients)


def main(agrees: Callable[[Told], bool]) -> None:
    """The command of a check: ``FILE CASE``; right where it agrees at every point."""
    program, case = map(Path, sys.argv[1:])
    right = all(agrees(each) for each in told(program, case))
    print(Answer("right" if right else "wrong").as_json())
