"""What a function asks no more of than whether it is so: switches."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from chainrule.gradcheck.program.unfolding import assigned


def switches_in(node: ast.AST) -> frozenset[str]:
    """The names, attributes and text keys that are conditions by themselves: ``if args.stop``, ``not config["bias"]``,
    ``if svm == False``.

    >>> sorted(switches_in(ast.parse("while not args.stop: y = a if c['bias'] and n > 2 else b if svm is True else 0")))
    ['bias', 'stop', 'svm']
    """
    conditions = (
        n.test for n in ast.walk(node) if isinstance(n, ast.If | ast.IfExp | ast.While | ast.Assert)
    )
    negated = (n.operand for n in ast.walk(node) if isinstance(n, ast.UnaryOp) and isinstance(n.op, ast.Not))
    return frozenset(name for condition in (*conditions, *negated) for name in _alone(condition))


def _alone(condition: ast.expr) -> Iterator[str]:
    """The names of what a condition is made of, but for what is compared with other values or computed in it."""
    match condition:
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from _alone(part)
        case ast.Compare(
            left=inner,
            ops=[ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot()],
            comparators=[ast.Constant(value=bool())],
        ):
            yield from _alone(inner)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _alone(inner)
        case (
            ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name)))
        ):
            yield name


def switches_set(statements: Iterable[ast.stmt]) -> dict[str, str]:
    """The names that a top level gives True or False and nothing else, each with the last of these values.

    >>> switches_set(ast.parse("svm = True\\nsvm = False\\nlam = 0.1\\nshown = True\\nshown = lam").body)
    {'svm': 'False'}
    """
    values: dict[str, str] = {}
    others: set[str] = set()
    for statement in statements:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool(value)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=bool(value)))
            ):
                values[name] = str(value)
            case _:
                others |= {*assigned(statement)}
    return {name: value for name, value in values.items() if name not in others}
