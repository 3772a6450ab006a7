"""Along which other axes a sum or mean may be meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.scope import InScope


def other_axes(node: ast.expr, known: InScope) -> Iterator[ast.expr]:
    """Other axes than these: another one, or one less or more of several; those that stand elsewhere."""
    seen = {ast.unparse(node)}
    for other in (*_near_axes(node), *known.axes):
        if (text := ast.unparse(other)) not in seen:
            seen.add(text)
            yield other


def _near_axes(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(value=int(axis)):
            yield from (ast.Constant(other) for other in (0, 1, -1) if other != axis)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(back))):
            yield from (ast.Constant(other) for other in (0, 1, -1, -2) if other != -back)
        case ast.Tuple(elts=axes):
            for place in range(len(axes)):
                yield ast.Tuple([*axes[:place], *axes[place + 1 :]], ast.Load())
            for axis in (0, 1):
                yield ast.Tuple([ast.Constant(axis), *axes], ast.Load())
