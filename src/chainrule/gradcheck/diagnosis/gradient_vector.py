"""The gradients of all parameters at a point as one vector, with changes on the way, and which of its entries are
wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Changes

_MATCH = 1e-6
_ROUNDING = 1e-3
"""Of how far a right entry may lie from the numeric one."""
_LEAST_SCALE = 1e-3
"""Of the largest gradient: what a parameter's own is compared at least in terms of."""


class GradientVector:
    """What a gradient is and should be at a point.

    Args:
        checked: the point.

    Attributes:
        given: the gradient (n,).
        numeric: what it should be (n,).
    """

    def __init__(self, checked: CheckedPoint) -> None:
        self._point, self.given, self.numeric = (
            checked.point,
            _joined(checked.analytic),
            _joined(checked.numeric),
        )
        largest = [float(np.abs(n).max(initial=0)) for n in checked.numeric]
        # True values are as exact as differences are, also where a gradient is 0, as of a bias before batch norm.
        least = max(_LEAST_SCALE * max(largest), 1e-6)
        scales = [np.full(n.size, max(own, least)) for n, own in zip(checked.numeric, largest, strict=True)]
        self._match = _MATCH * np.concatenate(scales)

    def with_changes(self, changes: Changes) -> Array | None:
        """The gradient with changes (n,); None where these do not suit the code that follows."""
        try:
            return _joined(self._point.gradient(changes))
        except Exception:
            # Another value, or other code, in its place need not suit the rest.
            return None

    def projections(self, weights: Array, every: Sequence[Changes]) -> Array:
        """What its entries times weights (n,) add up to with each of many changes (k,); not a number where these do not
        suit the code that follows."""
        return self._point.projections(self._split(weights), every)

    def wrong(self, gradient: Array) -> Array:
        """Which entries are not the numeric ones (n,)."""
        differ: Array = ~(np.abs(gradient - self.numeric) <= self._match)
        return differ

    def changed(self, before: Array, after: Array) -> Array:
        """Which of its entries are others by more than rounding (n,): that of a parameter with which the cost does not
        change is never quite 0."""
        differ: Array = ~(np.abs(after - before) <= _ROUNDING * self._match)
        return differ

    def names_changed(self, changes: Changes) -> tuple[str, ...]:
        """The parameters whose gradients are others with changes; none where these do not suit the code that
        follows."""
        gradient = self.with_changes(changes)
        if gradient is None:
            return ()
        every = self.of_parameters(self.changed(self.given, gradient)).items()
        return tuple(name for name, own in every if own.any())

    def of_parameters(self, entries: Array) -> dict[str, Array]:
        """Some property of all entries (n,), by parameter."""
        own = (each.reshape(-1) for each in self._split(entries))
        return dict(zip(self._point.names, own, strict=True))

    def entries_of(self, parameter: str) -> Array:
        """Which entries are those of a parameter (n,)."""
        pairs = zip(self._point.names, self._point.arrays, strict=True)
        return np.concatenate([np.full(a.size, name == parameter) for name, a in pairs])

    def _split(self, entries: Array) -> list[Array]:
        """All entries as one array in the shape of each parameter."""
        ends = np.cumsum([a.size for a in self._point.arrays])[:-1]
        pairs = zip(np.split(entries, ends), self._point.arrays, strict=True)
        return [own.reshape(a.shape) for own, a in pairs]


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.asarray(a, dtype=float).reshape(-1) for a in arrays])
