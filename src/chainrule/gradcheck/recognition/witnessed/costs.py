"""Which functions of a file may be the cost of a gradient: what gives a number that changes with each parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import costs_among, is_update, names_apart, rank
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient
from chainrule.gradcheck.recognition.witnessed.running import Running, moved

_COST = re.compile(
    "loss|cost|likelihood|deviance|energy|elbo|nll|entropy|divergence|criterion|risk|penalised|penalized|misfit"
)
"""What names of costs hold beside the usual."""


class CostCall(NamedTuple):
    """A function that gives a number, and how it is called.

    Attributes:
        function: it.
        texts: expressions, the last of which is the number.
        reads: the names of the values that it is given.
        is_named: whether its name, or that of the value, says that it is a cost.
    """

    function: Function
    texts: tuple[str, ...]
    reads: tuple[str, ...]
    is_named: bool


def costs_of(
    parameters: Sequence[ReturnedGradient], running: Running, file: Definitions
) -> Iterator[CostCall]:
    """The functions that give a number which changes with each of the parameters."""
    others = expressions.earlier_calls(running.call, file)
    for function in file.functions:
        is_named = rank(function.name, "cost") is not None or bool(
            _COST.search(in_english(function.name).lower())
        )
        if function.shown == running.call.function and not is_named and not costs_among(function.returns):
            # A number beside gradients may be that of a bias.
            continue
        if rank(function.name, "numeric") is not None or (is_update(function.name) and not is_named):
            continue
        by_name = expressions.by_names(function, running.call, file)
        earlier = [e for place, e in others.items() if running.call.earlier[place].function == function.shown]
        for expression in filter(None, [by_name, *earlier]):
            texts = expressions.after(expression.text, others)
            try:
                number = _number_in(running.at(texts))
                if number is None:
                    continue
                texts[-1] += number
                if _depends_on_each(texts, parameters, running):
                    is_told = is_named or bool(costs_among(_names_at(function, number)))
                    yield CostCall(function, tuple(texts), expression.reads, is_told)
                    break
            except Exception:
                # It is no cost of these parameters, whatever it is.
                continue


def _number_in(value: Any) -> str | None:
    """Where the only number with a fraction stands in what a function gives; None where there is none, or several."""

    def is_number(part: Any) -> bool:
        return isinstance(part, float | np.floating) or (isinstance(part, np.ndarray) and part.size == 1)

    if is_number(value):
        return ""
    places = [i for i, part in enumerate(value) if is_number(part)] if isinstance(value, tuple | list) else []
    return f"[{places[0]}]" if len(places) == 1 else None


def _names_at(function: Function, number: str) -> tuple[str, ...]:
    """What the value is called that a function gives at a place; nothing where it gives but one."""
    place = int(number.strip("[]") or -1)
    return function.returns[place : place + 1] if place >= 0 else ()


def likeliest_first(
    cost: CostCall, gradient: Function, of_gradient: Expression
) -> tuple[bool, bool, bool, int]:
    """The likeliest first: what takes the same, is called a cost, and belongs to the same class."""
    return (
        {*cost.reads} != {*of_gradient.reads},
        not cost.is_named,
        cost.function.owner != gradient.owner,
        names_apart(cost.function.name, gradient.name),
    )


def _depends_on_each(texts: Sequence[str], parameters: Sequence[ReturnedGradient], running: Running) -> bool:
    """Whether a number changes with each of the parameters, away from where they may all be 0."""
    arrays = [p.array for p in parameters]
    here, there = moved(arrays, 1), moved(arrays, 2)
    number = running.at(texts, here)
    return all(running.at(texts, [*here[:i], there[i], *here[i + 1 :]]) != number for i in range(len(arrays)))
