"""Watching a user's function at work: the value of every expression, by line; and the same with a value replaced.

The source of each function is parsed again, every expression wrapped in a call that sees its value, and the compiled
code put in the function's place while it is watched. Nothing of the user's is run twice or changed on disk.
"""

from __future__ import annotations

import ast
import linecache
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

Probe = Callable[[int, int, str, str, Any], Any]


@contextmanager
def recording(function: Callable[..., Any]) -> Iterator[list[dict[str, Any]]]:
    """Within it, a list grows by every value that an expression gives: ``site``, ``occurrence``, ``file``, ``line``,
    ``text`` and ``array``; a site is one expression, an occurrence one of its evaluations, and a number counts as an
    array of no dimension. ``use`` is ``alias`` for a bare name that is assigned, ``drops`` for one that is
    assigned or returned in a function which computes something that it never uses: a term may have been dropped."""
    found: list[dict[str, Any]] = []

    def keep(value: dict[str, Any]) -> None:
        if value["occurrence"] < _MOST_OF_ONE and len(found) < _MOST_VALUES:
            found.append(value)

    with watching(function, keep):
        yield found


@contextmanager
def watching(function: Callable[..., Any], see: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Within it, ``see`` is called with every such value."""
    counts: dict[str, int] = {}

    def probe(site: int, line: int, file: str, use: str, value: Any) -> Any:
        if _is_value(value):
            key = f"{file}:{site}"
            counts[key] = occurrence = counts.get(key, -1) + 1
            text = linecache.getline(file, line).rstrip("\n")
            seen = {
                "site": key,
                "occurrence": occurrence,
                "file": file,
                "line": line,
                "text": text,
                "use": use,
            }
            see(seen | {"array": np.array(value)})
        return value

    with _watched(function, probe):
        yield


@contextmanager
def replacing(function: Callable[..., Any], changes: Sequence[dict[str, Any]]) -> Iterator[None]:
    """Within it, those evaluations give another value: ``site``, ``occurrence`` and ``array`` of each. What a
    statement has changed in place is replaced in place."""
    wanted = {(change["site"], change["occurrence"]): change["array"] for change in changes}
    counts: dict[str, int] = {}

    def probe(site: int, line: int, file: str, use: str, value: Any) -> Any:
        if _is_value(value):
            key = f"{file}:{site}"
            counts[key] = occurrence = counts.get(key, -1) + 1
            if (key, occurrence) in wanted:
                return _exchanged(value, wanted[key, occurrence], in_place=site < 0)
        return value

    with _watched(function, probe):
        yield


def _is_value(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiub"
    return isinstance(value, float | int | np.floating | np.integer) and not isinstance(value, bool)


def _exchanged(value: Any, wanted: Any, *, in_place: bool) -> Any:
    if not isinstance(value, np.ndarray):
        return type(value)(np.asarray(wanted).item())
    if in_place:
        value[...] = wanted
        return value
    return np.array(wanted)


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
            for value in vars(item).values():
                inner = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                waiting += [inner] if isinstance(inner, FunctionType) else []
        elif isinstance(item, ModuleType):
            if is_users(getattr(item, "__file__", None) or ""):
                waiting += [v for v in vars(item).values() if isinstance(v, FunctionType | type)]
        elif hasattr(item, "func") and hasattr(item, "args"):
            waiting.append(item.func)
        elif hasattr(item, "__dict__"):
            waiting.append(type(item))
    return list(found.values())


def step_of(function: Callable[..., Any]) -> dict[str, Any] | None:
    """The line on which a function, or one of the user's that it reaches, sets a small number: a default or a
    constant between 0 and 0.5."""
    for reached in _reachable(function):
        file, code = reached.__code__.co_filename, reached.__code__
        try:
            tree = ast.parse("".join(linecache.getlines(file)))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.lineno == code.co_firstlineno:
                values = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Assign)]
                for value in [*node.args.defaults, *node.args.kw_defaults, *values]:
                    if (
                        isinstance(value, ast.Constant)
                        and isinstance(value.value, float)
                        and 0 < value.value < 0.5
                    ):
                        text = linecache.getline(file, value.lineno).rstrip("\n")
                        return {"file": file, "line": value.lineno, "text": text}
    return None


def _cells(function: FunctionType) -> list[Any]:
    values = []
    for cell in function.__closure__ or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:
            # A name that is bound later, or never.
            continue
    return values


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
    here = [
        (plain, watched)
        for plain, watched in pairs
        if all(
            getattr(plain, key) == getattr(code, key)
            for key in ("co_qualname", "co_firstlineno", "co_freevars")
        )
    ]
    if len(here) == 1:
        return here[0][1]
    # Several lambdas on one line: what they do tells them apart.
    same = [
        watched for plain, watched in here if (plain.co_code, plain.co_names) == (code.co_code, code.co_names)
    ]
    return same[0] if same else None


class _Wrapper(ast.NodeTransformer):
    """Wraps every expression that can give an array, and looks again at what a statement changes in place."""

    def __init__(self, file: str) -> None:
        self._file, self._next, self._unused = file, 0, False

    def _wrapped(
        self, node: ast.expr, line: int | None = None, *, in_place: bool = False, use: str = ""
    ) -> ast.expr:
        """The probe's call around an expression; negative numbers mark what is to be replaced in place."""
        self._next += 1
        arguments: list[ast.expr] = [
            ast.Constant(-self._next if in_place else self._next),
            ast.Constant(line or node.lineno),
            ast.Constant(self._file),
            ast.Constant(self._use(use)),
            node,
        ]
        return ast.copy_location(ast.Call(ast.Name(_PROBE, ast.Load()), arguments, []), node)

    def _visit_value(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        return self._wrapped(node)

    visit_UnaryOp = visit_Compare = visit_IfExp = _visit_value

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        node.left = self.visit(node.left)
        node.right = self._divisor(node.right) if isinstance(node.op, ast.Div) else self.visit(node.right)
        return self._wrapped(node)

    def _divisor(self, node: ast.expr) -> ast.expr:
        return self._value(node, "") if isinstance(node, ast.Constant) else self.visit(node)

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
        node.value = self._value(node.value, "alias")
        return [node, *(again for target in node.targets for again in self._again(target, node.lineno))]

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        node.value = self._divisor(node.value) if isinstance(node.op, ast.Div) else self.visit(node.value)
        return [node, *self._again(node.target, node.lineno, whole=True)]

    def visit_Return(self, node: ast.Return) -> Any:
        if isinstance(node.value, ast.Tuple):
            node.value.elts = [self.visit(element) for element in node.value.elts]
        elif node.value is not None:
            node.value = self._value(node.value, "returned")
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        outer, self._unused = self._unused, _computes_unused(node)
        node.body = [inner for statement in node.body for inner in _as_list(self.visit(statement))]
        self._unused = outer
        return node

    def _use(self, use: str) -> str:
        if use and self._unused:
            return "drops"
        return use if use == "alias" else ""

    def _value(self, node: ast.expr, use: str) -> ast.expr:
        """What is assigned or returned; a bare name or number too, as ``G = P`` forms a value on this line."""
        bare = isinstance(node, ast.Name) or (
            isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        )
        return (
            self._wrapped(node, use=use if isinstance(node, ast.Name) else "") if bare else self.visit(node)
        )

    def _again(self, target: ast.expr, line: int, *, whole: bool = False) -> list[ast.stmt]:
        """Look at what an assignment into part of something, or in place, has made of the whole."""
        statements: list[ast.stmt] = []
        if isinstance(target, ast.Subscript):
            if whole and _is_plain(target):
                statements.append(self._assignment(target, line))
            if isinstance(target.value, ast.Name):
                # An expression, not an assignment, which would make a local name of a global one.
                loaded = self._wrapped(_with_context(target.value, ast.Load()), line, in_place=True)
                statements.append(ast.copy_location(ast.Expr(loaded), target))
        elif whole and isinstance(target, ast.Name):
            statements.append(self._assignment(target, line))
        return statements

    def _assignment(self, place: ast.expr, line: int) -> ast.stmt:
        stored, loaded = (_with_context(place, context) for context in (ast.Store(), ast.Load()))
        statement = ast.Assign([stored], self._wrapped(loaded, line))
        return ast.copy_location(statement, place)


def _computes_unused(function: ast.FunctionDef) -> bool:
    """Whether a name is assigned and never read; names that a tuple is taken apart into are often not needed."""
    inner = list(ast.walk(function))
    read = {node.id for node in inner if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assigned = [target for node in inner if isinstance(node, ast.Assign) for target in node.targets]
    return any(isinstance(target, ast.Name) and target.id not in read for target in assigned)


def _as_list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _is_plain(node: ast.Subscript) -> bool:
    """An index that can be read twice, as it calls nothing: ``grads["W1"]``, ``dW[l]``, ``grads[f"W{i}"]``."""
    calls = (ast.Call, ast.NamedExpr, ast.Slice, ast.Tuple, ast.Compare, ast.List)
    return isinstance(node.value, ast.Name | ast.Attribute) and not any(
        isinstance(inner, calls) for inner in ast.walk(node.slice)
    )


def _with_context(node: ast.expr, context: ast.expr_context) -> ast.expr:
    copied: Any = ast.parse(ast.unparse(node), mode="eval").body
    ast.copy_location(copied, node)
    for inner in ast.walk(copied):
        ast.copy_location(inner, node)
    copied.ctx = context
    return copied  # type: ignore[no-any-return]
