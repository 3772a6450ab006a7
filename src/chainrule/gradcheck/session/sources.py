"""The source of what a namespace holds."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any, NamedTuple

from chainrule.gradcheck.program.definitions import Definitions, definitions
from chainrule.gradcheck.program.reaching import is_users
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.session.cells import Cell


class Defined(NamedTuple):
    """What a namespace defines.

    Attributes:
        definitions: of what is in it still.
        cells: by the file that tracebacks name, the cell that it is.
    """

    definitions: Definitions
    cells: Mapping[str, str]


def defined(namespace: Mapping[str, Any], cells: Sequence[Cell] = ()) -> Defined:
    """What the source of a namespace says of its functions and classes.

    Cells that hold what is there now come last, in order: one that failed, or whose functions were defined anew
    elsewhere, does not say what they are.
    """
    files = dict.fromkeys(file for value in namespace.values() for file in _files(value))
    own = namespace.get("__file__")
    texts = {file: _text(file) for file in ([own] if isinstance(own, str) else []) + list(files)}
    by_text = {text: cell for cell in cells for text in (cell.text.rstrip(), cell.run.rstrip())}
    of_cells = {file: by_text[text.rstrip()] for file, text in texts.items() if text.rstrip() in by_text}
    alive = {cell.name for cell in of_cells.values()}
    parts = [Part(file, text) for file, text in texts.items() if file not in of_cells]
    parts += [Part(cell.name, cell.text) for cell in sorted(cells, key=lambda cell: cell.name in alive)]
    read = definitions(Source(tuple(parts)))
    here = tuple(f for f in read.functions if callable(namespace.get(f.owner or f.name)))
    return Defined(replace(read, functions=here), {file: cell.name for file, cell in of_cells.items()})


def names_in(text: str) -> set[str]:
    """The functions and classes that a text defines."""
    kinds = ast.FunctionDef | ast.ClassDef
    return {node.name for node in ast.parse(text).body if isinstance(node, kinds)}


def _files(value: Any) -> Iterator[str]:
    """The user's files in which a function, or the methods of a class, were written."""
    functions = vars(value).values() if isinstance(value, type) else [value]
    codes = [function.__code__ for function in functions if isinstance(function, FunctionType)]
    yield from (code.co_filename for code in codes if is_users(code.co_filename))


def _text(file: str) -> str:
    return "".join(linecache.getlines(file))
