"""Steps that a method keeps on its object, for other code to take: with a momentum, say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed.own_step import OwnStep
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.steps import is_twice, put, rates_of


def kept_steps(
    left: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace], texts: Sequence[str], running: Running
) -> list[ArrayPlace]:
    """What a call leaves on objects, with steps that are kept there, ``self.v = mu * self.v + eta * dW``, as the
    gradients that they are of: those in proportion to a learning rate that the file adds to a parameter, or takes from
    it, as they are.

    Args:
        left: what it leaves there.
        candidates: the arrays that may be parameters.
        texts: expressions, the last of which is the call.
        running: what is known where the file makes it.
    """
    step = OwnStep(running.call.later)
    own = [c for c in candidates if all(c.text != place.text for place in left)]
    ways = {place.text: step.takes_as_it_is(place.array, own) for place in left}
    kept = [place for place in left if ways[place.text]]
    for number, rates in rates_of(running.call.values, list(running.call.sources)) if kept else ():
        once, twice = (
            _left(kept, texts, running, dict.fromkeys(rates, times * number)) for times in (1.0, 2.0)
        )
        scaled = {p.text for p, one, two in zip(kept, once, twice, strict=True) if is_twice(two, one)}
        if scaled:
            return [_as_gradient(p, ways[p.text], rates[0], number) if p.text in scaled else p for p in left]
    return [*left]


def _as_gradient(place: ArrayPlace, way: int, rate: str, number: float) -> ArrayPlace:
    sign = "-" if way > 0 else ""
    return place._replace(text=f"{place.text} / {sign}{rate}", array=-way * place.array / number)


def _left(
    kept: Sequence[ArrayPlace], texts: Sequence[str], running: Running, settings: Mapping[str, float]
) -> list[Array]:
    """What a call with some settings leaves where steps are kept."""
    own = running.copy()
    running.value(own, [*(put(name, number) for name, number in settings.items()), *texts])
    return [np.array(running.value(own, [place.text])) for place in kept]
