"""A function that gives its derivative where an argument asks for it, as two.

    def mse(y, p, derivative=False):            def mse(y, p):
        if derivative:                              return np.mean((p - y) ** 2)
            return 2 * (p - y) / y.size
        return np.mean((p - y) ** 2)            def mse_derivative(y, p):
                                                    return 2 * (p - y) / y.size

So the two can be held against each other as if the file had written them so.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Sequence

_FLAG = re.compile(
    r"_*((is|return|give|want|calc|get)_?)?(?P<kind>deriv|prime|grad)(ative|ient)?s?_*", re.IGNORECASE
)


def by_flag(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """The derivatives that the functions of a top level give by a flag.

    >>> tree = ast.parse("def f(x, deriv=False):\\n    return 2 * x if deriv else x ** 2")
    >>> [ast.unparse(function) for function in by_flag(tree.body)]
    ['def f_derivative(x):\\n    return 2 * x']
    """
    taken = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    for node in body:
        flag = _flag(node)
        if isinstance(node, ast.FunctionDef) and flag is not None:
            made = _where(node, flag[0], asked=True)
            kind = "gradient" if flag["kind"].lower() == "grad" else "derivative"
            made.name = f"{node.name}_{kind}"
            if made.name not in taken:
                yield made


def without_flag(node: ast.FunctionDef) -> ast.FunctionDef:
    """A function as it is to those who do not ask it for its derivative."""
    flag = _flag(node)
    return node if flag is None else _where(node, flag[0], asked=False)


def _flag(node: ast.stmt) -> re.Match[str] | None:
    """The last argument of a function, where it asks for the derivative: it is off by itself, nothing but a choice
    between what is done, and what is given differs."""
    match node:
        case ast.FunctionDef(
            args=ast.arguments(posonlyargs=[], args=[_, *_, last], vararg=None, kwonlyargs=[], kwarg=None,
                               defaults=[*_, ast.Constant(value=False)])
        ) if asks := _FLAG.fullmatch(last.arg):  # fmt: skip
            ways = [_where(node, last.arg, asked=asked) for asked in (False, True)]
            left = {n.id for n in ast.walk(ways[1]) if isinstance(n, ast.Name)}
            return asks if last.arg not in left and _given(ways[0]) != _given(ways[1]) else None
    return None


def _given(node: ast.FunctionDef) -> list[str]:
    """What a function returns, as it is written."""
    return [ast.unparse(inner) for inner in ast.walk(node) if isinstance(inner, ast.Return)]


def _where(node: ast.FunctionDef, flag: str, *, asked: bool) -> ast.FunctionDef:
    """What a function does where its derivative is asked for, or is not."""
    made = _ByFlag(flag, asked=asked).visit(copy.deepcopy(node))
    assert isinstance(made, ast.FunctionDef)
    del made.args.args[-1], made.args.defaults[-1]
    end = next((i for i, inner in enumerate(made.body, 1) if isinstance(inner, ast.Return)), len(made.body))
    del made.body[end:]
    for inner in ast.walk(made):
        if isinstance(inner, ast.stmt) and getattr(inner, "body", None) == []:
            inner.body = [ast.copy_location(ast.Pass(), inner)]  # type: ignore[attr-defined]
    return made


class _ByFlag(ast.NodeTransformer):
    """Puts what is done in the place of the choice."""

    def __init__(self, flag: str, *, asked: bool) -> None:
        self._flag, self._asked = flag, asked

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        holds = self._holds(node.test)
        if holds is None:
            return node
        return node.body if holds else node.orelse

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        holds = self._holds(node.test)
        return node if holds is None else node.body if holds else node.orelse

    def _holds(self, test: ast.expr) -> bool | None:
        """Whether a test holds; None where it is of something else."""
        match test:
            case ast.Name(id=name) if name == self._flag:
                return self._asked
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                holds = self._holds(operand)
                return None if holds is None else not holds
            case ast.Compare(
                left=left, ops=[ast.Eq() | ast.Is()], comparators=[ast.Constant(value=bool(value))]
            ):
                holds = self._holds(left)
                return None if holds is None else holds == value
        return None
