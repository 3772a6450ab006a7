"""Whether cost and gradient are given the same data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from chainrule.gradcheck.program.names import is_rate
from chainrule.gradcheck.recognition.witnessed.adapters import holds, read_in
from chainrule.gradcheck.recognition.witnessed.costs import CostCall
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.sample_matrices import matrices_of_samples, picks_samples


def is_of_the_same(
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
    known = {id(values[name]) for name in (*cost.reads, *read_in(cost.texts, running))}
    # An object that the gradients are left on is none that they are computed from.
    keeping = {p.gradient.split(".")[1] for p in parameters if p.gradient.startswith("own.")}
    handed = [
        name
        for name in re.findall(r"own\.(\w+)(?![\w.(])", texts[-1])
        if name not in keeping and not holds(values[name], parameters)
    ]
    made = matrices_of_samples(values, cost.reads, [p.array for p in parameters])
    unknown = [n for n in handed if not is_rate(n) and id(values[n]) not in known and n not in made]
    if any(_is_data(values[n]) and not (made and picks_samples(values[n])) for n in unknown):
        return False
    return all(id(values[n]) in taken for n in cost.reads if _is_data(values[n]))


def _is_data(value: Any) -> bool:
    """Whether it makes a difference of its own: sizes, texts, switches and functions do not."""
    return value is not None and not isinstance(value, int | str | FunctionType)
