"""What a call of the user's gradient or update leaves: gradients that it returns or keeps, parameters that it moved."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import Arrays, Returned
from chainrule.gradcheck.program.leaves import gradient_attributes, leaves, returned_leaves
from chainrule.gradcheck.program.nest import Nest


def returned_gradients(returned: Any, after: list[Array], count: int, owner: Any) -> Returned:
    """The gradients of ``count`` parameters: what a call returned, else what it left on the object that it belongs to.

    Args:
        returned: what it returned.
        after: the parameters after it.
        count: of the parameters.
        owner: the object that may keep gradients.
    """
    if _are_the_same(returned, owner):
        # It gives the objects back on which it has left them.
        returned = None
    gradients = [] if returned is None else returned_leaves(returned, count)
    kind = type(returned).__name__
    if returned is not None and not gradients:
        gradients = gradient_attributes(returned)
    kept = gradient_attributes(owner) if len(gradients) < count else []
    # What it returns beside a gradient for each parameter may be that of its inputs.
    if any(leaf.array.any() for leaf in kept) and (returned is None or len(kept) == count):
        gradients, kind = kept, "attributes"
    arrays = [np.array(leaf.array) for leaf in gradients]
    return Returned([leaf.name for leaf in gradients], arrays, after=after, kind=kind)


def _are_the_same(first: Any, second: Any) -> bool:
    """Whether two lists hold the same objects."""
    listed = isinstance(first, list | tuple) and isinstance(second, list | tuple)
    return listed and len(first) == len(second) > 0 and all(map(operator.is_, first, second))


def parameters_after(nest: Nest, returned: Any, after: list[Array]) -> list[Array]:
    """The parameters that an update gives: those that it returns, else those it was given as it left them."""
    if returned is None:
        return after
    own = nest.own(returned)
    return [np.array(leaf.array) for leaf in (own if len(own) == len(after) else leaves(returned))]


def taken(names: Sequence[str], before: Arrays, after: Sequence[Array]) -> Returned:
    """What an update took from the parameters.

    Raises:
        CheckError: it left others.
    """
    if [a.shape for a in after] != [a.shape for a in before]:
        raise CheckError("the update: leaves parameters of other shapes than it was given")
    steps = [np.asarray(a - b) for a, b in zip(before, after, strict=True)]
    return Returned(list(names), steps, after=[np.array(a) for a in before], kind="update")
