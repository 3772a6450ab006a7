"""What a small change of the user's source mends: of the changes that undo a usual slip, those with which the gradient
is right wherever it was compared, and the cost is what it was.

Likelier slips are tried first, all of a kind. Where changes of several lines mend, none of them is named, but where one
line forms what the others hand on.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.any_backward import (
    DERIVATIVE_MISSING,
    DERIVATIVE_WRONG,
    DUPLICATE_INDICES_LOST,
    MASK_MISSING,
    MASK_WRONG,
    MEAN_FOR_SUM,
    OVERWRITTEN_NOT_ACCUMULATED,
    PATH_COUNTED_TWICE,
    PATH_LEFT_OUT,
    SHIFTED_BY_ONE,
    VALUES_SWAPPED,
    WRONG_AXIS,
    WRONG_FACTOR,
    WRONG_INDEX,
    WRONG_VALUE,
)
from chainrule.gradcheck.catalogue.backpropagation import STALE_WEIGHTS, TRANSPOSED, WEIGHTS_NOT_TRANSPOSED
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.loss import WRONG_SIGN
from chainrule.gradcheck.catalogue.penalty import BIAS_REGULARISED
from chainrule.gradcheck.diagnosis.mending import gap_left, is_right_with
from chainrule.gradcheck.diagnosis.watched import first_mutation, watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from chainrule.gradcheck.program.interface import Patch, PatchKind, SourceLine
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Line

_MATCH = 1e-6
_ROUNDING = 1e-12


def mending(
    points: Sequence[CheckedPoint], at: SourceLine | None = None, *, additions: bool = False
) -> Patch | None:
    """The likeliest small change that makes the gradient right, of a line where one is given, or of ``additions`` to
    that; None where none does, or those of several lines do."""
    wrong = [checked for checked in points if checked.verdict == "wrong"]
    if not wrong:
        return None
    first = min(wrong, key=_numbers)
    try:
        every = first.point.program.patches(first.point.arrays, first.point.data, at, additions)
    except Exception:
        # As in watched.watched_values.
        return None
    for _, alike in itertools.groupby(every, key=lambda patch: patch.kind):
        right = [patch for patch in near([*alike], first) if mends([patch], [first, *points])]
        if right:
            return of_one_line(right)
    return None


def of_one_line(patches: Sequence[Patch]) -> Patch | None:
    """The likeliest of some changes that mend, likeliest first; where they are of several lines, that of the line which
    forms what the others hand on; None where there is no such."""
    return patches[0] if len({patch.line for patch in patches}) == 1 else where_formed(patches)


def where_formed(patches: Sequence[Patch]) -> Patch | None:
    """The change, of several that mend, of the line that gives a value a name, where the others change this name alone,
    as ``return dW.T`` does what ``dW = (d @ x).T`` does; None where there is no such."""
    handed_on = [_changed_name(patch) for patch in patches]
    first = next((patch for patch, name in zip(patches, handed_on, strict=True) if not name), None)
    if first is None:
        return None
    match statement(first.line.text):
        case ast.Assign(targets=[ast.Name(id=formed)]):
            others = zip(patches, handed_on, strict=True)
            return (
                first if all(patch.line == first.line or name == formed for patch, name in others) else None
            )
    return None


def _changed_name(patch: Patch) -> str:
    """The name that is all that a change takes something else for; empty where it is more, or none."""
    before, after = statement(patch.line.text), statement(patch.after)
    while before is not None and after is not None and type(before) is type(after):
        pairs = zip(ast.iter_child_nodes(before), ast.iter_child_nodes(after), strict=False)
        differing = [(a, b) for a, b in pairs if ast.dump(a) != ast.dump(b)]
        before, after = differing[0] if len(differing) == 1 else (None, None)
    return before.id if isinstance(before, ast.Name) else ""


def _factor_added(patch: Patch) -> str:
    """What a change multiplies something by; empty where it does something else."""
    before, after = statement(patch.line.text), statement(patch.after)
    while before is not None and after is not None:
        match after:
            case ast.BinOp(left, ast.Mult(), factor) if ast.dump(left) == ast.dump(before):
                return ast.unparse(factor)
        pairs = zip(ast.iter_child_nodes(before), ast.iter_child_nodes(after), strict=False)
        differing = [(a, b) for a, b in pairs if ast.dump(a) != ast.dump(b)]
        before, after = differing[0] if len(differing) == 1 else (None, None)
    return ""


def _is_mask(name: str, point: Point) -> bool:
    """Whether what a gradient forms under this name lets some entries through, and others not."""
    formed = {value.line: value.array for value in watched_values(point, "gradient")}
    arrays = [array for line, array in formed.items() if _gives(statement(line.text), name)]
    return any(a.any() and not a.all() and bool(np.isin(a, (0, 1)).all()) for a in arrays)


def _gives(line: ast.AST | None, name: str) -> bool:
    """Whether a line gives a name its value."""
    match line:
        case ast.Assign(targets=[ast.Name(id=given)]):
            return given == name
    return False


def statement(text: str) -> ast.AST | None:
    """A line of source as a statement; None where it is only a part of one."""
    try:
        return next(iter(ast.parse(text.strip()).body), None)
    except SyntaxError:
        return None


def line_of(patch: Patch) -> Line:
    """Where it is made, and what stands there then."""
    return replace(Line.of_source(*patch.line), right=patch.after)


def bug_of(patch: Patch, points: Sequence[CheckedPoint]) -> Bug | None:
    """What was wrong where a change mends it; None where values do not show it."""
    if patch.kind == "scale" and _is_mask(_factor_added(patch), points[0].point):
        return MASK_MISSING
    return bug_of_a_net(patch, points) or _BUGS.get(patch.kind)


def bug_of_a_net(patch: Patch, points: Sequence[CheckedPoint]) -> Bug | None:
    """What was wrong, where it is a bug that nets have; None elsewhere."""
    point = points[0].point
    if patch.kind == "order of statements" and first_mutation(point) == patch.line:
        return STALE_WEIGHTS
    if patch.kind == "transpose" and _is_right_where_symmetric(point):
        return WEIGHTS_NOT_TRANSPOSED
    if patch.kind == "part" and all(
        _adds_a_penalty(checked) for checked in points if checked.verdict == "wrong"
    ):
        return BIAS_REGULARISED
    return None


_BUGS: dict[PatchKind, Bug] = {
    "sign": WRONG_SIGN,
    "transpose": TRANSPOSED,
    "axis": WRONG_AXIS,
    "sum or mean": MEAN_FOR_SUM,
    "comparison": MASK_WRONG,
    "accumulation": OVERWRITTEN_NOT_ACCUMULATED,
    "every index": DUPLICATE_INDICES_LOST,
    "order of factors": TRANSPOSED,
    "exchange": VALUES_SWAPPED,
    "index": SHIFTED_BY_ONE,
    "slice": WRONG_INDEX,
    "number": WRONG_FACTOR,
    "statement": PATH_COUNTED_TWICE,
    "term": PATH_COUNTED_TWICE,
    "factor": WRONG_FACTOR,
    "power": WRONG_FACTOR,
    "call": DERIVATIVE_WRONG,
    "name": WRONG_VALUE,
    "minus": WRONG_SIGN,
    "scale": WRONG_FACTOR,
    "another term": PATH_LEFT_OUT,
    "derivative": DERIVATIVE_MISSING,
}
"""What was wrong, by what is changed."""

WORDS: dict[PatchKind, str] = {
    "sign": "a sign is turned",
    "transpose": "a matrix has to be transposed, or must not be",
    "axis": "the sum or mean runs along the wrong axis",
    "sum or mean": "a mean is taken where the sum belongs, or a sum where the mean does",
    "comparison": "the comparison lets the wrong entries through",
    "accumulation": "what is written there last replaces what was there; it has to be added to it",
    "every index": "an index that comes twice is counted once; each time has to be added",
    "assignment": "the value has to replace what was there, or be multiplied into it",
    "part": "a part of the array is meant, or all of it",
    "order of statements": "the lines are in the wrong order",
    "order of factors": "two things stand in the wrong order",
    "exchange": "two things have changed places",
    "index": "another index is meant",
    "slice": "another part of the array is meant, or a part of another",
    "number": "another number is meant",
    "statement": "the line does not belong there",
    "term": "one of the terms does not belong there",
    "factor": "a factor does not belong there, or divides where it has to multiply",
    "power": "another power is meant",
    "call": "another function is meant, or another product",
    "name": "another variable is meant",
    "minus": "a minus is missing",
    "scale": "a factor is missing",
    "another term": "a term is missing",
    "derivative": "the derivative of a step is missing as a factor",
    "missing statement": "a line is missing behind it",
}
"""What is seen of it."""


def _adds_a_penalty(checked: CheckedPoint) -> bool:
    """Whether what the gradient has too much is one multiple of the parameters, in some of their entries."""
    g, n, a = (
        np.concatenate([array.reshape(-1) for array in arrays])
        for arrays in (checked.analytic, checked.numeric, checked.point.arrays)
    )
    off = np.abs(g - n) > _MATCH * max(float(np.abs(n).max()), 1e-9)
    factors = (g - n)[off] / a[off]
    return 1 < len(factors) < len(a) and bool(np.ptp(factors) <= 1e-4 * np.abs(factors).max())


def _is_right_where_symmetric(point: Point) -> bool:
    """Whether the gradient is right where all square weights are their own transposes."""
    symmetric = [a + a.T if a.ndim == 2 and a.shape[0] == a.shape[1] else a for a in point.arrays]
    try:
        return compare_at(point.with_arrays(symmetric), np.random.default_rng(0)).verdict == "right"
    except CheckError:
        return False


def _numbers(checked: CheckedPoint) -> int:
    """How many numbers the data hold: little data are dealt with soon."""
    return sum(np.size(value) for value in checked.point.data)


def near(patches: Sequence[Patch], checked: CheckedPoint) -> list[Patch]:
    """Those with which the gradient may be right: drawn numbers times its entries add up to what they should."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=n.shape) for n in checked.numeric]
    pairs = [*zip(weights, checked.numeric, strict=True)]
    wanted = sum(float(np.vdot(w, n)) for w, n in pairs)
    slack = sum(float(np.linalg.norm(w)) * gap_left(n) for w, n in pairs) + _ROUNDING * abs(wanted)
    try:
        along = checked.point.projections(weights, [[patch] for patch in patches])
    except Exception:
        # As above.
        return []
    return [patch for patch, its in zip(patches, along, strict=True) if abs(its - wanted) <= slack]


def mends(patches: Sequence[Patch], points: Sequence[CheckedPoint]) -> bool:
    """Whether the gradient is right with some changes at every one of some points, and the cost what it was."""
    try:
        return all(is_right_with(checked, patches) for checked in points) and all(
            same_cost(patches, checked) for checked in points
        )
    except Exception:
        # Most changes do not suit the code that follows.
        return False


def same_cost(patches: Sequence[Patch], checked: CheckedPoint) -> bool:
    """Whether the cost is with some changes what it was."""
    before = checked.point.cost()
    try:
        return abs(checked.point.cost(patches) - before) <= 1e-9 * max(1.0, abs(before))
    except Exception:
        # As in mends.
        return False
