"""What the operands of an operation hold: any numbers; or such as it may be meant for alone, with which it is tried
where it does not agree with any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from types import CodeType
from typing import Any

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.engines import OwnEngine
from chainrule.gradcheck.recognition.layers.operation_adapters import operand_shapes
from chainrule.gradcheck.recognition.layers.operations import Operation
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.parts import called_by
from chainrule.gradcheck.recognition.layers.runs import code_of

_ANY, _POSITIVE, _UNIT = (
    "rng.normal(size={})",
    "rng.uniform(0.5, 1.5, size={})",
    "rng.uniform(0.05, 0.95, size={})",
)
_OF_POSITIVE = re.compile(r"(safe_?)?(log|ln|sqrt|rsqrt)(2|10)?", re.IGNORECASE)
"""Functions that are defined for positive numbers alone."""


def draws(engine: OwnEngine, operation: Operation) -> Iterator[tuple[str, ...]]:
    """The expressions that draw the operands: normal numbers, or positive ones where those do not run. Rows of labels
    sum to one, as what gives a loss of probabilities counts on it."""
    shapes = operand_shapes(engine, operation)
    for text in (_ANY, _POSITIVE):
        pairs = zip(shapes, operation.labels, strict=True)
        yield tuple(_rows(shape) if is_label else text.format(shape) for shape, is_label in pairs)


def special_draws(
    engine: OwnEngine, operation: Operation, *, limited: bool
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Other such expressions, each with what it says of the operands.

    Args:
        limited: whether the operation may be meant for positive numbers alone.
    """
    shapes = operand_shapes(engine, operation)
    wide = {_ANY: "", **({_POSITIVE: "positive", _UNIT: "between 0 and 1"} if limited else {})}
    labels = operation.labels
    if len(shapes) > 1 and not operation.is_operator and not any(labels):
        labels = (False, True)
    of_labels = (_rows, _columns) if any(labels) else (_rows,)
    for (text, words), (place, summing) in product(wide.items(), enumerate(of_labels)):
        drawn = zip(shapes, labels, strict=True)
        said = [f"operands are {words}"] if words else []
        said += [f"the {'columns' if place else 'rows'} of one of them sum to one"] if any(labels) else []
        if said:
            texts = tuple(summing(shape) if is_label else text.format(shape) for shape, is_label in drawn)
            yield texts, " and ".join(said)


def may_be_limited(function: Function, file: Definitions, namespace: dict[str, Any]) -> bool:
    """Whether an operation takes logarithms or roots: it may keep what is not positive from these in a way of which no
    gradient is asked."""
    called = called_by(LayerPair(function, function, function.owner), file)
    return is_limited(function) or any(
        _takes_logarithms(f, namespace) for f in called if f.name != "backward"
    )


def is_limited(function: Function) -> bool:
    """Whether an operation is defined for positive numbers alone, by its name."""
    name = function.owner if function.name == "forward" else function.name
    return _OF_POSITIVE.fullmatch(name) is not None


def _takes_logarithms(function: Function, namespace: dict[str, Any]) -> bool:
    code = code_of(function, namespace)
    return code is not None and any(_OF_POSITIVE.fullmatch(name) for name in _names(code))


def _names(code: CodeType) -> Iterator[str]:
    """What a function reads by name, and those that it defines."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)


def _rows(shape: tuple[int, ...]) -> str:
    """Rows that sum to one; of a number, one between 0 and 1."""
    return f"rng.dirichlet([1.0] * {shape[-1]}, size={shape[:-1]})" if shape else _UNIT.format(shape)


def _columns(shape: tuple[int, ...]) -> str:
    return f"{_rows(shape[::-1])}.T" if shape else _UNIT.format(shape)
