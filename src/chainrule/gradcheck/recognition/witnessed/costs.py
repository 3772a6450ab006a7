"""Which functions of a file may be the cost of a gradient: what gives a number that changes with each parameter."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import (
    FunctionKind,
    costs_among,
    is_cost,
    is_update,
    names_apart,
    rank,
)
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient
from chainrule.gradcheck.recognition.witnessed.running import Running, moved, same
from chainrule.gradcheck.recognition.witnessed.steps import kept_before, one_round
from chainrule.gradcheck.recognition.witnessed.witnessed_call import NAME

_COST = re.compile(
    "loss|cost|likelihood|deviance|energy|elbo|nll|entropy|divergence|criterion|risk|penalised|penalized|misfit"
)
"""What names of costs hold beside the usual."""


_ERROR = re.compile(r"(\w+_)?err(or)?s?")
"""What a number is called that is shown after each round, beside a cost."""

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
        parameters: those that it is the cost of.
    """

    function: Function
    texts: tuple[str, ...]
    reads: tuple[str, ...]
    is_named: bool
    ignores: bool = False
    parameters: Sequence[ReturnedGradient] = ()


def costs_of(
    parameters: Sequence[ReturnedGradient], running: Running, file: Definitions
) -> Iterator[CostCall]:
    """The functions that give a number which changes with each of the parameters; those that are called costs need not
    change with biases. What a forward pass computes anew, as outputs and states of units, is none of them."""
    known = set[tuple[str, int]]()
    for way, calls in _numbers_of(running, file, [p.array for p in parameters]):
        if calls and (calls[0].function.shown, way) in known:
            continue
        # Where it runs no longer, it is no cost of these parameters, whatever it is.
        with contextlib.suppress(Exception):
            for call in calls:
                mine = _held_fixed(call.texts, parameters, running)
                ignored = _ignored(call.texts, mine, running)
                if mine and (not ignored or (call.is_named and not any(map(_is_matrix, ignored)))):
                    known.add((call.function.shown, way))
                    yield call._replace(ignores=bool(ignored), parameters=mine)


def depended_on(arrays: Sequence[ArrayPlace], running: Running, file: Definitions) -> list[ArrayPlace]:
    """Those of some arrays with which a number changes that is called a cost: no sums of squared gradients, and nothing
    that is computed anew."""
    found = set[str]()
    for _, calls in _numbers_of(running, file, [place.array for place in arrays]):
        for call in (call for call in calls if call.is_named):
            left = [place for place in arrays if place.text not in found]
            found |= {*(place.text for place in left)} - {*changed_by_none(call.texts, left, running)}
    return [place for place in arrays if place.text in found]


def states_of(cost: CostCall, arrays: Sequence[ArrayPlace], running: Running) -> list[str]:
    """Where those of some arrays stand, on objects, which are 0 at the first call, not as far as is known at the next,
    and with which a cost changes: what a net begins with hides what is left out of its gradient."""
    later = {p.text: p.array for p in places.of_object(SimpleNamespace(**running.call.later), "own")}
    mine = {id(p.array) for p in cost.parameters}
    begun = [
        place
        for place in arrays
        if not place.array.any()
        and id(place.array) not in mine
        and re.fullmatch(r"own(\.\w+){2,}", place.text)
        and (not later or np.any(later.get(place.text, 0)))
    ]
    still = changed_by_none(cost.texts, begun, running)
    return [place.text.removeprefix("own.") for place in begun if place.text not in still]


def changed_by_none(texts: Sequence[str], arrays: Sequence[ArrayPlace], running: Running) -> list[str]:
    """Those of some arrays, by where they stand, with which a number does not change."""
    number = running.at(texts)
    names = []
    for place in arrays:
        # Where the number cannot be computed with other entries, it does depend on them.
        with contextlib.suppress(Exception):
            if running.at(texts, moved([place.array], 1)) == number:
                names.append(place.text)
    return names


def _numbers_of(
    running: Running, file: Definitions, arrays: Sequence[Array]
) -> Iterator[tuple[int, list[CostCall]]]:
    """The numbers that functions give which may be costs, by each way of calling them: by the names of their arguments
    and as they were called before, of which the first that fits will do, or with what the file hands them elsewhere."""
    others = expressions.earlier_calls(running.call, file)
    fixed = running.fixed(others, arrays)
    others = expressions.earlier_calls(running.call, file, fixed)
    for function in file.functions:
        is_named = rank(function.name, "cost") is not None or bool(
            _COST.search(in_english(function.name).lower())
        )
        if function.shown == running.call.function and not is_named and not costs_among(_names_of(function)):
            # A number beside gradients may be that of a bias.
            continue
        # A step may give the cost of where it began; that of another step changes what is asked for.
        is_step = is_update(function.name) and not is_named and function.shown != running.call.function
        # What takes differences, or compares with such, takes as long as it likes.
        names = {function.name, *file.names_reached(function)}
        if is_step or any(rank(name, "numeric") is not None for name in names):
            continue
        by_name = [
            expressions.by_names(function, running.call, file, anew=anew, fixed=fixed)
            for anew in (True, False)
        ]
        earlier = [e for place, e in others.items() if running.call.earlier[place].function == function.shown]
        differently = (
            expressions.as_elsewhere(function, running.call, file),
            expressions.by_meaning(function, running.call, file),
        )
        alone = [(e, expressions.after(e.text, others)) for e in (*by_name, *earlier) if e is not None]
        # A forward pass may leave on an object what the cost is computed from.
        passes = passes_before(function, {p: e for p, e in others.items() if p not in fixed}, running)
        behind = [
            (e, [*passes, *(text for text in texts if text not in passes)]) for e, texts in alone if passes
        ]
        for way, (expression, texts) in [
            *((0, each) for each in (*alone, *behind)),
            *((n, (e, [e.text])) for n, e in enumerate(differently, 1) if e is not None and e not in by_name),
        ]:
            calls = []
            with contextlib.suppress(Exception):
                for number in _numbers_in(running.at(texts)):
                    whole = (*texts[:-1], texts[-1] + number)
                    is_told = is_named or bool(costs_among(_names_at(function, number)))
                    calls.append(CostCall(function, whole, expression.reads, is_told))
            yield way, calls


def before(running: Running, file: Definitions, arrays: Sequence[Array]) -> dict[int, Expression]:
    """The calls before the witnessed one; what they give and other numbers in some arrays leave as it is, as data are,
    stands by its name."""
    others = expressions.earlier_calls(running.call, file)
    return expressions.earlier_calls(running.call, file, running.fixed(others, arrays))


def passes_before(function: Function, others: Mapping[int, Expression], running: Running) -> list[str]:
    """The earlier calls that may compute what a function reads: none of its own, and no steps or gradients."""
    names = {place: running.call.earlier[place].function.rpartition(".")[2] for place in others}
    kinds: tuple[FunctionKind, ...] = ("gradient", "numeric", "cost")
    return [
        f"out{place} := {others[place].text}"
        for place, name in names.items()
        if not (name in (function.name, "__init__") or is_update(name) or running.call.earlier[place].behind)
        and all(rank(name, kind) is None for kind in kinds)
    ]


def _held_fixed(
    texts: Sequence[str], parameters: Sequence[ReturnedGradient], running: Running
) -> list[ReturnedGradient]:
    """The parameters but those that a cost computes anew, whatever is put there, and that are not called parameters."""
    arrays = [p.array for p in parameters]
    at, there = moved(arrays, 1), moved(arrays, 2)

    def after(put: Sequence[tuple[Array, Array]], parameter: ReturnedGradient) -> Any:
        own = running.copy(put)
        running.value(own, texts)
        return running.value(own, [parameter.parameter])

    def is_fixed(i: int, parameter: ReturnedGradient) -> bool:
        left = after(at, parameter)
        # What is not as it was put may have taken a step from there.
        return same(left, at[i][1]) or not same(left, after([*at[:i], there[i], *at[i + 1 :]], parameter))

    return [p for i, p in enumerate(parameters) if meaning(p.name).role in PARAMETER_ROLES or is_fixed(i, p)]


def shown_costs(
    function: Function, called: Expression, parameters: Sequence[ReturnedGradient], running: Running
) -> Iterator[CostCall]:
    """The costs that a function which takes a step computes, to show or to keep them, and does not give."""
    if not kept_before(parameters):
        return
    head, _, given = called.text.partition("(")
    for name in sorted(name for name in function.reads if is_cost(name) or _ERROR.fullmatch(name.lower())):
        call = (
            f"{NAME}.local({name!r}, {head}, {given}" if given != ")" else f"{NAME}.local({name!r}, {head})"
        )
        texts = (*one_round(running), call)
        with contextlib.suppress(Exception):
            if _numbers_in(running.at(texts)) == [""] and not _ignored(texts, parameters, running):
                of_step = Function(f"{name} of {function.shown}", ())
                yield CostCall(of_step, texts, called.reads, False, parameters=parameters)


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
