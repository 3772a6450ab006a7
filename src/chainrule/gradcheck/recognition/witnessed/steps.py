"""What a function takes from parameters itself: steps that are in proportion to a learning rate, whose gradient is what
it takes with a rate of 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import is_rate, meaning
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient, held_arrays
from chainrule.gradcheck.recognition.witnessed.running import Running

BEFORE = "before"
"""The parameters in front of the step."""

_CLOSE = 1e-7
_MOST_OBJECTS_DEEP = 2


class TakenSteps(NamedTuple):
    """What a call takes from parameters.

    Attributes:
        parameters: those that it takes a step from, each with its gradient as an expression.
        others: what it changes in another way, in its shape too: with another rate, or not in proportion to it.
    """

    parameters: list[ReturnedGradient]
    others: list[ArrayPlace]


def steps_of(expression: Expression, running: Running) -> TakenSteps:
    """The steps of a call; none where no number that is called a learning rate says how long they are."""
    names = list(running.call.sources)
    held = [p for p in held_arrays(running.call.values, names) if meaning(p.name).role != "inputs"]
    for rates in _rates(running.call.values, names):
        rate = next(iter(rates))
        with np.errstate(all="ignore"):
            once, twice = (_taken(held, expression, running, rates, times) for times in (1.0, 2.0))
        moved = [p for p, one, two in zip(held, once, twice, strict=True) if _is_twice(two, one)]
        if moved:
            taken = [
                ReturnedGradient(p.text, f"({BEFORE}[{n}] - {p.text}) / {rate}", p.array, False, False)
                for n, p in enumerate(moved)
            ]
            others = [
                p
                for p, one in zip(held, once, strict=True)
                if (one is None or np.any(one)) and not any(p is mine for mine in moved)
            ]
            return TakenSteps(taken, others)
    return TakenSteps([], [])


def _is_twice(two: Array | None, one: Array | None) -> bool:
    if one is None or two is None or not np.any(one):
        return False
    return np.allclose(two, 2 * one, rtol=_CLOSE, atol=_CLOSE * float(np.abs(one).max()))


def kept_before(parameters: Sequence[ReturnedGradient]) -> list[str]:
    """The expression that keeps the parameters in front of their step; nothing where none takes one."""
    if not any(re.search(rf"\b{BEFORE}\[", p.gradient) for p in parameters):
        return []
    return [f"{BEFORE} := [{', '.join(f'{p.parameter}.copy()' for p in parameters)}]"]


def _taken(
    held: Sequence[ArrayPlace],
    expression: Expression,
    running: Running,
    rates: Sequence[str],
    times: float,
) -> list[Array | None]:
    """What a call takes from each array with rates so many times as large; None of those whose shape it changes."""
    own = running.copy()
    for rate in rates:
        holder, _, name = rate.rpartition(".")
        value = running.value(own, [holder])
        setattr(value, name, times * getattr(value, name))
    before = [np.array(running.value(own, [p.text])) for p in held]
    running.value(own, [expression.text])
    after = [np.asarray(running.value(own, [p.text])) for p in held]
    return [b - a if a.shape == b.shape else None for b, a in zip(before, after, strict=True)]


def _rates(values: Any, names: Sequence[str]) -> Iterator[list[str]]:
    """The numbers that are called learning rates: arguments, and attributes of objects. Those of the same name and
    value come together, as each layer may hold the rate of all."""
    together: dict[tuple[str, float], list[str]] = {}
    for text, name, number in _numbers(values, names, "own", 0):
        together.setdefault((name, number), []).append(text)
    yield from (texts for (name, _), texts in together.items() if is_rate(name))
    yield from (texts for (name, _), texts in together.items() if name.strip("_").lower() in ("alpha", "a"))


def _numbers(values: Any, names: Sequence[str], text: str, depth: int) -> Iterator[tuple[str, str, float]]:
    """Where numbers stand, what they are called, and they."""
    for name in names:
        value = values.get(name)
        if isinstance(value, float | np.floating):
            yield f"{text}.{name}", name, float(value)
        parts = enumerate(value) if isinstance(value, list | tuple) else [("", value)]
        for number, part in parts if depth < _MOST_OBJECTS_DEEP else ():
            if is_own_object(part):
                at = f"{text}.{name}[{number}]" if number != "" else f"{text}.{name}"
                yield from _numbers(vars(part), list(vars(part)), at, depth + 1)
