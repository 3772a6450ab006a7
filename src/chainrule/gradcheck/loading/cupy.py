"""Files written for CuPy, where there is none: NumPy has the functions that CuPy took from it, by the same names."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from typing import NamedTuple

from chainrule.gradcheck.program.source import Part, Source, tree_of

_CUPY = "cupy"
_COPY = "asnumpy"
"""What brings an array back from the device, as a copy: NumPy's ``array``."""

_NOTE = (
    "CuPy is not installed: NumPy stands in for it, whose functions of the same names compute the same, and its array "
    f"for {_COPY}"
)


class _Edit(NamedTuple):
    """What stands instead of a part of a line; columns are those of its UTF-8."""

    line: int
    start: int
    end: int
    text: str


def with_numpy(content: Source) -> Source:
    """A file that imports NumPy, under the name of a CuPy that is not there; unchanged where it is, or where a file
    tries whether it is, as that knows what else to do."""
    if not any(_CUPY in part.text for part in content.parts) or find_spec(_CUPY) is not None:
        return content
    parts = tuple(map(_of_numpy, content.parts))
    return content if parts == content.parts else Source(parts, (*content.notes, _NOTE))


def _of_numpy(part: Part) -> Part:
    tree = tree_of(part.text)
    if tree is None:
        return part
    lines = [line.encode() for line in part.text.split("\n")]
    imports = [*_imports(tree)]
    edits = [edit for node in imports for edit in _of_import(node, lines[node.lineno - 1])]
    copies = _of_copies(tree, {name for node in imports for name in _bound(node)})
    # In an f-string, places are not those of the file.
    edits += [edit for edit in copies if lines[edit.line][edit.start : edit.end] == _COPY.encode()]
    for line, start, end, text in sorted(edits, reverse=True):
        lines[line] = lines[line][:start] + text.encode() + lines[line][end:]
    return part._replace(text=b"\n".join(lines).decode())


def _of_import(node: ast.Import | ast.ImportFrom, line: bytes) -> Iterator[_Edit]:
    """The import of the same from NumPy, under the same names."""
    if isinstance(node, ast.ImportFrom) and (at := re.compile(rb"from\s+").match(line, node.col_offset)):
        yield _Edit(node.lineno - 1, at.end(), at.end() + len(_CUPY), "numpy")
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            new = f"array as {alias.asname or _COPY}" if alias.name == _COPY else ""
        elif alias.name.partition(".")[0] == _CUPY:
            new = "numpy" + alias.name.removeprefix(_CUPY)
            within = f"{new}, " if new != "numpy" else ""
            new = f"{new} as {alias.asname}" if alias.asname else f"{within}numpy as {_CUPY}"
        else:
            new = ""
        if new:
            yield _Edit(alias.lineno - 1, alias.col_offset, alias.end_col_offset or 0, new)


def _bound(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The names that stand for all of CuPy."""
    for alias in node.names if isinstance(node, ast.Import) else ():
        if alias.name == _CUPY or (alias.name.startswith(f"{_CUPY}.") and not alias.asname):
            yield alias.asname or _CUPY


def _of_copies(tree: ast.AST, names: Collection[str]) -> Iterator[_Edit]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (
                name in names and attribute == _COPY
            ):
                end = node.end_col_offset or 0
                yield _Edit((node.end_lineno or node.lineno) - 1, end - len(_COPY), end, "array")


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports of CuPy, without those that are tried."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import() if any(alias.name.partition(".")[0] == _CUPY for alias in child.names):
                yield child
            case ast.ImportFrom() if (child.module or "").partition(".")[0] == _CUPY and not child.level:
                yield child
            case _ if not isinstance(child, ast.Try):
                yield from _imports(child)
