"""The names of its module that a function reads whatever it is given: without one of them it ends before it gives
anything."""

from __future__ import annotations

import ast
import builtins
import dis
from collections.abc import Iterator, Sequence
from types import CodeType

_BUILTINS = frozenset(vars(builtins))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_NOT_RUN = (ast.FunctionDef, ast.ClassDef, ast.Try, ast.TryStar, ast.Global, ast.Nonlocal)
"""Statements of which nothing is sure to be read."""

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def needed_names(node: ast.FunctionDef) -> dict[str, int]:
    """Each such name, with the line on which it is read first.

    >>> text = "def f(x, mode):\\n  y = x + a\\n  if mode:\\n    return b\\n  return y + c"
    >>> needed_names(ast.parse(text).body[0])
    {'a': 2}
    """
    own = {name for inner in ast.walk(node) for name in _given(inner)}
    if any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node)):
        return {}
    needed: dict[str, int] = {}
    for read in (name for part in _always(node.body) for name in _read(part)):
        if read.id not in own | _BUILTINS and not read.id.startswith("__"):
            needed.setdefault(read.id, read.lineno)
    return needed


def names_of_module(code: CodeType) -> frozenset[str]:
    """The names that a function's own code looks up in its module: none that a function around it has, and no
    attributes.

    >>> sorted(names_of_module((lambda x: len(x.width) + scale).__code__))
    ['len', 'scale']
    """
    return frozenset(each.argval for each in dis.get_instructions(code) if each.opname == "LOAD_GLOBAL")


def _given(node: ast.AST) -> Iterator[str]:
    """The names that a node of a function gives a value there, or says to be another's."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.Nonlocal(names=names):
            yield from names
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name


def _always(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """What is computed whatever the function is given, up to where it may have come to its end."""
    for statement in body:
        match statement:
            case ast.If(test=part) | ast.While(test=part) | ast.For(iter=part) | ast.Match(subject=part):
                yield part
            case ast.With(items=items, body=inner):
                yield from (item.context_expr for item in items)
                yield from _always(inner)
            case _ if isinstance(statement, _NOT_RUN):
                pass
            case _:
                yield statement
        if _may_end(statement):
            return


def _may_end(node: ast.AST) -> bool:
    """Whether a statement may return from the function that it stands in."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return False
    return isinstance(node, ast.Return) or any(map(_may_end, ast.iter_child_nodes(node)))


def _read(node: ast.AST) -> Iterator[ast.Name]:
    """The names that are read wherever a node is computed."""
    match node:
        case ast.Name(ctx=ast.Load()):
            yield node
            return
        case ast.IfExp(test=first) | ast.BoolOp(values=[first, *_]):
            yield from _read(first)
            return
        case ast.Compare(left=left, comparators=[first, *_]):
            yield from (*_read(left), *_read(first))
            return
    if isinstance(node, _COMPREHENSIONS):
        yield from _read(node.generators[0].iter)
    elif not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Assert)):
        for inner in ast.iter_child_nodes(node):
            yield from _read(inner)
