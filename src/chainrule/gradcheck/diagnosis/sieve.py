"""Forms that a cost cannot have are told at three points, without solving for a single factor.

Where the entries of every parameter stand in another order, no penalty changes: what a cost changes by is a factor
times what its data part changes by, the same factor twice.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainNet
from chainrule.gradcheck.diagnosis.forms import Form
from chainrule.gradcheck.diagnosis.layout import ParameterLayout
from chainrule.gradcheck.diagnosis.mistakes import IMPOSSIBLE
from chainrule.gradcheck.program.point import Point

Order = Callable[[Array], Array]
"""The same entries in an order of its own."""

_OF_LAYERS = ("affine", "statistics", "scale_and_shift", "activate")
SMALLEST_FACTOR = 1e-6
"""The least that a data part counts in a cost."""

_MATCH, _ROUNDING = 1e-6, 1e-12


class Sieve:
    """Three points that differ in the order of the parameters' entries, in one layout."""

    def __init__(self, layout: ParameterLayout, net_at: Callable[[Point], PlainNet], given: Point) -> None:
        rng = np.random.default_rng(0)
        orders: tuple[Order, ...] = (_as_it_is, rng.permutation, rng.permutation)
        points = [_in_order(layout, given, order) for order in orders]
        self._nets = [net_at(point) for point in points]
        self._gone: tuple[object, ...] = ()
        try:
            self._costs = np.array([point.cost() for point in points])
        except Exception:
            # A cost that has no value there holds nothing back.
            self._costs = np.full(3, np.nan)

    def passes(self, form: Form) -> bool:
        """Whether a form may be the cost's: the factor is the same for both orders, but for rounding."""
        with np.errstate(all="ignore"):
            try:
                means = np.array(self._mean_losses(form))
            except IMPOSSIBLE:
                return False
            c, d = self._costs[1:] - self._costs[0], means[1:] - means[0]
            if np.abs(c).max() < SMALLEST_FACTOR * np.abs(d).max():
                return False
            apart = abs(c[0] * d[1] - c[1] * d[0])
            rounding = _ROUNDING * (
                np.abs(self._costs).max() * np.abs(d).sum() + np.abs(means).max() * np.abs(c).sum()
            )
            return not apart > _MATCH * (abs(c[0] * d[1]) + abs(c[1] * d[0])) + rounding

    def _mean_losses(self, form: Form) -> list[float]:
        """At every point."""
        steps = form.steps(len(self._nets[0].layers))
        way = (form.eps, form.activation, *((at, step) for at, step in steps.items() if at[0] in _OF_LAYERS))
        # Losses are tried one after the other on scores that stay the same.
        again, self._gone = way == self._gone, ()
        means = []
        for net in self._nets:
            form.put_into(net)
            if not again:
                derivation.through_the_layers(net, steps)
            means.append(float(derivation.compared(net, steps).mean()))
        self._gone = way
        return means


def _as_it_is(entries: Array) -> Array:
    return entries


def _in_order(layout: ParameterLayout, given: Point, order: Order) -> Point:
    """The given point with the entries of each parameter in another order."""
    parameters = {
        f"{kind}{at.index}": order(value.reshape(-1)).reshape(value.shape)
        for at in layout.layers(given.arrays)
        for kind, value in at.parameters().items()
    }
    return given.with_arrays(layout.put_back(parameters, given.arrays))
