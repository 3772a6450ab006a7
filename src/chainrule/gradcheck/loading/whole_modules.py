"""Modules of its author that a file imports as a whole, and of which it calls functions by the module's name:
``layers.affine_forward(x, w, b)``."""

from __future__ import annotations

import ast
import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

_Import = ast.Import | ast.ImportFrom


def functions_called(
    tree: Iterable[ast.stmt], names: Mapping[str, Any], is_own: Callable[[_Import], bool]
) -> dict[Any, frozenset[str]]:
    """The functions and classes that a file calls so, by module. Those are left out by whose name something else goes
    in the file, as what is called there would not be told from it.

    Args:
        tree: the top level of the file.
        names: of its module; asking for one may import what it stands for.
        is_own: whether an import is one of modules of its author.

    >>> import types
    >>> tools = types.ModuleType("tools")
    >>> tools.half, tools.twice = (lambda x: x / 2), (lambda x: 2 * x)
    >>> text = "import tools\\ntwice = 3\\ndef f(x): return tools.half(x) + tools.twice(x)"
    >>> functions_called(ast.parse(text).body, {"tools": tools}, lambda node: True) == {tools: frozenset({"half"})}
    True
    """
    statements = list(tree)
    nodes = [inner for statement in statements for inner in ast.walk(statement)]
    holders = {
        name for node in statements if isinstance(node, _Import) and is_own(node) for name in _bound(node)
    }
    known = {name for node in nodes for name in _names(node)}
    called: defaultdict[str, set[str]] = defaultdict(set)
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=holder), attr=name) if (
                holder in holders and name not in known
            ):
                called[holder].add(name)
    found: dict[Any, list[str]] = {}
    for holder, asked in called.items():
        # A module that cannot be imported gives nothing; what is imported from one need be no module.
        with contextlib.suppress(Exception):
            if isinstance(names[holder], ModuleType):
                found[names[holder]] = _functions(names[holder], asked)
    several = Counter(name for functions in found.values() for name in functions)
    return {module: frozenset(n for n in functions if several[n] == 1) for module, functions in found.items()}


def _functions(module: Any, asked: Iterable[str]) -> list[str]:
    return [name for name in asked if isinstance(getattr(module, name, None), FunctionType | type)]


def _bound(node: _Import) -> Iterator[str]:
    yield from (alias.asname or alias.name for alias in node.names)


def _names(node: ast.AST) -> Iterator[str]:
    """The names that a node is, or gives to something."""
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(asname=str(name)) | ast.alias(name=name):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
