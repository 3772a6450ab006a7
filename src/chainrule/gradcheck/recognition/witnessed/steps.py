"""What a function takes from parameters itself: steps that are in proportion to a learning rate, whose gradient is what
it takes with a rate of 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import is_rate, meaning, training_setting
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient, held_arrays
from chainrule.gradcheck.recognition.witnessed.running import Running, moved

BEFORE = "before"
"""The parameters in front of the step."""

_CLOSE = 1e-7
_TIMES_LONGER = 2.0**20

_MOST_OBJECTS_DEEP = 2
_MOST_TURNS = 3
"""How often parameters that take a step are drawn anew."""


class TakenSteps(NamedTuple):
    """What a call takes from parameters.

    Attributes:
        parameters: those that it takes a step from, each with its gradient as an expression.
        others: what it changes in another way, in its shape too: with another rate, or not in proportion to it.
    """

    parameters: list[ReturnedGradient]
    others: list[ArrayPlace]


def steps_of(texts: Sequence[str], running: Running) -> TakenSteps:
    """The steps of the last of some expressions; none where no number that is called a learning rate says how long they
    are."""
    names = list(running.call.sources)
    rounds = _rounds(running)
    held = [p for p in held_arrays(running.call.values, names) if meaning(p.name).role != "inputs"]
    for number, rates in rates_of(running.call.values, names):
        rate = next(iter(rates))
        stepping, others = list[ArrayPlace](), list[ArrayPlace]()
        for _ in range(_MOST_TURNS):
            # Parameters that begin at 0 may hide the gradients of others.
            at = moved([p.array for p in stepping], 1)
            with np.errstate(all="ignore"):
                once, twice = (
                    _taken(held, texts, running, {**rounds, **dict.fromkeys(rates, times * number)}, at)
                    for times in (1.0, 2.0)
                )
            before = len(stepping)
            stepping = [p for p, one, two in zip(held, once, twice, strict=True) if is_twice(two, one)]
            others = [
                p
                for p, one in zip(held, once, strict=True)
                if (one is None or np.any(one)) and not any(p is mine for mine in stepping)
            ]
            if len(stepping) <= before:
                break
        if stepping:
            taken = [
                ReturnedGradient(
                    p.text,
                    f"({BEFORE}[{n}] - {p.text}) / {rate}",
                    p.array,
                    True,
                    False,
                    (*rounds.items(), *((text, _TIMES_LONGER * number) for text in rates)),
                )
                for n, p in enumerate(stepping)
            ]
            return TakenSteps(taken, others)
    return TakenSteps([], [])


def is_twice(two: Array | None, one: Array | None) -> bool:
    """Whether a step is twice as long as another one."""
    if one is None or two is None or not np.any(one):
        return False
    return np.allclose(two, 2 * one, rtol=_CLOSE, atol=_CLOSE * float(np.abs(one).max()))


def kept_before(parameters: Sequence[ReturnedGradient]) -> list[str]:
    """The expressions that make the steps of parameters so long that what is left of them tells the gradient in all its
    digits, and keep the parameters in front of these; nothing where none takes one."""
    if not any(re.search(rf"\b{BEFORE}\[", p.gradient) for p in parameters):
        return []
    settings = dict(setting for p in parameters for setting in p.settings)
    return [
        *(put(text, number) for text, number in settings.items()),
        f"{BEFORE} := [{', '.join(f'{p.parameter}.copy()' for p in parameters)}]",
    ]


def takes_steps(parameters: Sequence[ReturnedGradient]) -> bool:
    """Whether the gradient of some parameters is seen by steps: by those that are taken, or by those that are kept."""
    return any(re.search(r" / -?own\b", p.gradient) for p in parameters)


def without_step(running: Running) -> list[str]:
    """The expressions that set what is called a learning rate to 0: with it no step is taken, however it is made, and
    the gradients that a function gives, or leaves on objects, are those of the parameters as they stay."""
    rates = rates_of(running.call.values, list(running.call.sources))
    return [put(text, 0.0) for text in dict.fromkeys(text for _, texts in rates for text in texts)]


def put(text: str, number: float) -> str:
    """The expression that puts a number in the place of another one."""
    holder, _, name = text.rpartition(".")
    return f"setattr({holder}, {name!r}, {number!r})"


def _taken(
    held: Sequence[ArrayPlace],
    texts: Sequence[str],
    running: Running,
    settings: Mapping[str, float],
    at: Sequence[tuple[Array, Array]],
) -> list[Array | None]:
    """What a call takes from each array with some settings, with others in the place of some; None of those whose shape
    it changes."""
    own = running.copy(at)
    running.value(own, [put(text, number) for text, number in settings.items()])
    before = [np.array(running.value(own, [p.text])) for p in held]
    running.value(own, texts)
    after = [np.asarray(running.value(own, [p.text])) for p in held]
    return [b - a if a.shape == b.shape else None for b, a in zip(before, after, strict=True)]


def one_round(running: Running) -> list[str]:
    """The expressions that make a training one of a single round, where it says how many there are."""
    return [put(text, number) for text, number in _rounds(running).items()]


def _rounds(running: Running) -> dict[str, float]:
    numbers = _numbers(running.call.values, list(running.call.sources), "own", 0)
    return {text: 1 for text, name, _ in numbers if training_setting(name.strip("_")) == "1"}


def rates_of(values: Any, names: Sequence[str]) -> Iterator[tuple[float, list[str]]]:
    """The numbers that are called learning rates: arguments, and attributes of objects. Those of the same name and
    value come together, as each layer may hold the rate of all."""
    together: dict[tuple[str, float], list[str]] = {}
    for text, name, number in _numbers(values, names, "own", 0):
        if isinstance(number, float):
            together.setdefault((name, number), []).append(text)
    every = [(name, number, texts) for (name, number), texts in together.items()]
    yield from ((number, texts) for name, number, texts in every if is_rate(name))
    yield from ((number, texts) for name, number, texts in every if name.strip("_").lower() in ("alpha", "a"))


def _numbers(values: Any, names: Sequence[str], text: str, depth: int) -> Iterator[tuple[str, str, float]]:
    """Where numbers stand, what they are called, and they."""
    for name in names:
        value = values.get(name)
        if isinstance(value, float | np.floating):
            yield f"{text}.{name}", name, float(value)
        elif type(value) is int:
            yield f"{text}.{name}", name, value
        parts = enumerate(value) if isinstance(value, list | tuple) else [("", value)]
        for number, part in parts if depth < _MOST_OBJECTS_DEEP else ():
            if is_own_object(part):
                at = f"{text}.{name}[{number}]" if number != "" else f"{text}.{name}"
                held = _held_by(part)
                yield from _numbers(held, list(held), at, depth + 1)


def _held_by(part: Any) -> dict[str, Any]:
    """What an object holds, the numbers that its class writes down for all of its kind too."""
    of_class = {n: v for kind in reversed(type(part).__mro__) for n, v in vars(kind).items()}
    numbers = {n: v for n, v in of_class.items() if isinstance(v, float | int) and not n.startswith("__")}
    return {**numbers, **vars(part)}
