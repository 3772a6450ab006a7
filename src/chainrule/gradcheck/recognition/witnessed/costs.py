"""Which functions of a file may be the cost of a gradient: what gives a number that changes with each parameter."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import costs_among, is_cost, is_update, names_apart, rank
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.recording import NAME
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient
from chainrule.gradcheck.recognition.witnessed.running import Running, moved
from chainrule.gradcheck.recognition.witnessed.steps import kept_before, one_round

_COST = re.compile(
    "loss|cost|likelihood|deviance|energy|elbo|nll|entropy|divergence|criterion|risk|penalised|penalized|misfit"
)
"""What names of costs hold beside the usual."""


_MOST_NUMBERS = 3
"""How many of the numbers that a function gives may be the cost: with its penalty, and without."""


class CostCall(NamedTuple):
    """A function that gives a number, and how it is called.

    Attributes:
        function: it.
        texts: expressions, the last of which is the number.
        reads: the names of the values that it is given.
        is_named: whether its name, or that of the value, says that it is a cost.
        ignores: whether it does not change with some of the parameters, such as biases in front of batch norm.
    """

    function: Function
    texts: tuple[str, ...]
    reads: tuple[str, ...]
    is_named: bool
    ignores: bool


def costs_of(
    parameters: Sequence[ReturnedGradient], running: Running, file: Definitions
) -> Iterator[CostCall]:
    """The functions that give a number which changes with each of the parameters; those that are called costs need not
    change with biases."""
    others = expressions.earlier_calls(running.call, file)
    for function in file.functions:
        is_named = rank(function.name, "cost") is not None or bool(
            _COST.search(in_english(function.name).lower())
        )
        if function.shown == running.call.function and not is_named and not costs_among(_names_of(function)):
            # A number beside gradients may be that of a bias.
            continue
        # A step may give the cost of where it began; that of another step changes what is asked for.
        is_step = is_update(function.name) and not is_named and function.shown != running.call.function
        if rank(function.name, "numeric") is not None or is_step:
            continue
        by_name = [expressions.by_names(function, running.call, file, anew=anew) for anew in (True, False)]
        earlier = [e for place, e in others.items() if running.call.earlier[place].function == function.shown]
        for expression in filter(None, [*by_name, *earlier]):
            texts = expressions.after(expression.text, others)
            found = []
            # Where it runs no longer, it is no cost of these parameters, whatever it is.
            with contextlib.suppress(Exception):
                for number in _numbers_in(running.at(texts)):
                    whole = (*texts[:-1], texts[-1] + number)
                    is_told = is_named or bool(costs_among(_names_at(function, number)))
                    ignored = _ignored(whole, parameters, running)
                    if not ignored or (is_told and not any(map(_is_matrix, ignored))):
                        found.append(CostCall(function, whole, expression.reads, is_told, bool(ignored)))
            yield from found
            if found:
                break


def shown_costs(
    function: Function, called: Expression, parameters: Sequence[ReturnedGradient], running: Running
) -> Iterator[CostCall]:
    """The costs that a function which takes a step computes, to show or to keep them, and does not give."""
    if not kept_before(parameters):
        return
    head, _, given = called.text.partition("(")
    for name in sorted(filter(is_cost, function.reads)):
        call = (
            f"{NAME}.local({name!r}, {head}, {given}" if given != ")" else f"{NAME}.local({name!r}, {head})"
        )
        texts = (*one_round(running), call)
        with contextlib.suppress(Exception):
            if _numbers_in(running.at(texts)) == [""] and not _ignored(texts, parameters, running):
                yield CostCall(Function(f"{name} of {function.shown}", ()), texts, called.reads, False, False)


def _numbers_in(value: Any) -> list[str]:
    """Where numbers with a fraction stand in what a function gives."""

    def is_number(part: Any) -> bool:
        return isinstance(part, float | np.floating) or (isinstance(part, np.ndarray) and part.size == 1)

    if is_number(value):
        return [""]
    parts = value if isinstance(value, tuple | list) else ()
    return [f"[{i}]" for i, part in enumerate(parts) if is_number(part)][:_MOST_NUMBERS]


def _names_of(function: Function) -> tuple[str, ...]:
    """What the values are called that a function gives."""
    return function.returns or ((function.returned,) if function.returned else ())


def _names_at(function: Function, number: str) -> tuple[str, ...]:
    """What the value is called that a function gives at a place, or as its only one."""
    place = int(number.strip("[]") or 0)
    return _names_of(function)[place : place + 1]


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


def _ignored(
    texts: Sequence[str], parameters: Sequence[ReturnedGradient], running: Running
) -> list[ReturnedGradient]:
    """The parameters with which a number does not change, away from where they may all be 0."""
    arrays = [p.array for p in parameters]
    here, there = moved(arrays, 1), moved(arrays, 2)
    number = running.at(texts, here)
    return [
        p
        for i, p in enumerate(parameters)
        if running.at(texts, [*here[:i], there[i], *here[i + 1 :]]) == number
    ]


def _is_matrix(parameter: ReturnedGradient) -> bool:
    return parameter.array.ndim > 1 and min(parameter.array.shape) > 1
