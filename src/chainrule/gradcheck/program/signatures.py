"""What a function's source says of how to call it: its arguments, the keys it looks up, the names it returns."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from chainrule.gradcheck.program.source import Source


class Argument(NamedTuple):
    """One argument of a function."""

    name: str
    required: bool = True
    keyword_only: bool = False


class Function(NamedTuple):
    """A function, or a method without its ``self``.

    Attributes:
        name: how it is called: ``ComputeCost``; of a method, its own name.
        arguments: without ``*args`` and ``**kwargs``.
        owner: the class of a method; empty for a function.
        keys: the text keys by which each argument is looked up, as in ``params["W1"]``; those of the elements of
            an argument, as in ``layers[i]["W"]``, stand under ``layers[]``.
        returns: what its last return statement gives back where it gives several values: their names, empty for
            one that has none.
        uses: names that it reads and does not set.
    """

    name: str
    arguments: tuple[Argument, ...]
    owner: str = ""
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    returns: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


class Definitions(NamedTuple):
    """The functions of a file, those of its classes, and how NumPy is called in it (empty: not imported)."""

    functions: tuple[Function, ...]
    constructors: dict[str, Function]
    numpy: str


def definitions(source: Source) -> Definitions:
    """Everything that the top level of a file defines; of two functions with one name the later."""
    functions: dict[tuple[str, str], Function] = {}
    constructors: dict[str, Function] = {}
    numpy = ""
    for node in _statements(source):
        if isinstance(node, ast.FunctionDef):
            functions["", node.name] = _described(node)
        elif isinstance(node, ast.ClassDef):
            methods = [
                _described(inner, node.name) for inner in node.body if isinstance(inner, ast.FunctionDef)
            ]
            functions |= {(node.name, method.name): method for method in methods}
            made = [method for method in methods if method.name == "__init__"]
            constructors[node.name] = made[0] if made else Function("__init__", (), node.name)
        elif isinstance(node, ast.Import):
            numpy = next((a.asname or a.name for a in node.names if a.name == "numpy"), numpy)
    return Definitions(tuple(functions.values()), constructors, numpy)


def _statements(source: Source) -> Iterator[ast.stmt]:
    for part in source.parts:
        try:
            yield from ast.parse(part.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _described(node: ast.FunctionDef, owner: str = "") -> Function:
    """A function from its definition."""
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    required = len(positional) - len(spec.defaults)
    arguments = [Argument(a.arg, i < required) for i, a in enumerate(positional)]
    arguments += [
        Argument(a.arg, d is None, True) for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    ]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
    returned = sorted((n for n in ast.walk(node) if isinstance(n, ast.Return)), key=lambda n: n.lineno)
    last = returned[-1].value if returned else None
    elements = last.elts if isinstance(last, ast.Tuple | ast.List) else []
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    local = {n.id for n in names if not isinstance(n.ctx, ast.Load)} | {a.name for a in arguments}
    return Function(
        name=node.name,
        arguments=tuple(arguments[1:] if owner and not static else arguments),
        owner=owner,
        keys=_keys(node),
        returns=tuple(e.id if isinstance(e, ast.Name) else "" for e in elements),
        uses=tuple(dict.fromkeys(n.id for n in names if n.id not in local)),
    )


def _keys(node: ast.FunctionDef) -> dict[str, tuple[str, ...]]:
    keys: dict[str, list[str]] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript) and (key := _text(inner.slice)):
            target, depth = inner.value, 0
            while isinstance(target, ast.Subscript):
                target, depth = target.value, depth + 1
            if isinstance(target, ast.Name):
                keys.setdefault(target.id + "[]" * depth, []).append(key)
    return {name: tuple(dict.fromkeys(texts)) for name, texts in keys.items()}


def _text(key: ast.expr) -> str:
    """A key that is text; the constant start of one that counts layers, as in ``"W" + str(i)``, with a # after it."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value
    start = (
        key.left if isinstance(key, ast.BinOp) else key.values[0] if isinstance(key, ast.JoinedStr) else None
    )
    if isinstance(start, ast.Constant) and isinstance(start.value, str):
        return f"{start.value}#"
    return ""
