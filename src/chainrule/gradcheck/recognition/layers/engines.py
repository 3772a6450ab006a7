"""Engines of a file's own: a class of tensors, or of numbers, with operations and a ``backward`` that goes through what
an object was made of, as in ``(a * b).backward()``: how its objects are made, read and differentiated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.names import is_gradient
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.switch_names import keeps
from chainrule.gradcheck.recognition.layers.plans import evaluated

SHAPE = (3, 4)
"""Of what a tensor holds."""

_SLOTS = ("data", "value", "val", "array", "grad", "gradient")
"""What may be read of an object that keeps no dictionary of its attributes."""

_PARTS = ("__add__", "__mul__")
"""What outputs are put together with."""


@dataclass(frozen=True)
class OwnEngine:
    """How objects of a class are made, read and differentiated.

    Attributes:
        owner: the class.
        backward: its method that goes through what an object was made of.
        made: the expression that makes one of an array ``{}``.
        of_numbers: whether it holds a number rather than an array.
        data: the attribute that holds the array.
        grad: the one that holds its gradient, as it is read.
        joined: the expression whose ``backward`` is called, of the outputs ``out`` and ``again``; with ``R`` and ``R2``
            where these come in it times drawn numbers.
        holds_arrays: whether it makes an array of a number that it is given; one that does not may be meant for
            numbers.
    """

    owner: str
    backward: Function
    made: str
    of_numbers: bool = False
    data: str = ""
    grad: str = ""
    joined: str = "out"
    holds_arrays: bool = True

    @property
    def is_weighted(self) -> bool:
        """Whether an operation's outputs come in the cost with drawn numbers each, and twice."""
        return "R2" in self.joined

    @property
    def shape(self) -> tuple[int, ...]:
        """Of what one of its objects holds."""
        return () if self.of_numbers else SHAPE

    def of(self, array: str) -> str:
        """The expression that makes an object of an array."""
        return self.made.format(f"{array}.item()" if self.of_numbers else array)


def engines(file: Definitions, namespace: dict[str, Any], seed: int) -> Iterator[list[OwnEngine]]:
    """The classes of a file that are engines: of arrays, of numbers or of both, as an operation may be for one alone.

    Each has what puts outputs together there; where the operations that this takes are not right, or there are none,
    the one output alone.
    """
    for backward in (f for f in file.functions if f.name == "backward" and f.owner in file.constructors):
        constructor = file.constructors[backward.owner]
        required = [a for a in constructor.arguments if a.required]
        if len(required) != 1 or any(a.required for a in backward.arguments):
            continue
        if not any(file.named(part, backward.owner) for part in _PARTS):
            continue
        kept = "".join(f", {a.name}=True" for a in constructor.arguments if a.is_flag and keeps(a.name))
        plain = OwnEngine(backward.owner, backward, f"{backward.owner}({{}}{kept})")
        tried: list[OwnEngine | None] = []
        with contextlib.suppress(OutOfTimeError), limited():
            plain = replace(plain, holds_arrays=_holds_arrays(plain, namespace))
            tried += [_read(replace(plain, of_numbers=number), namespace, seed) for number in (False, True)]
        if forms := [engine for engine in tried if engine is not None]:
            yield forms


def _holds_arrays(engine: OwnEngine, namespace: dict[str, Any]) -> bool:
    """Whether an engine makes an array of a number, or takes none."""
    try:
        made = evaluated(engine.made.format("1.5"), namespace, {})
    except Exception:
        return True
    return any(isinstance(value, np.ndarray) for value in _held(made).values())


def _read(engine: OwnEngine, namespace: dict[str, Any], seed: int) -> OwnEngine | None:
    """The engine with what a run tells of it; None where its objects hold no such arrays, or no gradients of them."""
    rng = default_rng(seed)
    arrays = {name: np.asarray(rng.normal(size=engine.shape)) for name in ("x", "R", "R2")}
    with contextlib.suppress(Exception):
        made = evaluated(engine.of("x"), namespace, arrays)
        data = next((n for n, v in _held(made).items() if _is_same(v, arrays["x"])), "")
        read = replace(engine, data=data)
        weighted = f"out * {engine.of('R')} + again * {engine.of('R2')}"
        both, one = arrays["R"] + arrays["R2"], np.ones(engine.shape)
        ways = {f"({weighted}).sum()": both, weighted: both, "out.sum()": one, "out": one}
        for joined, gradient in ways.items() if data else ():
            if found := _gradient(replace(read, joined=joined), namespace, arrays, gradient):
                return replace(read, joined=joined, grad=found)
    return None


def _gradient(engine: OwnEngine, namespace: dict[str, Any], arrays: Mapping[str, Any], wanted: Array) -> str:
    """Where the gradient stands of an object that is itself the output; empty where there is none, or another."""
    with contextlib.suppress(Exception):
        lines = f"out := {engine.of('x')}, again := out, ({engine.joined}).{engine.backward.name}(), out"
        held = _held(evaluated(f"[{lines}][-1]", namespace, arrays))
        for name, value in held.items():
            inner = getattr(value, engine.data, None) if is_gradient(name) else None
            text = (
                f"{name}.{engine.data}" if inner is not None and not isinstance(value, np.ndarray) else name
            )
            if is_gradient(name) and _is_same(value if text == name else inner, wanted):
                return text
    return ""


def _held(made: Any) -> dict[str, Any]:
    """The attributes of an object."""
    slots = {name: getattr(made, name) for name in _SLOTS if hasattr(made, name)}
    return slots | dict(getattr(made, "__dict__", {}))


def _is_same(value: Any, array: Array) -> bool:
    """Whether something is an array, or a number, of these entries."""
    is_number = isinstance(value, float | np.floating | np.ndarray | int)
    return is_number and np.shape(value) == array.shape and bool(np.allclose(value, array, rtol=1e-5))
