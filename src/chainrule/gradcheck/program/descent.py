"""Steps against a gradient, ``W -= eta * dW``: in any language they tell parameters, gradients and the rate apart."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chainrule.gradcheck.program.names import is_rate


class DescentStep(NamedTuple):
    """One step.

    Attributes:
        parameter: the name of what is changed, or of what it is a part of; empty for an attribute.
        key: the text by which it is looked up in that; empty for none.
        in_place: what is changed is the array itself.
        rate: the name that the gradient is multiplied by; empty for a number.
        gradient: the names that the gradient is made of.
        attribute: of what object, and under what name, it is changed where it is an attribute: ``self.W``.
        number: the rate where it is written as a number.
    """

    parameter: str
    key: str
    in_place: bool
    rate: str
    gradient: frozenset[str]
    attribute: str = ""
    number: str = ""


def steps(nodes: Iterable[ast.AST]) -> Iterator[DescentStep]:
    """The steps among some nodes.

    >>> step, = steps(ast.walk(ast.parse("p['W'] = p['W'] - eta * dW")))
    >>> step.parameter, step.key, step.rate, sorted(step.gradient)
    ('p', 'W', 'eta', ['dW'])
    """
    for node in nodes:
        match node:
            case ast.AugAssign(target=target, op=ast.Sub(), value=ast.BinOp() as taken):
                yield from _step(target, taken, in_place=True)
            case ast.AugAssign(target=target, op=ast.Add(), value=ast.BinOp() as taken) if _is_negative(
                taken
            ):
                yield from _step(target, taken, in_place=True)
            case ast.Assign(
                targets=[target],
                value=ast.BinOp(left=old, op=ast.Sub(), right=ast.BinOp() as taken),
            ) if ast.unparse(old) == ast.unparse(target):
                yield from _step(target, taken, in_place=isinstance(target, ast.Subscript))


def _first(product: ast.BinOp) -> ast.BinOp:
    """The product that is taken first: ``lr * X.T`` of ``lr * X.T @ d / n``."""
    while isinstance(product.left, ast.BinOp):
        product = product.left
    return product


def _is_negative(product: ast.BinOp) -> bool:
    first = _first(product).left
    return isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub)


def _step(target: ast.expr, taken: ast.BinOp, *, in_place: bool) -> Iterator[DescentStep]:
    first = _first(taken)
    factors = [
        side
        for product, side in ((first, first.left), (taken, taken.right))
        if isinstance(product.op, ast.Mult)
    ]
    for rate in sorted(factors, key=lambda side: not is_rate(ast.unparse(side).lstrip("-"))):
        bare = rate.operand if isinstance(rate, ast.UnaryOp) else rate
        if isinstance(bare, ast.Name | ast.Constant):
            names = (n.id for n in ast.walk(taken) if isinstance(n, ast.Name) and n is not bare)
            name, number = (bare.id, "") if isinstance(bare, ast.Name) else ("", repr(bare.value))
            changed = ast.unparse(target) if isinstance(target, ast.Attribute) else ""
            yield DescentStep(*_place(target), in_place, name, frozenset(names), changed, number)
            return


def _place(target: ast.expr) -> tuple[str, str]:
    """The name of what is changed, and the last text by which it is looked up."""
    key = ""
    while isinstance(target, ast.Subscript):
        if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
            key = key or target.slice.value
        target = target.value
    return (target.id if isinstance(target, ast.Name) else ""), key
