"""A gradient whose arrays come back in an order that shapes alone do not settle: the numbers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric import differences, surroundings
from chainrule.gradcheck.program.leaves import named_leaves
from chainrule.gradcheck.program.matching import match
from chainrule.gradcheck.program.subject import Arrays, Data, Subject


class Ordered:
    """A subject whose gradients are put in the parameters' order; everything else is the subject's own."""

    def __init__(self, subject: Subject, names: Sequence[str], order: Sequence[int]) -> None:
        self._subject, self._names, self._order = subject, list(names), list(order)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._subject, name)

    def gradient(self, arrays: Arrays, data: Data) -> dict[str, Any]:
        return self._in_order(self._subject.gradient(arrays, data))

    def gradient_replacing(
        self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        return self._in_order(self._subject.gradient_replacing(arrays, data, changes))

    def _in_order(self, returned: dict[str, Any]) -> dict[str, Any]:
        return returned | {"names": self._names, "arrays": [returned["arrays"][j] for j in self._order]}


def settled(
    subject: Subject,
    names: Sequence[str],
    arrays: Arrays,
    data: Data,
    returned: dict[str, Any],
    rng: np.random.Generator,
) -> tuple[Subject, str]:
    """The subject with its gradients in the parameters' order, and what was guessed, in words.

    Where several orders fit, the one is taken whose gradients lie closest to the numeric ones.

    Raises:
        CheckError: no order fits.
    """
    own, found = named_leaves(names, arrays), named_leaves(returned["names"], returned["arrays"])
    matching = match(own, found, returned["kind"])
    order = matching.orders[0]
    if len(matching.orders) > 1:
        moved = surroundings.beside(arrays, rng)
        numeric = differences.gradient(subject, moved, data, rng)
        gradients = subject.gradient(moved, data)["arrays"]

        def distance(candidate: Sequence[int]) -> float:
            pairs = zip(candidate, numeric.arrays, strict=True)
            return sum(1 - _likeness(gradients[j].reshape(-1), n.reshape(-1)) for j, n in pairs)

        order = min(matching.orders, key=distance)
    note = matching.note(order, own, found)
    return (Ordered(subject, names, order) if matching.guessed else subject), note


def _likeness(g: Array, n: Array) -> float:
    """|cos| of the angle between two gradients, which neither sign nor scale disturbs; 1 for two zero ones."""
    sizes = float(np.linalg.norm(g)) * float(np.linalg.norm(n))
    return abs(float(g @ n)) / sizes if sizes else float(not g.any() and not n.any())
