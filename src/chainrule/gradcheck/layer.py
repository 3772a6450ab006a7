"""A layer's backward pass checked by itself: functions with an array for their output.

The layer's output is multiplied by a drawn dJ/dout and summed, which is a cost with exactly that error at its output.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.diagnosis import known_layer, lines
from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.from_python import CalledFromPython
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point


@dataclass(frozen=True)
class _UserLayer:
    """The user's two functions and the inputs that are no arrays of floats, at their places."""

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    inputs: tuple[Any, ...]
    places: tuple[int, ...]

    def arguments(self, arrays: Sequence[Array]) -> list[Any]:
        """All inputs, the arrays of floats among them replaced."""
        values = list(self.inputs)
        for place, array in zip(self.places, arrays, strict=True):
            values[place] = array
        return values

    def output(self, arrays: Sequence[Array]) -> Array:
        """What forward gives, without its cache."""
        out = self.forward(*self.arguments(arrays))
        first = out[0] if isinstance(out, tuple | list) and out else out
        array = np.asarray(first)
        if array.dtype.kind not in "fc":
            raise CheckError(
                f"the forward pass: returns {type(first).__name__}; it must return an array, or (array, cache)"
            )
        return array

    def gradient(self, arrays: Sequence[Array], dout: Array) -> Any:
        """What backward gives: called with what its signature asks for."""
        arguments = self.arguments(arrays)
        out = self.forward(*arguments)
        names = _argument_names(self.backward)
        if _takes_any_number(self.backward):
            return self.backward(dout.copy(), *arguments)
        if len(names) == 1:
            return self.backward(dout.copy())
        if len(names) == 2 and isinstance(out, tuple | list):
            cache = _cache(out)
            pair = (cache, dout.copy()) if "cache" in names[0] else (dout.copy(), cache)
            return self.backward(*pair)
        if len(names) == 1 + len(arguments):
            return self.backward(*self._in_order(names, arguments, dout.copy()))
        raise CheckError(
            f"the backward pass: takes ({', '.join(names)}); it is called as backward(dout), backward(dout, cache) "
            "or backward(dout, *inputs): wrap it in one of these"
        )

    def _in_order(self, names: Sequence[str], arguments: Sequence[Any], dout: Array) -> list[Any]:
        """dout and the inputs as the backward pass takes them: by name where it calls the inputs as forward does."""
        inputs = dict(zip(_argument_names(self.forward), arguments, strict=False))
        by_name = [inputs.get(name, dout) for name in names]
        return by_name if len(set(names) & set(inputs)) == len(arguments) else [dout, *arguments]


def _cache(out: tuple[Any, ...] | list[Any]) -> Any:
    """What forward gives beside its output; a list of other than two values holds none."""
    if len(out) == 2:
        return out[1]
    return out[1:] if isinstance(out, tuple) else None


def check_layer(
    forward: Callable[..., Any], backward: Callable[..., Any], *inputs: Any, seed: int = 0
) -> Check:
    """Check the backward pass of one layer, and name what is wrong with it.

    Where the layer is an affine one, ReLU or batch norm, every known mistake in its derivation is tried, and those that
    give exactly the user's gradient are the causes; elsewhere the causes are those that numbers alone can tell.

    Args:
        forward: ``forward(*inputs)`` gives the output, alone or with a cache: ``out, cache``.
        backward: ``backward(dout, cache)``, ``backward(dout)`` or ``backward(dout, *inputs)`` gives the gradients of
            the inputs that are floating-point arrays: one array, a tuple or a dictionary of them. Where it calls the
            inputs as forward does, they may stand in any order.
        inputs: what forward takes; all floating-point arrays among them are checked, everything else is passed on.
        seed: of the error at the output and of the points that are drawn.

    Raises:
        CheckError: what was given cannot be checked.

    >>> def forward(x, W, b):
    ...     return x @ W.T + b
    >>> def backward(dout, x, W, b):
    ...     return dout @ W, dout.T @ x, dout.mean(axis=0)
    >>> rng = np.random.default_rng(0)
    >>> outcome = check_layer(forward, backward, rng.normal(size=(5, 3)), rng.normal(size=(2, 3)), rng.normal(size=2))
    >>> outcome.causes[0].name, [tensor.verdict for tensor in outcome.tensors]
    ('bias-mean-not-sum', ['right', 'right', 'wrong'])
    """
    with CalledFromPython():
        return _checked(forward, backward, inputs, seed)


def _checked(
    forward: Callable[..., Any], backward: Callable[..., Any], inputs: tuple[Any, ...], seed: int
) -> Check:
    places = tuple(i for i, v in enumerate(inputs) if isinstance(v, np.ndarray) and v.dtype.kind in "fc")
    if not places:
        raise CheckError(
            "the inputs: hold no floating-point array; give the layer's inputs and parameters as floats"
        )
    layer = _UserLayer(forward, backward, inputs, places)
    arrays = [np.asarray(inputs[i], dtype=np.float64) for i in places]
    dout = np.random.default_rng(seed).standard_normal(layer.output(arrays).shape)
    names = _names(forward, places)

    def cost(parameters: dict[str, Array]) -> Any:
        return (layer.output(list(parameters.values())) * dout).sum()

    def gradient(parameters: dict[str, Array]) -> Any:
        returned = layer.gradient(list(parameters.values()), dout)
        if isinstance(returned, np.ndarray):
            returned = [returned]
        # A layer's gradients come in the order of its inputs, whatever their shapes.
        in_order = isinstance(returned, list | tuple) and len(returned) == len(names)
        return dict(zip(names, returned, strict=True)) if in_order else returned

    program = LocalProgram(cost, gradient, dict(zip(names, arrays, strict=True)), watched=backward)
    outcome = replace(check(program, seed=seed), name="backward pass")
    if outcome.right or any(tensor.misshapen for tensor in outcome.tensors):
        return outcome
    return _explained(program, layer, dout, outcome, seed)


def _names(forward: Callable[..., Any], places: Sequence[int]) -> list[str]:
    given = _argument_names(forward)
    return [given[i] if i < len(given) else f"input{i + 1}" for i in places]


def _argument_names(function: Callable[..., Any]) -> list[str]:
    """What a function calls its arguments; empty where it does not say."""
    return [p.name for p in _arguments(function) if p.kind is not p.VAR_POSITIONAL]


def _takes_any_number(function: Callable[..., Any]) -> bool:
    """Whether it is ``backward(dout, *inputs)``."""
    return any(p.kind is p.VAR_POSITIONAL for p in _arguments(function))


def _arguments(function: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def _explained(program: Program, layer: _UserLayer, dout: Array, outcome: Check, seed: int) -> Check:
    """With causes from the catalogue, where the layer is one that it knows."""
    given = Point.of_program(program, program.describe())
    here = compare_at(given, np.random.default_rng(seed))
    out = layer.output(given.arrays)
    right = known_layer.right_values(given.arrays, out, dout)
    line = functools.cache(lambda: lines.of_layer(here, right))
    findings = [Finding(cause, "gradient", line) for cause in known_layer.causes(out, dout, here)]
    return replace(outcome, causes=tuple(f.located() for f in findings)) if findings else outcome
