"""Functions whose statements are left out where they fail, so that what comes after them is seen too.

A training that plots, saves or evaluates on data that are not there ends before its first step. Run once more with what
fails left out, it gets there. What it holds then is not all that it would: it makes nobody wrong.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from chainrule.gradcheck.program.function_names import rank

_ENDED = "NotImplementedError"
"""What a function raises that ends as soon as it is called: hardly anything else raises that while it runs."""

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


def skipping(
    names: Collection[str],
    definitions: Sequence[ast.stmt],
    namespace: Mapping[str, Any],
    error: str = "Exception",
) -> contextlib.AbstractContextManager[None]:
    """Within it, some functions leave out each of their statements that fails.

    Args:
        names: the functions, as their code calls them: ``Net.fit``.
        definitions: the statements that define them.
        namespace: of their module.
        error: the built-in name of what is left out for.
    """
    return _rewritten(names, definitions, namespace, _EachAlone(error).visit)


class SlowNumeric(NamedTuple):
    """A numeric gradient in which time ran out.

    Attributes:
        name: of the function, as its code calls it.
        callers: those that had called it, and each other.
    """

    name: str
    callers: frozenset[str]


def slow_numeric(file: str, error: BaseException) -> SlowNumeric | None:
    """The numeric gradient of a file in which something was raised; None where that was none."""
    codes = (frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__))
    names = [code.co_qualname for code in codes if code.co_filename == file]
    for place, name in enumerate(names):
        if rank(name.rpartition(".")[2], "numeric") is not None:
            return SlowNumeric(name, frozenset(names[:place]))
    return None


@contextlib.contextmanager
def without(
    slow: SlowNumeric, definitions: Sequence[ast.stmt], namespace: Mapping[str, Any]
) -> Iterator[None]:
    """Within it, a numeric gradient is left out where it is called; further arguments as of :func:`skipping`."""
    with (
        skipping(slow.callers, definitions, namespace, _ENDED),
        _rewritten({slow.name}, definitions, namespace, _EndsAtOnce().visit),
    ):
        yield


@contextlib.contextmanager
def _rewritten(
    names: Collection[str],
    definitions: Sequence[ast.stmt],
    namespace: Mapping[str, Any],
    change: Callable[[ast.AST], Any],
) -> Iterator[None]:
    before = {}
    for node in definitions:
        for function in _functions_of(node, namespace):
            code = _changed_code(node, function, change) if function.__qualname__ in names else None
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


def _changed_code(
    node: ast.stmt, function: FunctionType, change: Callable[[ast.AST], Any]
) -> CodeType | None:
    """The code of a function whose definition is changed; None where it cannot take the place of its own."""
    tree = ast.Module([change(copy.deepcopy(node))], [])
    own = function.__code__
    whole = compile(ast.fix_missing_locations(tree), own.co_filename, "exec", dont_inherit=True)
    found = (code for code in _codes_in(whole) if code.co_qualname == own.co_qualname)
    return next((code for code in found if code.co_freevars == own.co_freevars), None)


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes_in(constant)


class _EndsAtOnce(ast.NodeTransformer):
    """Puts what ends a function in front of its statements."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """One that is defined in it too."""
        self.generic_visit(node)
        node.body.insert(0, ast.Raise(ast.Name(_ENDED, ast.Load()), None))
        return node


class _EachAlone(ast.NodeTransformer):
    """Puts each statement where what it raises ends nothing but itself.

    Args:
        error: what is meant, by its built-in name.
    """

    def __init__(self, error: str) -> None:
        self._error = error

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
                    setattr(node, name, [_alone(statement, self._error) for statement in inner])
        return node


def _alone(statement: ast.stmt, error: str) -> ast.stmt:
    if isinstance(statement, _KEPT):
        return statement
    ignoring = ast.ExceptHandler(ast.Name(error, ast.Load()), None, [ast.Pass()])
    return ast.copy_location(ast.Try([statement], [ignoring], [], []), statement)
