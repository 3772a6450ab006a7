"""What a function asks no more of than whether it is so: switches."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def switches_in(node: ast.AST) -> frozenset[str]:
    """The names, attributes and text keys that are conditions by themselves: ``if args.stop``, ``not config["bias"]``.

    >>> sorted(switches_in(ast.parse("while not args.stop: y = a if cfg['bias'] and n > 2 else b")))
    ['bias', 'stop']
    """
    conditions = (
        n.test for n in ast.walk(node) if isinstance(n, ast.If | ast.IfExp | ast.While | ast.Assert)
    )
    negated = (n.operand for n in ast.walk(node) if isinstance(n, ast.UnaryOp) and isinstance(n.op, ast.Not))
    return frozenset(name for condition in (*conditions, *negated) for name in _alone(condition))


def _alone(condition: ast.expr) -> Iterator[str]:
    """The names of what a condition is made of, but for what is compared or computed in it."""
    match condition:
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from _alone(part)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _alone(inner)
        case (
            ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name)))
        ):
            yield name
