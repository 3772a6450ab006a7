"""The adapters by which a gradient is called as the file calls it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.names import is_gradient, is_rate, l2_name, meaning
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.costs import CostCall
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient, held_arrays
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.sample_matrices import matrices_of_samples

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
    states: Sequence[str],
    running: Running,
    numbers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Adapters, Adapters | None, int]:
    """The adapters of a cost and a gradient, with all samples of the file and with few of them, None where it has no
    more; and how many it has.

    Args:
        cost: how it is called.
        texts: expressions, the last of which the gradients are picked from.
        parameters: with their gradients.
        states: where arrays of objects stand that are 0 only at first.
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
        expressions.adapter_text, running.call, parameters, cost=cost.texts, gradient=texts, states=states
    )

    # Others than the inputs that matrices were computed of do not belong to these.
    is_made = not {*matrices_of_samples(values, cost.reads, [p.array for p in parameters])}.isdisjoint(reads)

    def written(seen: Mapping[str, str], fixed: Mapping[str, str]) -> Adapters:
        inputs = [name for name in data if name not in numbers and _may_be_drawn(name, values[name])]
        drawn = {name: f"rng.normal(size={seen[name]}.shape)" for name in inputs if not is_made}
        return Adapters(
            write(seen, fixed),
            write({**seen, **drawn}, fixed) if drawn else "",
            write(seen, fixed, times_smaller=_TIMES_SMALLER),
        )

    # What a net begins with is 0 at first, and hides what is left out of its gradient.
    empty = {
        name: f"rng.uniform(0.1, 0.9, size=seen.{name}.shape)"
        for name in data
        if _is_empty_state(name, values[name])
    }
    seen = {name: f"seen.{name}" for name in data} | empty | dict(numbers)
    listed = [
        name for name in reads if isinstance(values[name], list) and not holds(values[name], parameters)
    ]
    long = {name: values[name] for name in (*data, *listed)} if not numbers else {}
    few, size = _of_few(long, parameters)
    fixed = {name: few.pop(name) for name in listed if name in few}
    return written(seen, {}), written(seen | few, fixed) if few or fixed else None, size


def _of_few(values: Mapping[str, Any], parameters: Sequence[ReturnedGradient]) -> tuple[dict[str, str], int]:
    """The expressions of arrays and lists that are as long as each other, with few entries along this length, and it:
    one that most have and no parameter, else that of all arrays; of none where it is small."""
    shapes = {
        name: np.shape(v) if isinstance(v, np.ndarray) else (len(v),)
        for name, v in values.items()
        if _is_long(v)
    }
    mine = {size for p in parameters for size in p.array.shape}
    found = dict[tuple[int, int], list[str]]()
    for axis in (0, -1):
        for name, shape in shapes.items():
            if shape[axis] > _FEW:
                found.setdefault((shape[axis], axis), []).append(name)
    arrays = {name for name, v in values.items() if isinstance(v, np.ndarray) and v.ndim}
    fitting = [
        (size in mine, -len(names), size, axis, names)
        for (size, axis), names in found.items()
        if (arrays and arrays <= {*names}) or (len(names) > 1 and size not in mine)
    ]
    *_, size, axis, names = min(fitting, key=lambda each: each[:2], default=(0, 0, []))
    few = f":{_FEW}" if axis == 0 else f"..., :{_FEW}"
    cut = {
        name: f"seen.{name}[{few if isinstance(values[name], np.ndarray) else f':{_FEW}'}]" for name in names
    }
    return cut, size


def _is_long(value: Any) -> bool:
    """Whether it has a length along which it can be cut."""
    return isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim > 0)


def read_in(texts: Sequence[str], running: Running) -> list[str]:
    """The names of the values that some expressions read."""
    names = re.findall(r"\bown\.(\w+)", " ".join(texts))
    return [name for name in names if name in running.call.values]


def _is_empty_state(name: str, value: Any) -> bool:
    """Whether a value is zeros that are neither data nor the beginning of a sum of gradients."""
    is_zeros = (
        isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 1 and not value.any()
    )
    return is_zeros and meaning(name).role not in ("inputs", "labels", "l2") and not is_gradient(name)


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
        and not (isinstance(values[name], np.ndarray) and values[name].dtype.kind == "O")
        and not holds(values[name], parameters)
    ]


def holds(value: Any, parameters: Sequence[ReturnedGradient]) -> bool:
    """Whether a value is, or holds, one of the parameters."""
    mine = {id(place.array) for place in held_arrays({"value": value}, ["value"])}
    return any(id(p.array) in mine for p in parameters)
