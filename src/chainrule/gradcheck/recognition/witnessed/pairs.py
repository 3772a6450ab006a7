"""Which cost belongs to a gradient that the file calls, whose gradients those are, and how both are called."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, is_update
from chainrule.gradcheck.program.names import l2_name, meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.costs import (
    CostCall,
    costs_of,
    likeliest_first,
)
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.returned_gradients import (
    ReturnedGradient,
    given_back,
    gradients_of,
    handed_twice,
    held_arrays,
    left_on,
)
from chainrule.gradcheck.recognition.witnessed.running import Running, moved, same

_RESERVED = ("values", "own", "rng", "holding", "drawn", "seen", "data", "parameters")
"""Names that an adapter needs for itself."""


class Pair(NamedTuple):
    """A gradient with its cost, as the file calls them.

    Attributes:
        gradient: the function.
        cost: the other.
        place: from which the file calls the gradient, in words.
        text: the adapter.
        drawn_text: the same with inputs that are drawn; empty where there are none.
        is_told: whether names or the file's own step tell whose gradients come back, and that this is the cost.
        is_doubtful: whether the gradient may be one of another cost, or draws other numbers at random.
        beside: what the gradient gives that is the gradient of none of the parameters.
    """

    gradient: Function
    cost: Function
    place: str
    text: str
    drawn_text: str
    is_told: bool
    is_doubtful: bool
    beside: tuple[str, ...]


def pairs_of(gradient: Function, running: Running, file: Definitions) -> Iterator[Pair]:
    """A gradient with each of the costs that may be its own, the likeliest first; those as likely as each other come
    together."""
    call = running.call
    expression = expressions.as_called(gradient, call, file, lambda given: "")
    if expression is None:
        return
    returned = _returned(gradient, expression, running)
    candidates = held_arrays(call.values, list(call.sources))
    twice = handed_twice(call.values, [name for name in call.sources if name != "self"])
    parameters = gradients_of(returned, candidates, call.later, twice) if returned else []
    if not parameters:
        return
    found = costs_of(parameters, running, file)
    for cost in sorted(found, key=lambda c: likeliest_first(c, gradient, expression)):
        texts = _settled(gradient, cost, parameters, running, file)
        if texts is None or not _is_of_the_same(cost, expression, texts, parameters, running):
            continue
        text, drawn_text = _adapters(cost, expression, texts, parameters, running)
        yield Pair(
            gradient,
            cost.function,
            call.place,
            text,
            drawn_text,
            is_told=cost.is_named and all(p.is_told for p in parameters),
            is_doubtful=any(p.is_doubtful for p in parameters)
            or running.draws_apart(cost.texts, texts)
            or _reads_more(cost, texts, parameters, candidates, running),
            beside=_beside(returned, parameters, is_both=cost.function == gradient),
        )


def _adapters(
    cost: CostCall,
    of_gradient: Expression,
    texts: Sequence[str],
    parameters: Sequence[ReturnedGradient],
    running: Running,
) -> tuple[str, str]:
    """The adapter, and the same with drawn inputs; empty where there are none."""
    data = _data(dict.fromkeys([*cost.reads, *of_gradient.reads]), parameters, running)
    seen = {name: f"seen.{name}" for name in data}
    values = running.call.values
    drawn = {
        name: f"rng.normal(size=seen.{name}.shape)" for name in data if _may_be_drawn(name, values[name])
    }
    write = functools.partial(
        expressions.adapter_text, running.call, parameters, cost=cost.texts, gradient=texts
    )
    return write(seen), write(seen | drawn) if drawn else ""


def _beside(
    returned: Sequence[ArrayPlace], parameters: Sequence[ReturnedGradient], *, is_both: bool
) -> tuple[str, ...]:
    """What comes back beside the gradients of the parameters, without the cost."""
    met = {p.gradient for p in parameters}
    others = [g for g in returned if g.text not in met and g.text.startswith("out")]
    return tuple(g.key or g.text for g in others if g.array.ndim or not (is_both or is_cost(g.key)))


def _returned(gradient: Function, expression: Expression, running: Running) -> list[ArrayPlace]:
    """The gradients that a function gives or leaves on objects."""
    before, own = running.copy(), running.copy()
    result = running.value(own, [expression.text])
    return given_back(result, gradient.returns) or left_on(vars(own), vars(before), [*running.call.sources])


def _settled(
    gradient: Function,
    cost: CostCall,
    parameters: Sequence[ReturnedGradient],
    running: Running,
    file: Definitions,
) -> list[str] | None:
    """The expressions that give the gradient, such that nothing of what was computed before with other parameters is
    left in it: the call alone; else behind those that the file makes before it; else behind the cost."""
    call = running.call
    others = expressions.earlier_calls(call, file)
    shown = {place: call.earlier[place].function for place in others}
    names = {place: name.rpartition(".")[2] for place, name in shown.items()}
    calls = [place for place, name in names.items() if name != "__init__" and not is_update(name)]

    def given(text: str) -> str:
        chain = expressions.after(text, others)
        arrays = [p.array for p in parameters]
        is_known = text and all(place in others for place in expressions.places_in(text))
        return text if is_known and not same(running.at(chain), running.at(chain, moved(arrays, 0))) else ""

    expression = expressions.as_called(gradient, call, file, given)
    if expression is None:
        return None
    alone = expressions.after(expression.text, others)
    objects = [
        p
        for p in calls
        if gradient.owner and others[p].text.startswith("own.") and shown[p] != cost.function.shown
    ]
    behind = [f"out{p} := {others[p].text}" for p in objects]
    kept = [text for text in alone[:-1] if text not in behind]
    ways = [alone, [*kept, *behind, alone[-1]], [*cost.texts, *alone]]
    return next((texts for texts in ways if _leaves_nothing(texts, cost, parameters, running)), None)


def _leaves_nothing(
    texts: Sequence[str], cost: CostCall, parameters: Sequence[ReturnedGradient], running: Running
) -> bool:
    """Whether a gradient is the same where cost and gradient have been computed with other parameters before, and
    changes none of them."""
    arrays = [p.array for p in parameters]
    at = moved(arrays, 1)
    try:
        clean = running.copy(at)
        first = _picked(texts, parameters, running, clean)
        if not all(
            same(running.value(clean, [p.parameter]), new) for p, (_, new) in zip(parameters, at, strict=True)
        ):
            # What makes them anew, or takes a step, gives no gradient of these.
            return False
        used = running.copy(moved(arrays, 2))
        for before in (cost.texts, texts):
            running.value(used, before)
        held = [running.value(used, [p.parameter]) for p in parameters]
        again = Running(running.call._replace(values=vars(used)), running.namespace)
        second = _picked(
            texts, parameters, again, again.copy(list(zip(held, (new for _, new in at), strict=True)))
        )
    except Exception:
        return False
    return same(first, second)


def _reads_more(
    cost: CostCall,
    texts: Sequence[str],
    parameters: Sequence[ReturnedGradient],
    held: Sequence[ArrayPlace],
    running: Running,
) -> bool:
    """Whether a gradient depends on an array of which the cost knows nothing: something that was computed of the
    parameters before, elsewhere."""
    own = {id(p.array) for p in parameters}
    at = moved([p.array for p in parameters], 1)
    number, gradients = running.at(cost.texts, at), _picked(texts, parameters, running, running.copy(at))
    for other in (place.array for place in held if id(place.array) not in own):
        there = [*at, *moved([other], 2)]
        if running.at(cost.texts, there) == number and not same(
            _picked(texts, parameters, running, running.copy(there)), gradients
        ):
            return True
    return False


def _picked(texts: Sequence[str], parameters: Sequence[ReturnedGradient], running: Running, own: Any) -> Any:
    """The gradients of the parameters."""
    back = ", ".join(p.gradient for p in parameters)
    return running.value(own, [*texts[:-1], f"out := {texts[-1]}", f"[{back}]"])


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
    known = {id(values[name]) for name in cost.reads}
    handed = [
        name
        for name in re.findall(r"own\.(\w+)(?![\w.(])", texts[-1])
        if not _holds(values[name], parameters)
    ]
    if any(_is_data(values[n]) and id(values[n]) not in known for n in handed):
        return False
    return all(id(values[n]) in taken for n in cost.reads if _is_data(values[n]))


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
