"""Notebooks of marimo, whose cells are functions: what stands in them is read as the top level that it is.

@app.cell                        (an empty line)
def _(np):                       (an empty line)
    def cost(W, X, Y): ...       def cost(W, X, Y): ...
    return (cost,)               (an empty line)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.loading.private_names import with_private_names
from chainrule.gradcheck.program.source import Part, Source, tree_of

_MODULE = "marimo"
_CELL, _SETUP = "cell", "setup"
_DEFINITIONS = ("function", "class_definition")


def as_script(content: Source) -> Source:
    """A file with the cells of its marimo notebook on its top level, each line on its number; unchanged where it is
    none.

    Raises:
        CheckError: cells have the same private name, which cannot be changed in one alone.
    """
    if not any(_MODULE in part.text for part in content.parts):
        return content
    return content._replace(parts=tuple(map(_unpacked, content.parts)))


def _unpacked(part: Part) -> Part:
    tree = tree_of(part.text)
    app = next(filter(None, map(_app, tree.body)), "") if tree is not None else ""
    if tree is None or not app:
        return part
    cells = [node for node in tree.body if not _marks(node, app).keys().isdisjoint((_CELL, _SETUP))]
    lines = with_private_names(part.text, cells).split("\n")
    for node in tree.body:
        for name, mark in _marks(node, app).items():
            if name in _DEFINITIONS:
                _clear(lines, mark.lineno, mark.end_lineno or mark.lineno)
        if node in cells:
            _bring_out(lines, node)
    text = "\n".join(lines)
    return part._replace(text=text) if tree_of(text) is not None else part


def _app(node: ast.stmt) -> str:
    """What a file calls its notebook: ``app = marimo.App()``."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Call(func=ast.Attribute(value=ast.Name(id="marimo"), attr="App")),
        ):
            return name
    return ""


def _marks(node: ast.stmt, app: str) -> dict[str, ast.expr]:
    """What a statement is of the notebook, and what says so: ``cell`` for ``@app.cell``, ``setup`` for ``with
    app.setup:``."""
    of: list[ast.expr] = []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        of = node.decorator_list
    elif isinstance(node, ast.With):
        of = [item.context_expr for item in node.items]
    called = ((each.func if isinstance(each, ast.Call) else each, each) for each in of)
    return {
        own.attr: each
        for own, each in called
        if isinstance(own, ast.Attribute) and isinstance(own.value, ast.Name) and own.value.id == app
    }


def _bring_out(lines: list[str], node: ast.stmt) -> None:
    """Put the statements of a cell on the top level, without what it gives to others."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.With)
    first, last = node.body[0], node.body[-1]
    as_written = set(_within_texts(node))
    for number in range(first.lineno, (last.end_lineno or last.lineno) + 1):
        if number not in as_written:
            lines[number - 1] = _without(lines[number - 1], first.col_offset)
    _clear(lines, _start(node), _start(first) - 1)
    if isinstance(last, ast.Return):
        _clear(lines, last.lineno, last.end_lineno or last.lineno)
    for number in range(_start(first), first.lineno):
        lines[number - 1] = _without(lines[number - 1], first.col_offset)


def _start(node: ast.stmt) -> int:
    """The line on which a statement begins, with what decorates it."""
    marks: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(mark.lineno for mark in marks)])


def _within_texts(node: ast.AST) -> Iterator[int]:
    """The lines that begin within a text."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.JoinedStr) or (
            isinstance(inner, ast.Constant) and isinstance(inner.value, str)
        ):
            yield from range(inner.lineno + 1, (inner.end_lineno or inner.lineno) + 1)


def _without(line: str, width: int) -> str:
    return line[width:] if not line[:width].strip() else line


def _clear(lines: list[str], first: int, last: int) -> None:
    lines[first - 1 : last] = [""] * (last - first + 1)
