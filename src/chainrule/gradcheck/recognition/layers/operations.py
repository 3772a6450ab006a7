"""The operations of an engine: operators, methods, functions and classes that take objects of its class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.switch_names import keeps
from chainrule.gradcheck.recognition.layers.engines import SHAPE, OwnEngine
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.parts import called_by

_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "__add__": ("{0} + {1}", "{0} + {0}", "({0} + {1}) * {0}"), "__sub__": ("{0} - {1}",), "__neg__": ("-{0}",),
    "__mul__": ("{0} * {1}", "{0} * {0}", "{0} * {1} + {0}"), "__truediv__": ("{0} / {1}",),
    "__matmul__": ("{0} @ {1}",), "__pow__": ("{0} ** 3",), "__getitem__": ("{0}[1]", "{0}[[0, 2, 0]]"),
}  # fmt: skip
"""Operators, each in what shows that a gradient is overwritten where another one is to be added."""

_SPREADING = ("__add__", "__sub__", "__mul__", "__truediv__")
"""Those that may spread the entries of one operand over the other's."""

_SPREAD = ((SHAPE, SHAPE[1:]), (SHAPE, (SHAPE[0], 1)), (SHAPE[1:], SHAPE))
_PRODUCTS = ("__matmul__", "matmul", "mm", "dot", "mat_mul")
_NO_OPERATION = re.compile(
    r"_\w*|\w*(backward|backprop|grad|children)\w*|detach|copy|clone|item|numpy|to(_\w+|list|numpy|array|string)?|step|shape|size|dim|parents",
    re.IGNORECASE,
)
_AXIS = re.compile(r"axis|axes|dim", re.IGNORECASE)
_RESHAPING = re.compile(r"reshape|view", re.IGNORECASE)
_PERMUTING = re.compile(r"transpose|permute", re.IGNORECASE)
_MOST = 60

PERMUTED, _OF_THREE_AXES = (1, 2, 0), (2, 3, 4)
"""An order of axes which is not undone by being taken again, and the shape of what has as many."""


@dataclass(frozen=True)
class Operation:
    """An operation of an engine.

    Attributes:
        function: what computes it.
        text: its call; ``{0}`` and ``{1}`` are objects of the engine.
        shapes: of the arrays in these.
        named: what the function calls them; empty for its own object.
        spreads: whether the entries of one are spread over the other's.
    """

    function: Function
    text: str
    shapes: tuple[tuple[int, ...], ...]
    named: tuple[str, ...] = ()
    spreads: bool = False

    @property
    def shown(self) -> str:
        """Its call in words: ``a + b``, with the shapes where one operand is spread over the other."""
        call = self.text.format("a", "b")
        return f"{call} of {' and '.join(map(str, self.shapes))}" if self.spreads else call

    @property
    def is_operator(self) -> bool:
        """Whether it is written with a sign: no operand of it is meant as a constant."""
        return self.function.name in _OPERATORS

    @property
    def labels(self) -> tuple[bool, ...]:
        """Which of its operands are labels, by their names; none where that would be all."""
        labels = tuple(kind_of(name) == "labels" for name in self.named)
        return labels if not all(labels) and not self.is_operator else (False,) * len(labels)


def operations(engine: OwnEngine, file: Definitions) -> list[Operation]:
    """What may be one: an operator, a method of none or one other object, a function of one or two that knows the
    engine, the forward pass of a class that is made of nothing and does."""
    return list(_operations(engine, file))[:_MOST]


def _operations(engine: OwnEngine, file: Definitions) -> Iterator[Operation]:
    places = (engine.owner, *file.bases.get(engine.owner, ()))
    known = {f.name for f in file.functions if f.owner in places} | {
        engine.data,
        engine.grad.partition(".")[0],
    }
    own = [f for f in file.functions if not f.imported]
    own.sort(key=lambda function: (function.owner not in places, function.owner != ""))
    for function in own:
        is_class = bool(function.owner) and function.owner not in places
        constructor = file.constructors.get(function.owner)
        asks = constructor is None or any(a.required for a in constructor.arguments)
        if is_class and (asks or function.name != "forward"):
            continue
        if function.owner not in places and not _knows(function, engine, known, file):
            continue
        names = tuple(a.name for a in function.arguments if a.required and not _AXIS.fullmatch(a.name))
        named = names if is_class or not function.owner else ("", *names)
        for text in _calls(function, f"{function.owner}()." if is_class else ""):
            taken = len({*re.findall(r"\{\d\}", text)})
            shapes: tuple[tuple[int, ...], ...] = (
                (SHAPE, SHAPE[::-1]) if function.name in _PRODUCTS else (SHAPE, SHAPE)
            )
            if str(PERMUTED)[1:-1] in text:
                shapes = (_OF_THREE_AXES, _OF_THREE_AXES)
            if 0 < taken <= len(shapes):
                yield Operation(function, text, shapes[:taken], (*named, "", "")[:taken])
        if function.owner in places and function.name in _SPREADING:
            for spread in _SPREAD:
                yield Operation(function, _OPERATORS[function.name][0], spread, ("", ""), spreads=True)


def _knows(function: Function, engine: OwnEngine, known: set[str], file: Definitions) -> bool:
    """Whether what is no method of the engine has to do with it: what it calls makes its objects, or reads of an
    argument what these have. Anything else may do whatever it likes with what it is given."""
    of_arguments = {field for a in function.arguments for field in function.fields.get(a.name, ())}
    called = called_by(LayerPair(function, function, function.owner), file)
    return bool(of_arguments & known) or any(engine.owner in f.uses for f in called)


def _calls(function: Function, made: str) -> tuple[str, ...]:
    """How an operation is called, on ``{0}`` and ``{1}``; of another class than the engine, on what is ``made``."""
    name, required = function.name, [a.name for a in function.arguments if a.required]
    of_engine = bool(function.owner) and not made
    if of_engine and name in _OPERATORS:
        return _OPERATORS[name]
    if _NO_OPERATION.fullmatch(name):
        return ()
    permuted = of_engine and _PERMUTING.fullmatch(name) is not None
    called = [name] if function.is_property else []
    for number in (0, 1) if any(map(_AXIS.fullmatch, required)) else (0,):
        given = [*_given(required, of_engine=of_engine, axis=str(PERMUTED if permuted else number))]
        called += [] if function.is_property else [f"{name}({', '.join(given)})"]
    if of_engine and not required:
        called += [f"{name}({settings})" for settings in _along_axes(function)]
    if permuted and not required:
        axes = next((f"{a.name}={PERMUTED}" for a in function.arguments if _AXIS.fullmatch(a.name)), "")
        called += [f"{name}({axes or str(PERMUTED)[1:-1]})"] if axes or function.several else []
    if of_engine and function.several and not required and _RESHAPING.fullmatch(name):
        called = [f"{name}{SHAPE[::-1]}"]
    return tuple(f"{{0}}.{each}" if of_engine else f"{made}{each}" for each in dict.fromkeys(called))


def _given(required: list[str], *, of_engine: bool, axis: str) -> Iterator[str]:
    """What the required arguments of an operation get: objects of the engine, one after the other, and an axis."""
    place = int(of_engine)
    for name in required:
        yield axis if _AXIS.fullmatch(name) else f"{{{place}}}"
        place += _AXIS.fullmatch(name) is None


def _along_axes(function: Function) -> Iterator[str]:
    """The axes along which a method may work that works along all, or along another, by default; each once with the
    axis kept where it may be."""
    axis = next((a.name for a in function.arguments if _AXIS.fullmatch(a.name) and not a.required), "")
    kept = next((f", {a.name}=True" for a in function.arguments if a.is_flag and keeps(a.name)), "")
    for number in (0, 1) if axis else ():
        yield from dict.fromkeys((f"{axis}={number}", f"{axis}={number}{kept}"))
