"""Functions whose statements are left out where they fail, so that what comes after them is seen too.

A training that plots, saves or evaluates on data that are not there ends before its first step. Run once more with what
fails left out, it gets there. What it holds then is not all that it would: it makes nobody wrong.
"""

from __future__ import annotations

import ast
import contextlib
import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

_KEPT = (
    ast.Global,
    ast.Nonlocal,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Pass,
    ast.Break,
    ast.Continue,
    ast.Try,
)
"""Statements that cannot fail, or see to what fails in them themselves."""


@contextlib.contextmanager
def skipping(
    names: Collection[str], definitions: Sequence[ast.stmt], namespace: Mapping[str, Any]
) -> Iterator[None]:
    """Within it, some functions leave out each of their statements that fails.

    Args:
        names: the functions, as their code calls them: ``Net.fit``.
        definitions: the statements that define them.
        namespace: of their module.
    """
    before = {}
    for node in definitions:
        for function in _functions_of(node, namespace):
            code = _going_on(node, function) if function.__qualname__ in names else None
            if code is not None:
                before[function] = function.__code__
                function.__code__ = code
    try:
        yield
    finally:
        for function, code in before.items():
            function.__code__ = code


def _functions_of(node: ast.stmt, namespace: Mapping[str, Any]) -> Iterator[FunctionType]:
    """The functions that a statement defines, methods too."""
    value = namespace.get(node.name) if isinstance(node, ast.FunctionDef | ast.ClassDef) else None
    for each in vars(value).values() if isinstance(value, type) else [value]:
        function = getattr(each, "__func__", each)
        if isinstance(function, FunctionType):
            yield function


def _going_on(node: ast.stmt, function: FunctionType) -> CodeType | None:
    """The code of a function that goes on behind what fails; None where it cannot take the place of its own."""
    tree = ast.Module([_EachAlone().visit(copy.deepcopy(node))], [])
    own = function.__code__
    whole = compile(ast.fix_missing_locations(tree), own.co_filename, "exec", dont_inherit=True)
    found = (code for code in _codes_in(whole) if code.co_qualname == own.co_qualname)
    return next((code for code in found if code.co_freevars == own.co_freevars), None)


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes_in(constant)


class _EachAlone(ast.NodeTransformer):
    """Puts each statement where what it raises ends nothing but itself."""

    def visit_Try(self, node: ast.Try) -> ast.Try:
        """What sees to its own failures stays as it is."""
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Those that stand in it."""
        super().generic_visit(node)
        if not isinstance(node, ast.Module | ast.ClassDef):
            for name in ("body", "orelse"):
                inner = getattr(node, name, None)
                if isinstance(inner, list):
                    setattr(node, name, [_alone(statement) for statement in inner])
        return node


def _alone(statement: ast.stmt) -> ast.stmt:
    if isinstance(statement, _KEPT):
        return statement
    ignoring = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [ast.Pass()])
    return ast.copy_location(ast.Try([statement], [ignoring], [], []), statement)
