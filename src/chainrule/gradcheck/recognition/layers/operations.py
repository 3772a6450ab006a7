"""The operations of an engine, each with the adapter that checks it by itself."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.layers.engines import SHAPE, OwnEngine
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness, layer_fitness

_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "__add__": ("{0} + {1}", "{0} + {0}", "({0} + {1}) * {0}"), "__sub__": ("{0} - {1}",), "__neg__": ("-{0}",),
    "__mul__": ("{0} * {1}", "{0} * {0}", "{0} * {1} + {0}"), "__truediv__": ("{0} / {1}",),
    "__matmul__": ("{0} @ {1}",), "__pow__": ("{0} ** 3",),
}  # fmt: skip
"""Operators, each in what shows that a gradient is overwritten where another one is to be added."""

_PRODUCTS = ("__matmul__", "matmul", "mm", "dot", "mat_mul")
_NO_OPERATION = re.compile(
    r"_\w*|\w*(backward|backprop|grad|children)\w*|detach|copy|clone|item|numpy|to_?\w*|step|shape|size|dim|parents",
    re.IGNORECASE,
)
_DRAWN = ("rng.normal(size={})", "rng.uniform(0.5, 1.5, size={})")
_MOST = 40


@dataclass(frozen=True)
class Operation:
    """An operation of an engine.

    Attributes:
        function: what computes it.
        text: its call; ``{0}`` and ``{1}`` are objects of the engine.
        shapes: of the arrays in these.
    """

    function: Function
    text: str
    shapes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class CheckedOperation:
    """An operation with the adapter that fits best.

    Attributes:
        notes: what that assumes.
    """

    operation: Operation
    text: str
    fitness: LayerFitness
    notes: tuple[str, ...]


def checked_operations(
    forms: Sequence[OwnEngine], file: Definitions, namespace: dict[str, Any], seed: int
) -> Iterator[CheckedOperation]:
    """The operations of an engine that run, with the gradients of what they are made of; where not all that an
    operation is tried in agrees, the first that does not.

    Args:
        forms: the engine, of arrays and of numbers.
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.
    """
    every = list(_operations(forms[0], file))[:_MOST]
    for name in dict.fromkeys(operation.function.shown for operation in every):
        same = [operation for operation in every if operation.function.shown == name]
        tried = [_checked(forms, operation, file.numpy_name, namespace, seed) for operation in same]
        found = sorted((each for each in tried if each is not None), key=lambda each: each.fitness.best)
        yield from found[:1]


def _operations(engine: OwnEngine, file: Definitions) -> Iterator[Operation]:
    """What may be one: an operator, a method of none or one other object, a function of one or two, the forward pass of
    a class that is made of nothing."""
    places = (engine.owner, *file.bases.get(engine.owner, ()))
    own = [f for f in file.functions if not f.imported]
    own.sort(key=lambda function: (function.owner not in places, function.owner != ""))
    for function in own:
        is_class = bool(function.owner) and function.owner not in places
        constructor = file.constructors.get(function.owner)
        asks = constructor is None or any(a.required for a in constructor.arguments)
        if is_class and (asks or function.name != "forward"):
            continue
        for text in _calls(function, f"{function.owner}()." if is_class else ""):
            taken = len({*re.findall(r"\{\d\}", text)})
            shapes = (SHAPE, SHAPE[::-1]) if function.name in _PRODUCTS else (SHAPE, SHAPE)
            if 0 < taken <= len(shapes):
                yield Operation(function, text, shapes[:taken])


def _calls(function: Function, made: str) -> tuple[str, ...]:
    """How an operation is called, on ``{0}`` and ``{1}``; of another class than the engine, on what is ``made``."""
    name, required = function.name, len([a for a in function.arguments if a.required])
    of_engine = bool(function.owner) and not made
    if of_engine and name in _OPERATORS:
        return _OPERATORS[name]
    if _NO_OPERATION.fullmatch(name):
        return ()
    given = ", ".join(f"{{{place + of_engine}}}" for place in range(required))
    called = name if function.is_property else f"{name}({given})"
    return (f"{{0}}.{called}" if of_engine else f"{made}{called}",)


def _checked(
    forms: Sequence[OwnEngine], operation: Operation, numpy: str, namespace: dict[str, Any], seed: int
) -> CheckedOperation | None:
    """The adapter of the first way in which an operation runs; None where it runs in none, or has no gradient."""
    alone = [replace(form, joined=joined) for form in forms for joined in ("out.sum()", "out")]
    for form, drawn in product([*forms, *alone], _DRAWN):
        text = adapter_text(form, operation, drawn, numpy)
        with contextlib.suppress(Exception):
            program = adapter.declared(text, namespace, default_rng(seed))
            given = program.describe()
            returned = program.gradient(given.arrays, given.data).arrays
            # One that gives no gradient is none of the engine's; another has no value everywhere.
            if all(map(np.any, returned)) and np.isfinite(program.cost(given.arrays, given.data)):
                fitness = layer_fitness(program, seed, guess="", samples=0, of_loss=True)
                return CheckedOperation(operation, text, fitness, _notes(form, operation))
    return None


def _notes(engine: OwnEngine, operation: Operation) -> tuple[str, ...]:
    shapes = [() if engine.of_numbers else shape for shape in operation.shapes]
    arrays = ", ".join(f"{name} {shape}" for name, shape in zip("ab", shapes, strict=False))
    cost = "the cost is the sum of its output"
    if engine.is_weighted:
        cost += " times R, drawn numbers, and of the same again times R2: gradients have to be added up"
    return f"assumed operation {operation.text.format('a', 'b')} of {engine.owner} with {arrays}", cost


def adapter_text(engine: OwnEngine, operation: Operation, drawn: str, numpy: str) -> str:
    """The adapter that checks an operation."""
    names = ["a", "b"][: len(operation.shapes)]
    outputs = {"R": "out", "R2": "again"} if engine.is_weighted else {}
    objects = [f"of_{name} := {engine.of(name)}" for name in names]
    call = operation.text.format(*(f"of_{name}" for name in names))
    made = ", ".join([*objects, *(f"{output} := {call}" for output in outputs.values() or ["out"])])
    values = {w: f"{numpy}.asarray({output}.{engine.data})" for w, output in outputs.items()}
    cost = " + ".join(f"{numpy}.vdot({w}, {value})" for w, value in values.items())
    cost = cost or f"{numpy}.sum({numpy}.asarray(out.{engine.data}))"
    found = ", ".join(f"{name}={numpy}.asarray(of_{name}.{engine.grad})" for name in names)
    backward = ", ".join([made, f"({engine.joined}).{engine.backward.name}()", f"dict({found})"])
    shapes = [() if engine.of_numbers else shape for shape in operation.shapes]
    arrays = [f"{n} = {numpy}.asarray({drawn.format(s)})" for n, s in zip(names, shapes, strict=True)]
    sizes = {w: f"{numpy}.shape([{made}, {value}][-1])" for w, value in values.items()}
    arrays += [f"{w} = {numpy}.asarray(rng.normal(size={size}))" for w, size in sizes.items()]
    given, data = ", ".join([*names, *outputs]), "".join(f"{w}, " for w in outputs)
    lines = [
        *([] if numpy != "np" else ["import numpy as np"]),
        *arrays,
        f"return dict(parameters=dict({', '.join(f'{n}={n}' for n in names)}), data=({data}),",
        f"            cost=lambda {given}: [{made}, {cost}][-1],",
        f"            gradient=lambda {given}: [{backward}][-1])",
    ]
    return "\n    ".join([f"def {adapter.NAME}(rng):", *lines])
