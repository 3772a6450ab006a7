"""What the gradient of a program is, and what it ought to be: by central differences of the right program's cost.

    python -m wrong_backward_passes.evaluate PROGRAM CASE

prints the cost and the gradient of a program, a line of JSON a point. Nothing here knows of any checker.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
POINTS = tuple((size, seed) for size in (0, 1) for seed in (1, 2))
"""Where programs are evaluated: the sizes of a case, with two seeds for data and parameters each."""

DIRECTIONS = 4
"""Random directions of unit length along which every array of parameters is moved."""

STEP = 1e-5
RIGHT = 1e-6
"""A gradient is right where its error, as a share of the largest derivative of its array, is below this,"""

WRONG = 1e-3
"""and wrong where it is above this. No program of the benchmark lies between."""


@dataclass(frozen=True)
class Value:
    """The cost of a program at a point, and its gradient as the program has it."""

    cost: float
    gradient: Arrays


@dataclass(frozen=True)
class Truth:
    """The cost of the right program at a point, and its derivatives along the directions, by name."""

    cost: float
    along: Arrays


def load(path: Path) -> ModuleType:
    """A program that has run, as a module; what stands under ``if __name__ == "__main__"`` has not."""
    module = ModuleType("program")
    module.__file__ = str(path)
    # Where a dataclass looks for the module that it stands in.
    sys.modules[module.__name__] = module
    with contextlib.redirect_stdout(io.StringIO()):
        # As a file of its own: our __future__ imports are not its.
        exec(compile(path.read_text(), str(path), "exec", dont_inherit=True), module.__dict__)
    return module


def built(
    program: Path, case: Path, point: tuple[int, int]
) -> tuple[Arrays, Callable[[Arrays], float], Callable[[Arrays], Any]]:
    """Parameters at a point, and a program's cost and gradient as functions of them."""
    build = runpy.run_path(str(case))["case"]
    at, cost, gradient = build(load(program), np.random.default_rng(point), point[0])

    def quiet(function: Callable[[Arrays], Any]) -> Callable[[Arrays], Any]:
        def called(where: Arrays) -> Any:
            with contextlib.redirect_stdout(io.StringIO()):
                return function({name: value.copy() for name, value in where.items()})

        return called

    return {name: np.asarray(value, dtype=float) for name, value in at.items()}, quiet(cost), quiet(gradient)


def value(program: Path, case: Path, point: tuple[int, int]) -> Value:
    """What a program has at a point; an array of another shape but the same size is given its parameter's."""
    at, cost, gradient = built(program, case, point)
    has = {name: np.array(array, dtype=float) for name, array in gradient(at).items()}
    fits = {name: array.reshape(at[name].shape) for name, array in has.items() if array.size == at[name].size}
    return Value(float(cost(at)), fits)


def truth(right: Path, case: Path, point: tuple[int, int]) -> Truth:
    """Central differences in float64 of a right program's cost."""
    at, cost, _ = built(right, case, point)

    def moved(name: str, by: np.ndarray) -> float:
        return float(cost(at | {name: at[name] + by}))

    along = {
        name: np.array(
            [(moved(name, STEP * v) - moved(name, -STEP * v)) / (2 * STEP) for v in directions(array)]
        )
        for name, array in at.items()
    }
    return Truth(float(cost(at)), along)


def directions(array: np.ndarray) -> np.ndarray:
    """``DIRECTIONS`` of unit length in the array's shape; the same for the same shape."""
    drawn = np.random.default_rng(array.shape).standard_normal((DIRECTIONS, *array.shape))
    lengths = np.sqrt((drawn.reshape(DIRECTIONS, -1) ** 2).sum(axis=1))
    units: np.ndarray = drawn / lengths.reshape(-1, *[1] * array.ndim)
    return units


def error(has: Value, ought: Truth) -> float:
    """The largest error of a gradient along the directions, as a share of the largest derivative of its array.

    Infinite where the cost is another than the right program's, an array is missing, or anything is not finite.
    """
    if not np.isclose(has.cost, ought.cost, rtol=1e-9, atol=1e-12):
        return float("inf")
    largest = max(np.abs(along).max() for along in ought.along.values())
    worst = 0.0
    for name, along in ought.along.items():
        if name not in has.gradient:
            return float("inf")
        claimed = np.array([np.vdot(v, has.gradient[name]) for v in directions(has.gradient[name])])
        off = float(np.abs(claimed - along).max() / max(np.abs(along).max(), 1e-4 * largest))
        worst = max(worst, off if np.isfinite(off) else float("inf"))
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=Path)
    parser.add_argument("case", type=Path)
    arguments = parser.parse_args()
    for point in POINTS:
        found = value(arguments.program, arguments.case, point)
        gradient = {name: array.tolist() for name, array in found.gradient.items()}
        print(json.dumps({"cost": found.cost, "gradient": gradient}))


if __name__ == "__main__":
    main()
