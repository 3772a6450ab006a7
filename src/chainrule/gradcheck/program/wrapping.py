"""A user's code compiled again with every expression wrapped in a call, the probe, that sees its value.

The probe is called with a number of the expression, its line, its file, its use (``alias``, ``drops``, ``read`` or
none), its text and its value, and what it gives back takes the value's place. A negative number marks what is to be
changed in place; one from ``FIRST_USE`` on, a bare name or an attribute that is read: what is put in its place is there
for this use alone. The probe is one of the code's constants, so that no name is needed for it among the user's.
"""

from __future__ import annotations

import ast
import linecache
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from chainrule.gradcheck.program.classic_division import divides_so
from chainrule.gradcheck.program.earlier_versions import compiled
from chainrule.gradcheck.program.made_functions import with_made_functions
from chainrule.gradcheck.program.one_number import takes_numbers

PROBE = "__chainrule_probe__"
"""The constant in whose place the probe is put."""

FIRST_USE = 1_000_000
"""Numbers from here on are those of uses."""

LONGEST_SHOWN = 80
"""How much of an expression is told."""

ValueProbe = Callable[[int, int, str, str, str, Any], Any]


def wrapped(code: CodeType, probe: ValueProbe) -> CodeType | None:
    """The code of a function with its expressions wrapped; None where its source does not give that code."""
    file = code.co_filename
    other = _with_places(code, file, "".join(linecache.getlines(file)))
    return None if other is None else with_probe(other, probe)


@lru_cache(maxsize=1024)
def _with_places(code: CodeType, file: str, source: str) -> CodeType | None:
    """The wrapped code of a function, with places for a probe; a search asks for the same hundreds of times."""
    return matching(code, _compiled(file, source, classic=divides_so(code), of_numbers=takes_numbers(code)))


def with_probe(code: CodeType, probe: Callable[..., Any]) -> CodeType:
    """The same code, and the functions that it makes, with the probe in its place."""
    constants = list(code.co_consts)
    for place in _places(code):
        inner = constants[place]
        constants[place] = with_probe(inner, probe) if isinstance(inner, CodeType) else probe
    return code.replace(co_consts=tuple(constants))


@lru_cache(maxsize=1024)
def _places(code: CodeType) -> list[int]:
    """Where among a code's constants the probe's place is, and where functions are that it makes."""
    return [
        place
        for place, constant in enumerate(code.co_consts)
        if isinstance(constant, CodeType) or (isinstance(constant, str) and constant == PROBE)
    ]


@lru_cache(maxsize=32)
def _compiled(file: str, source: str, *, classic: bool, of_numbers: bool) -> list[tuple[CodeType, CodeType]]:
    """Every function's code in a file, as it is and as it is wrapped."""
    try:
        with warnings.catch_warnings():
            # Python warns of a text that is called.
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = with_made_functions(source)
            plain = compiled(tree, file, classic=classic, of_numbers=of_numbers)
            watched = _Wrapper(file, source).visit(tree)
            wrapped = compiled(watched, file, classic=classic, of_numbers=of_numbers)
    except (SyntaxError, ValueError, RecursionError):
        return []
    return list(side_by_side(plain, wrapped))


def side_by_side(plain: CodeType, wrapped: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The codes in one, each beside that in the other which is made of the same; those that only one has are left out,
    as one in the place of another ends the process."""
    inner = [[c for c in code.co_consts if isinstance(c, CodeType)] for code in (plain, wrapped)]
    if [_name(code) for code in inner[0]] != [_name(code) for code in inner[1]]:
        names = [_name(code) for code in inner[1]]
        inner[0] = [code for code in inner[0] if names.count(_name(code)) == 1]
        inner[1] = [inner[1][names.index(_name(code))] for code in inner[0]]
    for a, b in zip(*inner, strict=True):
        yield a, b
        yield from side_by_side(a, b)


def _name(code: CodeType) -> tuple[str, int, tuple[str, ...]]:
    return code.co_name, code.co_firstlineno, code.co_freevars


def matching(code: CodeType, pairs: Sequence[tuple[CodeType, CodeType]]) -> CodeType | None:
    """The wrapped code of a function: of equal code, else of equal name and place."""
    for plain, wrapped in pairs:
        if plain == code:
            return wrapped
    here = [(plain, wrapped) for plain, wrapped in pairs if _place(plain) == _place(code)]
    if len(here) == 1:
        return here[0][1]
    # Several lambdas on one line: what they do tells them apart.
    does = code.co_code, code.co_names
    return next((wrapped for plain, wrapped in here if (plain.co_code, plain.co_names) == does), None)


def _place(code: CodeType) -> tuple[object, ...]:
    return code.co_qualname, code.co_firstlineno, code.co_freevars


class _Wrapper(ast.NodeTransformer):
    """Wraps every expression that can give an array, and looks again at what a statement changes in place."""

    def __init__(self, file: str, source: str) -> None:
        self._file, self._lines = file, encoded_lines(source)
        self._next, self._next_use, self._unused = 0, FIRST_USE, False

    def _wrapped(
        self, node: ast.expr, line: int | None = None, *, in_place: bool = False, use: str = ""
    ) -> ast.expr:
        """The probe's call around an expression that gives a value."""
        self._next += 1
        number = -self._next if in_place else self._next
        return self._probed(node, number, line or node.lineno, self._use(use))

    def _probed(self, node: ast.expr, number: int, line: int, use: str) -> ast.expr:
        told: list[ast.expr] = [
            ast.Constant(each) for each in (number, line, self._file, use, self._text(node))
        ]
        return ast.copy_location(ast.Call(ast.Constant(PROBE), [*told, node], []), node)

    def _text(self, node: ast.expr) -> str:
        return text_of(node, self._lines)

    def _used(self, node: ast.expr) -> ast.expr:
        """The probe's call around what is read."""
        self._next_use += 1
        return self._probed(node, self._next_use, node.lineno, "read")

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._used(node) if isinstance(node.ctx, ast.Load) else node

    def visit_pattern(self, node: ast.pattern) -> ast.pattern:
        return node

    visit_MatchValue = visit_MatchClass = visit_MatchMapping = visit_pattern

    def _visit_value(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        return self._wrapped(node)

    visit_UnaryOp = visit_Compare = visit_IfExp = _visit_value

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        node.left = self.visit(node.left)
        node.right = self._divisor(node.right) if isinstance(node.op, ast.Div) else self.visit(node.right)
        return self._wrapped(node)

    def _divisor(self, node: ast.expr) -> ast.expr:
        """What is divided by; a bare number too, as it may be a number of samples."""
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
        if not isinstance(node.ctx, ast.Load):
            return node
        return self._wrapped(node) if node.attr == "T" else self._used(node)

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
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        outer, self._unused = self._unused, _computes_unused(node)
        node.body = [inner for statement in node.body for inner in _as_list(self.visit(statement))]
        self._unused = outer
        return node

    def _use(self, use: str) -> str:
        """``drops`` for a bare name where something is computed and never used, else ``alias`` where it is assigned."""
        if use and self._unused:
            return "drops"
        return use if use == "alias" else ""

    def _value(self, node: ast.expr, use: str) -> ast.expr:
        """What is assigned or returned; a bare name or number too, as ``G = P`` forms a value on this line."""
        if isinstance(node, ast.Name):
            return self._wrapped(node, use=use)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return self._wrapped(node)
        visited: ast.expr = self.visit(node)
        return visited

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


def encoded_lines(source: str) -> list[bytes]:
    """The lines of a source, whose columns count bytes."""
    return [line.encode() for line in source.split("\n")]


def text_of(node: ast.expr, lines: Sequence[bytes]) -> str:
    """What stands at an expression, the first line of it; ``lines`` are those of its file."""
    if not 0 < node.lineno <= len(lines) or node.end_col_offset is None:
        return ""
    end = node.end_col_offset if node.end_lineno == node.lineno else None
    return lines[node.lineno - 1][node.col_offset : end].decode(errors="replace").strip()[:LONGEST_SHOWN]


def _computes_unused(function: ast.FunctionDef) -> bool:
    """Whether a name is assigned and never read; names that a tuple is taken apart into are often not needed."""
    inner = list(ast.walk(function))
    read = {node.id for node in inner if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assigned = [target for node in inner if isinstance(node, ast.Assign) for target in node.targets]
    return any(isinstance(target, ast.Name) and target.id not in read for target in assigned)


def _as_list(visited: Any) -> list[Any]:
    return visited if isinstance(visited, list) else [visited]


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
