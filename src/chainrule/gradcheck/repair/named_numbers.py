"""The whole numbers of a file that have a name there, and may be others: defaults, constants, attributes, entries of a
dictionary, and what the file's own functions are called with.

A formula into which one of them is written as a number, or another one of the same value, is right for this one alone.
"""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.interface import Patch
from chainrule.gradcheck.program.source import tree_of
from chainrule.gradcheck.repair.written_numbers import is_size, written
from chainrule.gradcheck.result import TextEdit

_LARGEST = 64
"""What is larger is no setting that a formula has written out."""

_WORD = re.compile(r"[^\W\d]\w*")

_FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


class NamedNumber(NamedTuple):
    """A number with a name.

    Attributes:
        name: an argument, a variable, an attribute or a key; empty where that is not known.
        line, column, last_column: where it stands in a file, a line from 1, columns in characters from 0.
    """

    name: str
    value: float
    line: int
    column: int
    last_column: int

    def written(self, file: str, other: float) -> TextEdit:
        """Another number in its place."""
        place = (self.line, self.column, self.line, self.last_column)
        return TextEdit(file, *place, str(self.value), str(other))


def arguments_of(text: str) -> dict[str, tuple[str, ...]]:
    """The names of the arguments of the functions, methods and classes of a text."""
    tree = tree_of(text)
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, _FunctionDef):
            found[node.name] = _names(node)
        elif isinstance(node, ast.ClassDef):
            found[node.name] = next(
                (_names(f) for f in node.body if isinstance(f, _FunctionDef) and f.name == "__init__"), ()
            )
    return found


def named_numbers(text: str, known: Mapping[str, tuple[str, ...]] | None = None) -> list[NamedNumber]:
    """Those of a text.

    Args:
        known: the arguments of other functions that it calls (:func:`arguments_of`).

    >>> [(number.name, number.value) for number in named_numbers("def pool(x, size=2, stride=2): ...")]
    [('size', 2), ('stride', 2)]
    """
    tree = tree_of(text)
    if tree is None:
        return []
    lines = text.splitlines()
    functions = {**(known or {}), **arguments_of(text)}
    found = {
        (node.lineno, node.col_offset): NamedNumber(
            name,
            node.value,  # type: ignore[arg-type]
            node.lineno,
            *(
                _in_characters(lines[node.lineno - 1], at)
                for at in (node.col_offset, node.end_col_offset or 0)
            ),
        )
        for name, value in _named(tree, functions)
        for node in _numbers(value)
    }
    return [found[place] for place in sorted(found)]


def settings_written(patches: Sequence[Patch], numbers: Sequence[NamedNumber]) -> list[NamedNumber]:
    """The named numbers of which changes may have written one, or a product of two of them, as a number."""
    values = sorted({number.value for number in numbers if number.value != 1})
    made = [*zip(values), *itertools.combinations_with_replacement(values, 2)]
    factors = {factor for patch in patches for factor in written(patch)}
    made_of = {
        value
        for factor, of in itertools.product(factors, made)
        if is_size(factor, math.prod(of))
        for value in of
    } | ({1} & factors)
    return [number for number in numbers if number.value in made_of]


def settings_named(patches: Sequence[Patch], numbers: Sequence[NamedNumber]) -> list[NamedNumber]:
    """The named numbers that changes name where another one has the same value."""
    new = {
        word
        for patch in patches
        for word in Counter(_WORD.findall(patch.after)) - Counter(_WORD.findall(patch.line.text))
    }
    named = [number for number in numbers if number.name in new]
    return [
        number
        for number in named
        if any(other.value == number.value != 1 and other.name != number.name for other in numbers)
    ]


def _names(function: _FunctionDef) -> tuple[str, ...]:
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    return tuple(names[1:] if names[:1] == ["self"] else names)


def _named(tree: ast.Module, functions: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ast.expr]]:
    """The expressions that have a name, each with it."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(args=given) | ast.AsyncFunctionDef(args=given) | ast.Lambda(args=given):
                names = [a.arg for a in (*given.posonlyargs, *given.args)]
                yield from zip(reversed(names), reversed(given.defaults), strict=False)
                defaults = zip(given.kwonlyargs, given.kw_defaults, strict=True)
                yield from ((a.arg, value) for a, value in defaults if value is not None)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _assigned(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _assigned(target, value)
            case ast.Dict(keys=keys, values=values):
                yield from (
                    (str(key.value), value)
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant)
                )
            case ast.Call(func=function, args=args, keywords=keywords):
                name = _last_name(function)
                if name in functions:
                    own = functions[name]
                    yield from itertools.zip_longest(own[: len(args)], args, fillvalue="")
                if name in functions or name == "dict":
                    yield from ((keyword.arg, keyword.value) for keyword in keywords if keyword.arg)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for each, its in zip(targets, values, strict=True):
                yield from _assigned(each, its)
        case ast.Name() | ast.Attribute(), _:
            yield _last_name(target), value
        case ast.Subscript(slice=ast.Constant(value=str() as key)), _:
            yield key, value


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _numbers(value: ast.expr) -> Iterator[ast.Constant]:
    """A whole number, or those of a tuple or a list."""
    match value:
        case ast.Constant(value=int() as number) if not isinstance(number, bool) and 0 < number <= _LARGEST:
            yield value
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _numbers(element)


def _in_characters(line: str, column: int) -> int:
    return len(line.encode()[:column].decode(errors="ignore"))
