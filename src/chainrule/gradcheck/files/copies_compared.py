"""Whether a copy of a file with a change in it is the file in all else: what is recognised in it, how that is called,
and what its costs are."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import numpy as np

from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.sandbox.remote import RemoteProgram

_SAME_COST = 1e-9


def places_in(before: RemoteProgram, copy: RemoteProgram) -> dict[int, int] | None:
    """For each gradient of a copy of a file its place in the file; None where it has others."""
    named, now = ([(g.gradient, g.cost, g.declared) for g in remote.gradients] for remote in (before, copy))
    if now == named:
        return dict(enumerate(range(len(now))))
    are_apart = len({*named}) == len(named) and len({*now}) == len(now)
    return (
        {there: named.index(each) for there, each in enumerate(now)}
        if are_apart and {*now} < {*named}
        else None
    )


def are_called_alike(before: RemoteProgram, copy: RemoteProgram) -> bool:
    """Whether all that is checked is called in the same way: comments in that may name lines, which are others behind a
    line that is put in."""
    first, second = ([ast.dump(ast.parse(g.text)) for g in remote.gradients] for remote in (before, copy))
    return first == second


def same_costs(program: Program, points: Sequence[CheckedPoint]) -> bool:
    """Whether a program's costs are those that they were at some points."""
    for checked in points:
        point = checked.point
        before, after = point.cost(), float(np.real(program.cost(point.arrays, point.data)))
        if not abs(after - before) <= _SAME_COST * max(1.0, abs(before)):
            return False
    return True
