"""A gradient whose arrays come back in an order that shapes alone do not settle: the numbers do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric import differences, surroundings
from chainrule.gradcheck.program.interface import Returned
from chainrule.gradcheck.program.leaves import named_leaves
from chainrule.gradcheck.program.matching import match
from chainrule.gradcheck.program.point import Point


def settled(given: Point, returned: Returned, rng: np.random.Generator) -> tuple[Point, str]:
    """The point with its gradients in the parameters' order, and what was guessed, in words.

    Where several orders fit, the one is taken whose gradients lie closest to the numeric ones.

    Raises:
        CheckError: no order fits.
    """
    gradients = named_leaves(returned.names, returned.arrays)
    matching = match(given.leaves, gradients, returned.kind)
    order = _closest(given, matching.orders, rng) if len(matching.orders) > 1 else matching.orders[0]
    note = matching.note(order, given.leaves, gradients)
    return (replace(given, order=tuple(order)) if matching.guessed else given), note


def _closest(given: Point, orders: Sequence[list[int]], rng: np.random.Generator) -> list[int]:
    """The order whose gradients lie closest to the numeric ones."""
    moved = surroundings.beside(given, rng)
    numeric = differences.gradient(moved, rng)
    gradients = moved.returned().arrays

    def distance(order: Sequence[int]) -> float:
        pairs = zip(order, numeric.arrays, strict=True)
        return sum(1 - _likeness(gradients[j].reshape(-1), n.reshape(-1)) for j, n in pairs)

    return min(orders, key=distance)


def _likeness(g: Array, n: Array) -> float:
    """|cos| of the angle between two gradients, which neither sign nor scale disturbs; 1 for two zero ones."""
    sizes = float(np.linalg.norm(g)) * float(np.linalg.norm(n))
    return abs(float(g @ n)) / sizes if sizes else float(not g.any() and not n.any())
