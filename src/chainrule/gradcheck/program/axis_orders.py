"""Axes in another order: of a transpose, of a sum of Einstein's, of what is given another shape."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from chainrule.gradcheck.program.change import NodePlace, exchanged
from chainrule.gradcheck.program.slips import Slip

_AXES_OF_IMAGES = (3, 4)


def other_orders(node: ast.expr, place: NodePlace) -> Iterator[Slip]:
    """An expression with axes in any other order, by where it stands: what is given another shape may have to be
    transposed before, or after."""
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript() if isinstance(node.ctx, ast.Load):
            yield "transpose", ast.parse(f"{ast.unparse(node)}.swapaxes(-1, -2)", mode="eval").body
        case ast.Call(args=axes):
            orders = (ast.Call(node.func, order, node.keywords) for order in _permuted(axes))
            yield from (("transpose", order) for order in orders)
            yield from _reshaped(node)
        case ast.Tuple(elts=axes, ctx=ast.Load()):
            yield from (("transpose", ast.Tuple(order, ast.Load())) for order in _permuted(axes))
        case ast.Constant(value=str(text)) if "->" in text:
            yield from (("transpose", ast.Constant(other)) for other in _other_letters(text))
    if _is_reshaped(place):
        for count in _AXES_OF_IMAGES:
            for order in list(itertools.permutations(range(count)))[1:]:
                yield "transpose", _transposed(node, order)


def _is_reshaped(place: NodePlace) -> bool:
    """Whether what stands there is given another shape."""
    return isinstance(place.parent, ast.Attribute) and place.parent.attr == "reshape"


def _reshaped(node: ast.Call) -> Iterator[Slip]:
    """``d.reshape(n, h, w, c).transpose(0, 3, 1, 2)`` for ``d.reshape(n, c, h, w)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr="reshape"), args=sizes) if len(sizes) in _AXES_OF_IMAGES:
            for order in list(itertools.permutations(range(len(sizes))))[1:]:
                before = ast.Call(node.func, [sizes[axis] for axis in order], [])
                back = tuple(order.index(axis) for axis in range(len(order)))
                yield "transpose", _transposed(before, back)


def _transposed(node: ast.expr, order: tuple[int, ...]) -> ast.expr:
    transpose = ast.Attribute(node, "transpose", ast.Load())
    return ast.Call(transpose, [ast.Constant(axis) for axis in order], [])


def _permuted(axes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    whole = all(isinstance(axis, ast.Constant) and isinstance(axis.value, int) for axis in axes)
    if whole and len(axes) in _AXES_OF_IMAGES:
        yield from map(list, itertools.permutations(axes))
    elif whole and len(axes) > max(_AXES_OF_IMAGES):
        yield from exchanged(axes)


def _other_letters(text: str) -> Iterator[str]:
    """A sum of Einstein's with two letters of one of its arrays the other way round."""
    for i, j in itertools.combinations(range(len(text)), 2):
        if text[i : j + 1].isalpha():
            order = [*text]
            order[i], order[j] = text[j], text[i]
            yield "".join(order)
