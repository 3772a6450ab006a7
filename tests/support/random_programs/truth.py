"""Whether a program's gradient is that of its cost, by plain central differences at a point of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from support.random_programs.design import Design

Array = np.ndarray
Place = tuple[str, int]
"""The name of a parameter, and its layer."""

L2 = 0.3
STEP = 1e-6


@dataclass(frozen=True)
class Point:
    """Where a program is run: its parameters, by name and layer, and its data."""

    arrays: dict[Place, Array]
    X: Array
    Y: Array


def point(design: Design, rng: np.random.Generator) -> Point:
    """Parameters and data of a design's shapes."""
    names, arrays = design.names, {}
    for layer, (fan_in, fan_out) in enumerate(zip(design.widths, design.widths[1:], strict=False)):
        vector = (fan_out,) if design.flat_bias else (1, fan_out) if design.rows else (fan_out, 1)
        arrays[names.W, layer] = rng.normal(size=(fan_in, fan_out) if design.rows else (fan_out, fan_in))
        arrays[names.b, layer] = rng.normal(size=vector)
        if design.batch_norm and layer < design.depth - 1:
            arrays[names.gamma, layer] = rng.uniform(0.5, 1.5, size=vector)
            arrays[names.beta, layer] = rng.normal(size=vector)
    X = rng.normal(size=(design.samples, design.widths[0]))
    return Point(arrays, X if design.rows else X.T, _labels(design, rng))


def _labels(design: Design, rng: np.random.Generator) -> Array:
    if design.labels.startswith("binary"):
        y = rng.integers(2, size=design.samples)
        return y if design.labels == "binary (N,)" else y[:, None] if design.rows else y[None]
    y = rng.integers(design.widths[-1], size=design.samples)
    if design.labels == "integers":
        return y
    Y = np.eye(design.widths[-1])[y]
    return Y if design.rows else Y.T


def cost(design: Design, text: str, at: Point) -> float:
    """What a program gives for its cost.

    Raises:
        Exception: whatever the program raises.
    """
    return _Program(design, text).cost(at)


def relative_difference(design: Design, text: str, at: Point) -> float:
    """|g - n| / max(|g|, |n|) of the parameter where it is greatest; 0 for two zeros, infinite for shapes that cannot
    be subtracted from it.

    Raises:
        Exception: whatever the program raises.
    """
    program = _Program(design, text)
    gradient = program.gradient(at)
    worst = 0.0
    for place, array in at.arrays.items():
        numeric = np.empty(array.shape)
        for entry in np.ndindex(array.shape):
            up, down = (program.cost(_moved(at, place, entry, step)) for step in (STEP, -STEP))
            numeric[entry] = (up - down) / (2 * STEP)
        given = np.asarray(gradient[place], dtype=float)
        if np.broadcast_shapes(given.shape, array.shape) != array.shape:
            return float("inf")
        given = np.broadcast_to(given, array.shape)
        size = max(np.linalg.norm(given), np.linalg.norm(numeric))
        if size > 1e-8:
            worst = max(worst, float(np.linalg.norm(given - numeric) / size))
    return worst


def _moved(at: Point, place: Place, entry: tuple[int, ...], step: float) -> Point:
    array = at.arrays[place].copy()
    array[entry] += step
    return Point({**at.arrays, place: array}, at.X, at.Y)


class _Program:
    """A program's functions, called as its design says."""

    def __init__(self, design: Design, text: str) -> None:
        self.design = design
        self.namespace: dict[str, Any] = {}
        exec(compile(text, "<program>", "exec"), self.namespace)

    def cost(self, at: Point) -> float:
        names = self.design.names
        return float(self._call(names.joint, at)[0] if self.design.joint else self._call(names.cost, at))

    def gradient(self, at: Point) -> dict[Place, Any]:
        names = self.design.names
        if not self.design.joint:
            return self._by_place(self._call(names.gradient, at), at)
        _, *given = self._call(names.joint, at)
        return self._by_place(given if len(given) > 1 else given[0], at)

    def _call(self, function: str, at: Point) -> Any:
        penalty = [] if self.design.penalty == "none" else [L2]
        if self.design.in_object:
            net = self.namespace[self.design.names.owner](*self.design.widths, *penalty)
            self._put(net, at)
            return getattr(net, function)(at.X, at.Y)
        return self.namespace[function](at.X, at.Y, *self._parameters(at), *penalty)

    def _parameters(self, at: Point) -> list[Any]:
        design, layers = self.design, range(self.design.depth)
        match design.form:
            case "arguments":
                return list(at.arrays.values())
            case "lists" | "object of lists":
                return [_of_name(at, name) for name in dict.fromkeys(name for name, _ in at.arrays)]
            case "list of dictionaries":
                return [
                    [{name: a for (name, at_layer), a in at.arrays.items() if at_layer == k} for k in layers]
                ]
        return [{f"{name}{layer + 1}": array for (name, layer), array in at.arrays.items()}]

    def _put(self, net: Any, at: Point) -> None:
        match self.design.form:
            case "object of arrays":
                vars(net).update({f"{name}{layer + 1}": array for (name, layer), array in at.arrays.items()})
            case "object of lists":
                names = dict.fromkeys(name for name, _ in at.arrays)
                vars(net).update({name: _of_name(at, name) for name in names})
            case _:
                setattr(net, self.design.names.net, self._parameters(at)[0])

    def _by_place(self, given: Any, at: Point) -> dict[Place, Any]:
        match self.design.form:
            case "arguments" | "object of arrays":
                return dict(zip(at.arrays, given, strict=True))
            case "lists" | "object of lists":
                names = list(dict.fromkeys(name for name, _ in at.arrays))
                return {(name, layer): given[names.index(name)][layer] for name, layer in at.arrays}
            case "list of dictionaries":
                return {(name, layer): given[layer][name] for name, layer in at.arrays}
        return {(name, layer): given[f"{name}{layer + 1}"] for name, layer in at.arrays}


def _of_name(at: Point, name: str) -> list[Array]:
    return [array for (other, _), array in at.arrays.items() if other == name]
