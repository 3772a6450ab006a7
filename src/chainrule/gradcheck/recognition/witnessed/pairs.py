"""Which cost belongs to a gradient that the file calls, whose gradients those are, and how both are called."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, rank
from chainrule.gradcheck.program.names import is_gradient, is_rate, l2_name, meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.costs import (
    CostCall,
    costs_of,
    likeliest_first,
)
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.made_costs import usual_costs_of
from chainrule.gradcheck.recognition.witnessed.returned_gradients import (
    ReturnedGradient,
    given_back,
    gradients_of,
    handed_twice,
    held_arrays,
    left_on,
)
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.settling import changed_beside, reads_more, settled
from chainrule.gradcheck.recognition.witnessed.steps import TakenSteps, steps_of

_TIMES_SMALLER = 8
"""Parameters so many times smaller have gradients that are far from what they are clipped to."""

_RESERVED = ("values", "own", "rng", "holding", "drawn", "seen", "data", "parameters")
"""Names that an adapter needs for itself."""


_NO_COST = "no function is known to give the cost: it is taken to be the {} of what the forward pass gives"


class Pair(NamedTuple):
    """A gradient with its cost, as the file calls them.

    Attributes:
        gradient: the function.
        cost: the other.
        place: from which the file calls the gradient, in words.
        text: the adapter.
        drawn_text: the same with inputs that are drawn; empty where there are none.
        smaller_text: the same with small parameters, for gradients that are clipped.
        is_told: whether names or the file's own step tell whose gradients come back, and that this is the cost.
        is_doubtful: whether the gradient may be one of another cost, or draws other numbers at random.
        beside: what the gradient gives that is the gradient of none of the parameters.
        note: what else is to be said of it; empty for nothing.
        parameters: how many there are.
    """

    gradient: Function
    cost: Function
    place: str
    text: str
    drawn_text: str
    smaller_text: str
    is_told: bool
    is_doubtful: bool
    beside: tuple[str, ...]
    note: str
    parameters: int


def pairs_of(gradient: Function, running: Running, file: Definitions) -> Iterator[Pair]:
    """A gradient with each of the costs that may be its own, the likeliest first; those as likely as each other come
    together."""
    call = running.call
    expression = expressions.as_called(gradient, call, file, lambda given: "")
    if expression is None:
        return
    returned = _returned(gradient, expression, running)
    twice = handed_twice(call.values, [name for name in call.sources if name != "self"])
    parameters, candidates = _told_apart(returned, running, twice) if returned else ([], [])
    found = False
    for pair in _with_costs(gradient, expression, returned, parameters, candidates, running, file):
        found = True
        yield pair
    steps = TakenSteps([], []) if found else steps_of(expression, running)
    yield from _with_costs(
        gradient, expression, returned, steps.parameters, candidates, running, file, steps.others
    )


def _told_apart(
    returned: Sequence[ArrayPlace], running: Running, twice: Container[int]
) -> tuple[list[ReturnedGradient], list[ArrayPlace]]:
    """The parameters whose gradients come back, and the arrays that they were told among: what the function is handed;
    else all that is known, as whoever calls it may hold the biases."""
    call = running.call
    others = [name for name in call.values if name not in call.sources]
    parameters, candidates = list[ReturnedGradient](), list[ArrayPlace]()
    for names in ([*call.sources], [*call.sources, *others]):
        candidates = held_arrays(call.values, names)
        parameters = gradients_of(returned, candidates, call.later, twice)
        if len(parameters) >= _as_many_as(returned):
            break
    return parameters, candidates


def _with_costs(
    gradient: Function,
    expression: Expression,
    returned: Sequence[ArrayPlace],
    parameters: Sequence[ReturnedGradient],
    candidates: Sequence[ArrayPlace],
    running: Running,
    file: Definitions,
    others: Sequence[ArrayPlace] = (),
) -> Iterator[Pair]:
    """The pairs of a gradient with its costs; ``others``: what else it changes."""
    if not parameters:
        return
    own = sorted(costs_of(parameters, running, file), key=lambda c: likeliest_first(c, gradient, expression))
    usual = [] if any(cost.is_named for cost in own) else _usual(gradient, parameters, running, file)
    for cost in (*usual, *own):
        texts = settled(gradient, cost, parameters, running, file)
        # A cost that is made up is that of what it agrees with.
        is_same = cost in usual or _is_of_the_same(cost, expression, texts or [""], parameters, running)
        if texts is None or not is_same:
            continue
        text, drawn_text, smaller_text = _adapters(cost, texts, parameters, running)
        yield Pair(
            gradient,
            cost.function,
            running.call.place,
            text,
            drawn_text,
            smaller_text,
            is_told=cost.is_named and all(p.is_told for p in parameters),
            is_doubtful=any(p.is_doubtful for p in parameters)
            or cost.ignores
            or cost in usual
            or running.draws_apart(cost.texts, texts)
            or reads_more(cost, texts, parameters, candidates, running),
            beside=(
                *_beside(returned, parameters, is_both=cost.function == gradient),
                *(_left_by(cost, expression, file) if cost in usual else ()),
                *(f"the step of {name}" for name in changed_beside(cost.texts, others, running)),
            ),
            note=_NO_COST.format(cost.function.name) if cost in usual else "",
            parameters=len(parameters),
        )


def _left_by(cost: CostCall, of_gradient: Expression, file: Definitions) -> list[str]:
    """What a cost that is made up leaves unchecked: the penalty, and the file's own costs."""
    penalties = [name for name in of_gradient.reads if l2_name([name])]
    others = [f.shown for f in file.functions if rank(f.name, "cost") is not None and f.gives]
    is_own = cost.function.name.partition(" ")[0] in others
    return [*penalties, *([] if is_own else others)]


def _usual(
    gradient: Function, parameters: Sequence[ReturnedGradient], running: Running, file: Definitions
) -> list[CostCall]:
    """The usual costs whose gradient it is."""
    back = ", ".join(p.gradient for p in parameters)

    def with_gradients(forward: CostCall) -> list[str] | None:
        texts = settled(gradient, forward, parameters, running, file)
        return texts and [*texts[:-1], f"out := {texts[-1]}", f"[{back}]"]

    return list(usual_costs_of(parameters, with_gradients, running, file))


def _as_many_as(returned: Sequence[ArrayPlace]) -> int:
    """How many of the arrays that come back must be gradients: those that are called so."""
    return max(sum(is_gradient(g.key) or g.is_gradient for g in returned), 1)


def _adapters(
    cost: CostCall,
    texts: Sequence[str],
    parameters: Sequence[ReturnedGradient],
    running: Running,
) -> tuple[str, str, str]:
    """The adapter; the same with drawn inputs, empty where there are none; and with small parameters."""
    # All that is read, whoever reads it: what were left out would have as many samples as ever.
    reads = dict.fromkeys(_read_in([*cost.texts, *texts], running))
    # Of a penalty a cost that is made up knows nothing: what l2 it would be at is left as it is.
    of_cost = {*cost.reads, *_read_in(cost.texts, running)}
    left = [name for name in reads if is_rate(name) or (l2_name([name]) and name not in of_cost)]
    data = _data([name for name in reads if name not in left], parameters, running)
    seen = {name: f"seen.{name}" for name in data}
    values = running.call.values
    drawn = {
        name: f"rng.normal(size=seen.{name}.shape)" for name in data if _may_be_drawn(name, values[name])
    }
    write = functools.partial(
        expressions.adapter_text, running.call, parameters, cost=cost.texts, gradient=texts
    )
    return write(seen), write(seen | drawn) if drawn else "", write(seen, times_smaller=_TIMES_SMALLER)


def _beside(
    returned: Sequence[ArrayPlace], parameters: Sequence[ReturnedGradient], *, is_both: bool
) -> tuple[str, ...]:
    """What comes back beside the gradients of the parameters, without the cost."""
    met = {p.gradient for p in parameters}
    others = [g for g in returned if g.text not in met and g.text.startswith("out")]
    names = ((g, g.key or g.text.replace("out", "what it returns", 1)) for g in others)
    return tuple(name for g, name in names if g.array.ndim or not (is_both or is_cost(g.key)))


def _returned(gradient: Function, expression: Expression, running: Running) -> list[ArrayPlace]:
    """The gradients that a function gives or leaves on objects."""
    before, own = running.copy(), running.copy()
    result = running.value(own, [expression.text])
    return given_back(result, [gradient.returns, *gradient.returns_before]) or left_on(
        vars(own), vars(before), [*running.call.sources]
    )


def _is_of_the_same(
    cost: CostCall,
    of_gradient: Expression,
    texts: Sequence[str],
    parameters: Sequence[ReturnedGradient],
    running: Running,
) -> bool:
    """Whether cost and gradient are given the same data, one way or the other."""
    values = running.call.values
    reads = {*of_gradient.reads, *re.findall(r"own\.(\w+)(?![\w.(])", " ".join(texts))}
    taken = {id(values[name]) for name in reads}
    known = {id(values[name]) for name in (*cost.reads, *_read_in(cost.texts, running))}
    handed = [
        name
        for name in re.findall(r"own\.(\w+)(?![\w.(])", texts[-1])
        if not _holds(values[name], parameters)
    ]
    if any(_is_data(values[n]) and not is_rate(n) and id(values[n]) not in known for n in handed):
        return False
    return all(id(values[n]) in taken for n in cost.reads if _is_data(values[n]))


def _read_in(texts: Sequence[str], running: Running) -> list[str]:
    """The names of the values that some expressions read."""
    names = re.findall(r"\bown\.(\w+)", " ".join(texts))
    return [name for name in names if name in running.call.values]


def _is_data(value: Any) -> bool:
    """Whether it makes a difference of its own: sizes, texts and switches do not."""
    return value is not None and not isinstance(value, int | str)


def _holds(value: Any, parameters: Sequence[ReturnedGradient]) -> bool:
    """Whether a value is, or holds, one of the parameters."""
    mine = {id(place.array) for place in held_arrays({"value": value}, ["value"])}
    return any(id(p.array) in mine for p in parameters)


def _may_be_drawn(name: str, value: Any) -> bool:
    """Whether a value is inputs by its name, of floating-point numbers."""
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return is_float and meaning(name).role == "inputs"


def _data(names: Iterable[str], parameters: Sequence[ReturnedGradient], running: Running) -> list[str]:
    """What of the values is handed in as data: arrays and numbers that are no parameters."""
    values = running.call.values
    return [
        name
        for name in names
        if name not in _RESERVED
        and isinstance(values[name], np.ndarray | float | bool | (int if l2_name([name]) else float))
        and not _holds(values[name], parameters)
    ]
