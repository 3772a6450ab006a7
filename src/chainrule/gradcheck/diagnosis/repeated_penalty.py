"""A cost that adds its penalty again and again, where it stands inside a loop over the samples or the layers.

By values alone it is a penalty that is N times the gradient's, and either may be meant. What tells is that the cost
forms the smaller one, whole, as often as it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from chainrule.gradcheck.diagnosis.derivation import PlainNet
from chainrule.gradcheck.diagnosis.evidence import Evidence, is_right
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.diagnosis.watched import by_site, is_value, watched_values
from chainrule.gradcheck.program.interface import SourceLine, WatchedValue
from chainrule.gradcheck.result import Line

REPAIR = (
    "add the penalty once, after the loop or the sum over them; or, if it is meant as often, give the gradient as much "
    "of it"
)

_COUNTS: dict[str, Callable[[PlainNet], int]] = {
    "sample": lambda net: net.samples,
    "layer": lambda net: len(net.layers),
    "class of each sample": lambda net: net.samples * len(net.layers[-1].W),
}
"""What there may be a penalty for each of, and how many of them there are."""


def found(evidence: Sequence[Evidence]) -> tuple[str, Callable[[Evidence], Reading], Line] | None:
    """What the cost adds its penalty for each of, in words, its reading with the penalty added once, and the line; None
    where it does not, or the gradient is not right for that."""
    if not evidence[0].reading.penalty or evidence[0].reading.odd:
        return None
    for each, count in _COUNTS.items():

        def once(at: Evidence, count: Callable[[PlainNet], int] = count) -> Reading:
            penalty = {name: q / count(at.net()) for name, q in at.reading.penalty.items()}
            return replace(at.reading, penalty=penalty)

        if all(is_right(replace(at, reading=once(at))) for at in evidence):
            line = next((line for at in evidence if (line := _line(at, count(at.net())))), None)
            if line is not None:
                return each, once, Line.of_source(*line)
    return None


def _line(evidence: Evidence, count: int) -> SourceLine | None:
    """The last line on which the cost forms what it adds so often, or one layer's part of it; or forms it once, but
    never the penalty that it comes to, as where it is added to an array of losses. None where it does not."""
    if count < 2 or not any(evidence.reading.penalty.values()):
        return None
    net = evidence.net()
    parts = [
        evidence.reading.penalty.get(f"{kind}{at.index}", 0.0) * float(np.square(value).sum())
        for at in net.layers
        for kind, value in at.parameters().items()
    ]
    watched = watched_values(evidence.checked.point, "cost")
    whole, *of_layers = (_with_value(watched, value / count) for value in (sum(parts), *parts) if value)
    sites = (site for parts_of_one in (whole, *of_layers) for site in by_site(parts_of_one).values())
    often = [value for site in sites if len(site) == count for value in site]
    formed = often or ([] if _with_value(watched, sum(parts)) else whole)
    return formed[-1].line if formed else None


def _with_value(watched: Sequence[WatchedValue], value: float) -> list[WatchedValue]:
    """Those that are one number, this one."""
    return [at for at in watched if at.array.size == 1 and is_value(at.array.reshape(()), np.array(value))]
