"""Which parameters the file itself takes a step with what a function gives: seen by how they have changed when it is
called the next time, in whatever way the step is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.places import ArrayPlace

_CLOSE = 1e-6


class OwnStep:
    """How arrays have changed from one call of a function to the next.

    Args:
        later: what the function was called with the next time; empty where it was not.
    """

    def __init__(self, later: Mapping[str, Any]) -> None:
        found = places.of_object(SimpleNamespace(**later), "own")
        self._now = {place.text: place.array for place in found}

    def descended(
        self, gradients: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace]
    ) -> dict[str, ArrayPlace]:
        """By the expression of each gradient, the array that has gone straight against it, where it is one alone."""
        moved = {g.text: [c for c in candidates if self._factors(c, g.array)[0] < 0] for g in gradients}
        return {text: places[0] for text, places in moved.items() if len(places) == 1}

    def takes_as_it_is(self, step: Array, candidates: Sequence[ArrayPlace]) -> int:
        """1 where the only array that has gone along a step has gone all of it, -1 where it has gone as far the other
        way; 0 where none has, or several."""
        ways = [along for c in candidates if (along := self._factors(c, step)[0])]
        return round(ways[0]) if len(ways) == 1 and abs(abs(ways[0]) - 1) < _CLOSE else 0

    def is_of_another(self, gradient: Array, candidate: ArrayPlace) -> bool:
        """Whether an array has gone along what a function gives, or against it and towards 0: its cost is another
        one's then, or has a penalty that the function leaves to the step."""
        along, shrunk = self._factors(candidate, gradient)
        return along > 0 or shrunk != 0

    def _factors(self, place: ArrayPlace, gradient: Array) -> tuple[float, float]:
        """How many times a gradient, and the array as it was, have been added to it; zeros where something else has."""
        before, after = place.array, self._now.get(place.text)
        if after is None or before.shape != after.shape or before.shape != gradient.shape:
            return 0.0, 0.0
        way = (after - before).ravel()
        for parts in ([gradient], [gradient, before]):
            columns = np.stack([part.ravel() for part in parts], axis=1)
            if way.any() and columns.any(axis=0).all() and way.size > columns.shape[1]:
                factors = np.linalg.lstsq(columns, way, rcond=None)[0]
                if np.allclose(columns @ factors, way, rtol=0, atol=_CLOSE * np.abs(way).max()):
                    return float(factors[0]), float(factors[1]) if factors[1:].size else 0.0
        return 0.0, 0.0
