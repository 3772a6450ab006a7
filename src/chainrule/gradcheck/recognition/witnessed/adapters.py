"""The adapters by which a gradient is called as the file calls it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.names import is_rate, l2_name, meaning
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.costs import CostCall
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient, held_arrays
from chainrule.gradcheck.recognition.witnessed.running import Running

_TIMES_SMALLER = 8
"""Parameters so many times smaller have gradients that are far from what they are clipped to."""

_FEW = 8
"""Samples are enough to tell; the file may go through thousands."""

_RESERVED = ("values", "own", "rng", "holding", "drawn", "seen", "data", "parameters")
"""Names that an adapter needs for itself."""


class Adapters(NamedTuple):
    """The texts of adapters that call the same.

    Attributes:
        text: with what the file has.
        drawn: with inputs that are drawn; empty where there are none.
        smaller: with small parameters, for gradients that are clipped.
    """

    text: str
    drawn: str
    smaller: str


def adapters_of(
    cost: CostCall,
    texts: Sequence[str],
    parameters: Sequence[ReturnedGradient],
    running: Running,
    numbers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Adapters, Adapters | None]:
    """The adapters of a cost and a gradient, with all samples of the file and with few of them; None where it has no
    more.

    Args:
        cost: how it is called.
        texts: expressions, the last of which the gradients are picked from.
        parameters: with their gradients.
        running: what is known where the file calls the gradient.
        numbers: the expressions of data that are always drawn, by name.
    """
    # All that is read, whoever reads it: what were left out would have as many samples as ever.
    reads = dict.fromkeys(read_in([*cost.texts, *texts], running))
    # Of a penalty a cost that is made up knows nothing: what l2 it would be at is left as it is.
    left = [name for name in reads if is_rate(name) or (l2_name([name]) and name not in cost.reads)]
    data = _data([name for name in reads if name not in left], parameters, running)
    values = running.call.values
    write = functools.partial(
        expressions.adapter_text, running.call, parameters, cost=cost.texts, gradient=texts
    )

    def written(seen: Mapping[str, str]) -> Adapters:
        inputs = [name for name in data if name not in numbers and _may_be_drawn(name, values[name])]
        drawn = {name: f"rng.normal(size={seen[name]}.shape)" for name in inputs}
        return Adapters(
            write(seen),
            write({**seen, **drawn}) if drawn else "",
            write(seen, times_smaller=_TIMES_SMALLER),
        )

    seen = {name: f"seen.{name}" for name in data} | dict(numbers)
    few = {} if numbers else _of_few({name: values[name] for name in data})
    return written(seen), written(seen | few) if few else None


def _of_few(data: Mapping[str, Any]) -> dict[str, str]:
    """The expressions of arrays that all have the same first or last size, with few entries along it; of none where it
    is small."""
    arrays = {name: value for name, value in data.items() if isinstance(value, np.ndarray) and value.ndim}
    sizes = [(size, axis) for axis in (0, -1) for size in {a.shape[axis] for a in arrays.values()}]
    shared = [
        axis for size, axis in sizes if size > _FEW and all(a.shape[axis] == size for a in arrays.values())
    ]
    if not shared:
        return {}
    few = f":{_FEW}" if shared[0] == 0 else f"..., :{_FEW}"
    return {name: f"seen.{name}[{few}]" for name in arrays}


def read_in(texts: Sequence[str], running: Running) -> list[str]:
    """The names of the values that some expressions read."""
    names = re.findall(r"\bown\.(\w+)", " ".join(texts))
    return [name for name in names if name in running.call.values]


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
        and not holds(values[name], parameters)
    ]


def holds(value: Any, parameters: Sequence[ReturnedGradient]) -> bool:
    """Whether a value is, or holds, one of the parameters."""
    mine = {id(place.array) for place in held_arrays({"value": value}, ["value"])}
    return any(id(p.array) in mine for p in parameters)
