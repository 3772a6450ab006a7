"""Gradients of a sum over the samples that become those of a penalised mean where they are called: by their source."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.names import l2_name
from chainrule.gradcheck.program.whole_numbers import averaged


def averaged_results(node: ast.AST) -> Iterator[str]:
    """The functions whose results are each divided by a number of samples, and penalised, wherever they are called.

    >>> text = "dW, db = self.gradient(X, Y); self.W -= dW / len(X) + lam * self.W; self.b -= {} / len(X)"
    >>> list(averaged_results(ast.parse(text.format("db"))))
    ['gradient']

    A division of something else says nothing of them, nor does that of some of them:

    >>> list(averaged_results(ast.parse(text.format("hits"))))
    []
    """
    calls = [name for inner in ast.walk(node) if (name := _called(inner))]
    changes = [inner for inner in ast.walk(node) if isinstance(inner, ast.Assign | ast.AugAssign)]
    divided = {name for dividend in averaged(node) for name in _names(dividend)}
    penalised = {name for change in changes if _has_l2_factor(change) for name in _names(change)}
    known = [
        name
        for change in changes
        if isinstance(change, ast.Assign) and (name := _called(change.value))
        if (bound := _bound(change.targets)) and bound <= divided and bound & penalised
    ]
    yield from (name for name in dict.fromkeys(known) if known.count(name) == calls.count(name))


def _called(node: ast.AST) -> str:
    """The function, or the method, that is called; empty where nothing is."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
    return ""


def _bound(targets: list[ast.expr]) -> set[str]:
    """The names that get the results of a call; none where any of these gets something else than a name."""
    match targets:
        case [ast.Name(id=name)]:
            return {name}
        case [ast.Tuple(elts=parts)]:
            names = {part.id for part in parts if isinstance(part, ast.Name)}
            return names if len(names) == len(parts) else set()
    return set()


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _has_l2_factor(node: ast.AST) -> bool:
    """Whether something is multiplied by an l2 in it."""
    products = (n for n in ast.walk(node) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mult))
    factors = (factor for product in products for factor in (product.left, product.right))
    names = (
        factor.id if isinstance(factor, ast.Name) else factor.attr
        for factor in factors
        if isinstance(factor, ast.Name | ast.Attribute)
    )
    return l2_name(names) is not None
