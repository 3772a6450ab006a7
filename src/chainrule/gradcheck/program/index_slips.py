"""By what else an array may be indexed: where a part begins or ends, and what an index is computed of."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.slips import Slip

_MOST_COMPUTED, _MOST_COUNTERS = 6, 4


def other_slices(index: ast.expr, among: Sequence[ast.expr]) -> Iterator[Slip]:
    """An index whose slices begin or end elsewhere: at the other end, or at something else."""
    axes = _axes(index)
    for start in among:
        moved = [_starting(start, axis) for axis in axes]
        if any(new is not axis for new, axis in zip(moved, axes, strict=True)):
            yield "slice", _of_axes(moved, index)
    for place, axis in enumerate(axes):
        if not isinstance(axis, ast.Slice) or axis.step is not None:
            continue
        for bound in (*filter(None, (axis.lower, axis.upper)), *among):
            for ends in ((bound, None), (None, bound), (_minus(bound), None), (None, _minus(bound))):
                yield "slice", _of_axes([*axes[:place], ast.Slice(*ends), *axes[place + 1 :]], index)


def other_indices(index: ast.expr, computed: Sequence[ast.expr], counters: frozenset[str]) -> Iterator[Slip]:
    """An index in which something else is computed on an axis: what others are, or what counts another loop added to a
    variable or taken from it; and one with plain variables in the place of all that is computed.

    Args:
        computed: what other indices are (:func:`computed_in`).
        counters: what counts the turns of loops.
    """
    axes = _axes(index)
    plain = [_variable(axis) for axis in axes]
    if any(new is not axis for new, axis in zip(plain, axes, strict=True)):
        yield "index", _of_axes(plain, index)
    for place, axis in enumerate(axes):
        if isinstance(axis, ast.Name | ast.BinOp):
            others = [each for each in computed[:_MOST_COMPUTED] if ast.dump(each) != ast.dump(axis)]
            for other in (*others, *_moved_by_counters(axis, counters)):
                yield "index", _of_axes([*axes[:place], other, *axes[place + 1 :]], index)


def computed_in(unit: ast.AST) -> list[ast.expr]:
    """What is computed of variables where something is indexed, each once.

    >>> [ast.unparse(each) for each in computed_in(ast.parse("a[t - k * s, 0] = b[i] + c[t - k * s]"))]
    ['t - k * s']
    """
    every = (node.slice for node in ast.walk(unit) if isinstance(node, ast.Subscript))
    axes = (axis for index in every for axis in _axes(index))
    found = {ast.unparse(a): a for a in axes if isinstance(a, ast.BinOp) and len(_names(a)) > 1}
    return list(found.values())


def _moved_by_counters(axis: ast.expr, counters: frozenset[str]) -> Iterator[ast.expr]:
    """``t + k`` and ``t - k`` for ``t``."""
    if isinstance(axis, ast.Name):
        for name in sorted(counters - {axis.id})[:_MOST_COUNTERS]:
            for operator in (ast.Add(), ast.Sub()):
                yield ast.BinOp(axis, operator, ast.Name(name, ast.Load()))


def _axes(index: ast.expr) -> list[ast.expr]:
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _of_axes(axes: list[ast.expr], index: ast.expr) -> ast.expr:
    """Axes as an index that is written like another one."""
    return ast.Tuple(axes, ast.Load()) if isinstance(index, ast.Tuple) else axes[0]


def _starting(start: ast.expr, axis: ast.expr) -> ast.expr:
    """``start:start + n`` for ``:n``; anything else as it is."""
    if isinstance(axis, ast.Slice) and axis.lower is None and axis.upper is not None and axis.step is None:
        return ast.Slice(start, ast.BinOp(start, ast.Add(), axis.upper))
    return axis


def _variable(axis: ast.expr) -> ast.expr:
    """The last variable of a sum or difference; anything else as it is."""
    names = _names(axis)
    return names[-1] if isinstance(axis, ast.BinOp) and names else axis


def _names(node: ast.expr) -> list[ast.Name]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Name)]


def _minus(bound: ast.expr) -> ast.expr:
    return bound.operand if isinstance(bound, ast.UnaryOp) else ast.UnaryOp(ast.USub(), bound)
