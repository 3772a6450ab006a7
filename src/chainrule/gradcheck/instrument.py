"""Watching a user's function at work: the value of every expression, by line; and the same with a value replaced.

The source of each function is parsed again, every expression wrapped in a call that sees its value, and the compiled
code put in the function's place while it is watched. Nothing of the user's is run twice or changed on disk.
"""

from __future__ import annotations

import ast
import linecache
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

_PROBE = "__chainrule_probe__"
_MOST_VALUES = 4000
_MOST_OF_ONE = 64
_OURS = str(Path(__file__).parent)
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})

Probe = Callable[[int, int, str, Any], Any]


@contextmanager
def recording(function: Callable[..., Any]) -> Iterator[list[dict[str, Any]]]:
    """Within it, a list grows by every array that an expression gives: ``site``, ``occurrence``, ``file``, ``line``,
    ``text`` and ``array``; a site is one expression, an occurrence one of its evaluations."""
    found: list[dict[str, Any]] = []
    counts: dict[str, int] = {}

    def probe(site: int, line: int, file: str, value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub" and value.ndim:
            key = f"{file}:{site}"
            counts[key] = occurrence = counts.get(key, -1) + 1
            if occurrence < _MOST_OF_ONE and len(found) < _MOST_VALUES:
                text = linecache.getline(file, line).rstrip("\n")
                found.append(
                    {
                        "site": key, "occurrence": occurrence, "file": file, "line": line, "text": text,
                        "array": value.copy(),
                    }
                )  # fmt: skip
        return value

    with _watched(function, probe):
        yield found


@contextmanager
def replacing(function: Callable[..., Any], changes: Sequence[dict[str, Any]]) -> Iterator[None]:
    """Within it, those evaluations give another array: ``site``, ``occurrence`` and ``array`` of each."""
    wanted = {(change["site"], change["occurrence"]): change["array"] for change in changes}
    counts: dict[str, int] = {}

    def probe(site: int, line: int, file: str, value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub" and value.ndim:
            key = f"{file}:{site}"
            counts[key] = occurrence = counts.get(key, -1) + 1
            if (key, occurrence) in wanted:
                return np.array(wanted[key, occurrence])
        return value

    with _watched(function, probe):
        yield


@contextmanager
def _watched(function: Callable[..., Any], probe: Probe) -> Iterator[None]:
    """The user's functions that ``function`` can reach, with their code exchanged for a watched one."""
    exchanged: list[tuple[FunctionType, CodeType, CodeType]] = []
    for reached in _reachable(function):
        file, code = reached.__code__.co_filename, reached.__code__
        watched = _matching(code, _compiled(file, "".join(linecache.getlines(file))))
        if watched is not None:
            exchanged.append((reached, code, watched))
    worlds = {id(f.__globals__): f.__globals__ for f, _, _ in exchanged}
    try:
        for world in worlds.values():
            world[_PROBE] = probe
        for reached, _, watched in exchanged:
            reached.__code__ = watched
        yield
    finally:
        for reached, code, _ in exchanged:
            reached.__code__ = code
        for world in worlds.values():
            world.pop(_PROBE, None)


def _reachable(function: Callable[..., Any]) -> list[FunctionType]:
    """Functions of the user's own files: this one, and what its globals, closures and classes hold."""
    found: dict[int, FunctionType] = {}
    waiting: list[Any] = [function]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, MethodType):
            waiting += [item.__func__, type(item.__self__)]
        elif isinstance(item, FunctionType):
            if is_users(item.__code__.co_filename):
                found[id(item)] = item
                waiting += [*item.__globals__.values(), *_cells(item), getattr(item, "__wrapped__", None)]
        elif isinstance(item, type):
            if is_users(_file_of(item.__module__)):
                for value in vars(item).values():
                    waiting.append(
                        value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                    )
        elif isinstance(item, ModuleType):
            if is_users(getattr(item, "__file__", None) or ""):
                waiting += [v for v in vars(item).values() if isinstance(v, FunctionType | type)]
        elif hasattr(item, "func") and hasattr(item, "args"):
            waiting.append(item.func)
        elif item is not None and is_users(_file_of(type(item).__module__)):
            waiting.append(type(item))
    return list(found.values())


def _cells(function: FunctionType) -> list[Any]:
    values = []
    for cell in function.__closure__ or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:
            # A name that is bound later, or never.
            continue
    return values


def _file_of(module: str) -> str:
    return getattr(sys.modules.get(module), "__file__", None) or ""


def is_users(file: str) -> bool:
    """Whether a file is the user's own: neither ours nor a library's."""
    return (
        bool(file)
        and not file.startswith(_OURS)
        and not file.startswith(_LIBRARIES)
        and bool(linecache.getline(file, 1) or linecache.getline(file, 2))
    )


@lru_cache(maxsize=32)
def _compiled(file: str, source: str) -> list[tuple[CodeType, CodeType]]:
    """Every function's code in a file, as it is and as it is watched."""
    try:
        plain = compile(source, file, "exec", dont_inherit=True)
        tree = _Wrapper(file).visit(ast.parse(source))
        watched = compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return []
    return list(_side_by_side(plain, watched))


def _side_by_side(plain: CodeType, watched: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    inner = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (plain, watched)]
    for a, b in zip(*inner, strict=False):
        yield a, b
        yield from _side_by_side(a, b)


def _matching(code: CodeType, pairs: Sequence[tuple[CodeType, CodeType]]) -> CodeType | None:
    """The watched code of a function: of equal code, else of equal name and place."""
    for plain, watched in pairs:
        if plain == code:
            return watched
    for plain, watched in pairs:
        same_place = plain.co_qualname == code.co_qualname and plain.co_firstlineno == code.co_firstlineno
        if same_place and plain.co_freevars == code.co_freevars:
            return watched
    return None


class _Wrapper(ast.NodeTransformer):
    """Wraps every expression that can give an array, and looks again at what a statement changes in place."""

    def __init__(self, file: str) -> None:
        self._file, self._next = file, 0

    def _wrapped(self, node: ast.expr, line: int | None = None) -> ast.expr:
        self._next += 1
        arguments: list[ast.expr] = [
            ast.Constant(self._next),
            ast.Constant(line or node.lineno),
            ast.Constant(self._file),
            node,
        ]
        return ast.copy_location(ast.Call(ast.Name(_PROBE, ast.Load()), arguments, []), node)

    def _visit_value(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        return self._wrapped(node)

    visit_BinOp = visit_UnaryOp = visit_Compare = visit_IfExp = _visit_value

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(argument) for argument in node.args]
        node.keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        # super() finds its class by the frame that calls it.
        return node if isinstance(node.func, ast.Name) and node.func.id == "super" else self._wrapped(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        node.value = self.visit(node.value)
        return self._wrapped(node) if isinstance(node.ctx, ast.Load) and node.attr == "T" else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.ctx, ast.Load):
            node.value = self.visit(node.value)
            return self._wrapped(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        node.value = self._value(node.value)
        return [node, *(again for target in node.targets for again in self._again(target, node.lineno))]

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        node.value = self.visit(node.value)
        return [node, *self._again(node.target, node.lineno, whole=True)]

    def visit_Return(self, node: ast.Return) -> Any:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.body = [inner for statement in node.body for inner in _as_list(self.visit(statement))]
        return node

    def _value(self, node: ast.expr) -> ast.expr:
        """The right side of an assignment; a bare name too, as ``G = P`` forms a value on this line."""
        return self._wrapped(node) if isinstance(node, ast.Name) else self.visit(node)

    def _again(self, target: ast.expr, line: int, *, whole: bool = False) -> list[ast.stmt]:
        """Look at what an assignment into part of something, or in place, has made of the whole."""
        places: list[ast.expr] = []
        if isinstance(target, ast.Subscript):
            if whole and _is_plain(target):
                places.append(target)
            root: ast.expr = target.value
            if isinstance(root, ast.Name):
                places.append(root)
        elif whole and isinstance(target, ast.Name):
            places.append(target)
        return [self._assignment(place, line) for place in places]

    def _assignment(self, place: ast.expr, line: int) -> ast.stmt:
        stored, loaded = (_with_context(place, context) for context in (ast.Store(), ast.Load()))
        statement = ast.Assign([stored], self._wrapped(loaded, line))
        return ast.copy_location(statement, place)


def _as_list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _is_plain(node: ast.Subscript) -> bool:
    """An index that can be read twice: ``grads["W1"]``, ``dW[l]``."""
    return isinstance(node.slice, ast.Name | ast.Constant) and isinstance(
        node.value, ast.Name | ast.Attribute
    )


def _with_context(node: ast.expr, context: ast.expr_context) -> ast.expr:
    copied: Any = ast.parse(ast.unparse(node), mode="eval").body
    ast.copy_location(copied, node)
    for inner in ast.walk(copied):
        ast.copy_location(inner, node)
    copied.ctx = context
    return copied  # type: ignore[no-any-return]
