"""Whether a backward pass is that of its forward pass along drawn directions, and whether it can be told at all."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.local import LocalProgram

_STEP = 1e-6
_CLOSE = 1e-4
_NOTHING = 1e-7


class LayerFitness(NamedTuple):
    """How far the backward pass of a layer is that of its forward pass.

    Attributes:
        agreeing: how many of the gradients are those of the forward pass, each along a direction of its own.
        total: of how many.
        sized: whether all have the sizes of their arrays.
        doubt: why nothing can be said against the gradient, in words; empty where something can.
    """

    agreeing: int
    total: int
    sized: bool = True
    doubt: str = ""

    @property
    def best(self) -> bool:
        """Whether all agree."""
        return self.agreeing == self.total and not self.doubt

    @property
    def tells(self) -> bool:
        """Whether a gradient that does not agree is wrong."""
        return self.sized and not self.doubt


def layer_fitness(program: LocalProgram, seed: int, *, probabilities: bool) -> LayerFitness:
    """How well an adapter fits whose cost is the sum of a layer's outputs times the last of its data, dJ/dout.

    Args:
        program: what the adapter declares.
        seed: of the directions.
        probabilities: whether the outputs lie between 0 and 1.

    Raises:
        Exception: what the layer raises.
    """
    given = program.describe()
    arrays, dout = given.arrays, given.data[-1]
    rng = np.random.default_rng(seed)
    names, gradients = given.names, _gradients(program, arrays, dout)
    pairs = []
    for place, name in enumerate(names):
        direction = [
            rng.normal(size=a.shape) if i == place else np.zeros(a.shape) for i, a in enumerate(arrays)
        ]
        ahead, behind = program.along(arrays, given.data, direction, np.array([_STEP, -_STEP]))
        said = _along(gradients.get(name), direction[place])
        pairs.append((float(np.real(ahead - behind)) / (2 * _STEP), said))
    scale = max(abs(slope) for slope, _ in pairs)
    agreeing = sum(
        abs(s - g) <= _CLOSE * max(abs(s), abs(g)) + _NOTHING * scale for s, g in pairs if np.isfinite(g)
    )
    unseen = [
        n for n, (slope, said) in zip(names, pairs, strict=True) if abs(slope) <= _NOTHING * scale < abs(said)
    ]
    if unseen or not scale:
        doubt = f"the output is the same whatever {' and '.join(unseen or names)} may be"
    elif _same(gradients, _gradients(program, arrays, 2 * dout)):
        doubt = "the gradient is the same whatever dJ/dout is"
    else:
        doubt = _doubt(program, arrays, dout, gradients, probabilities) if agreeing < len(pairs) else ""
    return LayerFitness(agreeing, len(pairs), all(np.isfinite(g) for _, g in pairs), doubt)


def _doubt(
    program: LocalProgram, arrays: list[Array], dout: Array, gradients: dict[str, Array], probabilities: bool
) -> str:
    """Why a gradient that does not agree may be right all the same."""
    if any(np.any(g != 0) for g in _gradients(program, arrays, 0 * dout).values()):
        return "the gradient is not 0 where dJ/dout is: it may hold a penalty's, which the forward pass leaves out"
    if probabilities and any(np.array_equal(np.ravel(g), np.ravel(dout)) for g in gradients.values()):
        return "dJ/dout is handed on unchanged: the loss that follows may have done this layer's part"
    return ""


def _along(gradient: Array | None, direction: Array) -> float:
    """What a gradient says of a direction; infinity where it is of another size."""
    if gradient is None or gradient.size != direction.size:
        return np.inf
    return float(direction.ravel() @ np.real(gradient).ravel())


def _gradients(program: LocalProgram, arrays: list[Array], dout: Array) -> dict[str, Array]:
    data: list[Any] = [dout]
    returned = program.gradient(arrays, data)
    return dict(zip(returned.names, returned.arrays, strict=True))


def _same(first: dict[str, Array], second: dict[str, Array]) -> bool:
    return all(np.array_equal(first[name], second[name]) for name in first)
