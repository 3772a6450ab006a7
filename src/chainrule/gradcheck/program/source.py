"""A file of the user's as parts that Python can run: a script is one, a notebook one for each cell of code."""

from __future__ import annotations

import ast
import codecs
import io
import os
import re
import sys
import sysconfig
import tokenize
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from chainrule.errors import CheckError
from chainrule.gradcheck.program import newer_strings
from chainrule.inputs import parsed_json, read_bytes

SUFFIXES = (".py", ".ipynb")
LARGEST_FILE = 64 * 2**20
LONGEST_CODE = 2**20
"""Characters; parsed, each can take hundreds of bytes."""
ADAPTER = "assumed adapter"
"""What tracebacks call an adapter that was written for a file which has none."""

OURS = (str(Path(__file__).parents[1]) + os.sep, str(Path(__file__).parents[2] / "__init__.py"))
"""Where the code of the checker itself lies, and what ``import chainrule`` gives: through it all of ours is reached."""

_NO_CHARACTER_SETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
"""Encodings in which a text is another than it looks, or takes hours to read."""

_PYTHON = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_OWN_FOLDERS: list[str] = []
_INSTALLED = frozenset({"site-packages", "dist-packages"})

_PYTHON_2 = re.compile(
    r"^\s*(print\s+([\w\"'`]|>>)|except\s+[\w.]+\s*,\s*\w+\s*:|raise\s+[\w.]+\s*,|exec\s+[\w\"'])"
    r"|[\w)\]] *<> *[\w(]|= *`[^`\n]+`|= *0[0-7]+\b(?!\.)|= *\d+L\b",
    re.MULTILINE,
)

_MAGIC = re.compile(r"^\s*([%!?]|\w[\w.]*\?{1,2}\s*$|[\w, ]+=\s*[%!])")
_RUNS_FILE = re.compile(r"""^(\s*)%run\s+(?:-i\s+)?(["']?)(?:\./)?([^\W\d]\w*)(?:\.py)?\2\s*(?:#.*)?$""")
_WRITES_MODULE = re.compile(r"""^%%(?:writefile|file)\s+(-a\s+|--append\s+)?(["']?)(.+\.py)\2\s*$""")
CHECKED_CELL = "%%check_gradient"
_RUNS_CELL = ("%%time", "%%timeit", "%%capture", "%%prun", CHECKED_CELL)


class Part(NamedTuple):
    """Source, and the name that tracebacks give it: the path, or ``net.ipynb, cell 3`` (cells of code, from 1).

    ``classic_division``: it was written for Python 2, where ``7 / 2`` is 3.
    """

    name: str
    text: str
    classic_division: bool = False


class Source(NamedTuple):
    """The parts of a file in order, and what was left out of them, in words."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


def read(path: Path) -> Source:
    """Read a ``.py`` or ``.ipynb`` file.

    Raises:
        CheckError: it is missing, of another kind, too large or damaged.
    """
    if path.suffix not in SUFFIXES:
        raise CheckError(
            f"{path}: is no {' or '.join(SUFFIXES)} file; give one, or a folder or zip of such files"
        )
    return of_content(path, content(path))


def of_content(path: Path, data: bytes) -> Source:
    """What a file says that holds these bytes.

    Raises:
        CheckError: it is too large or damaged.
    """
    is_notebook = path.suffix == ".ipynb"
    source = _notebook(path, data) if is_notebook else _script(path, data)
    # To read it as Python takes long where there is much.
    if sum(len(part.text) for part in source.parts) > LONGEST_CODE:
        raise CheckError(
            f"{path}: has more than {LONGEST_CODE} characters of code; leave data in files of its own"
        )
    return source._replace(parts=tuple(map(_readable, source.parts)))


def content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        CheckError: it is missing, no regular file, or too large.
    """
    repair = "give a notebook with its outputs cleared" if path.suffix == ".ipynb" else "give a .py file"
    return read_bytes(path, LARGEST_FILE, CheckError, repair, any_name=True)


def is_python_2(source: Source) -> bool:
    """Whether what is no Python is so because it was written for Python 2."""
    return any(_PYTHON_2.search(part.text) for part in source.parts)


def belongs_to(path: Path, name: str) -> bool:
    """Whether code of this file name is the user's own: of the file at ``path``, or of a module beside it."""
    if name == ADAPTER or name.startswith(f"{path.name}, cell "):
        return True
    return name.startswith(f"{path.parent}{os.sep}") and not is_library(name)


@lru_cache(maxsize=4096)
def is_library(file: str) -> bool:
    """Whether a file was installed: with Python, or where packages are installed, wherever that is.

    Where the user's own lie below one folder (:func:`keep_to`), every other is a library's, as one that a path file
    names.
    """
    if file.startswith(_PYTHON) or not _INSTALLED.isdisjoint(Path(file).parts):
        return True
    elsewhere = bool(_OWN_FOLDERS) and Path(file).is_absolute() and not file.startswith(tuple(_OWN_FOLDERS))
    return elsewhere or file.startswith(_FOLDERS_OF_PACKAGES)


def keep_to(folder: Path) -> None:
    """Say that all of the user's files lie below ``folder``, as in a process that runs a copy of them."""
    _OWN_FOLDERS[:] = [f"{folder}{os.sep}"]
    is_library.cache_clear()


def folders_of_packages(path: Sequence[str]) -> tuple[str, ...]:
    """Those of ``path`` in which packages are installed: pip leaves an account of each."""
    return tuple(folder + os.sep for folder in path if folder and any(Path(folder).glob("*.dist-info")))


_FOLDERS_OF_PACKAGES = folders_of_packages(sys.path)
"""As they are before any code of the user's has run, which could make its own folder look like one."""


def shown_name(path: Path, name: str) -> str:
    """A file of the user's as errors call it: its path below the folder, or notebook and cell."""
    return name.removeprefix(f"{path.parent}{os.sep}")


def _decoded(path: Path, data: bytes) -> str:
    """Text in the encoding that the file declares, as Python itself would read it."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if codecs.lookup(encoding).name in _NO_CHARACTER_SETS:
            raise LookupError(f"{encoding} is no character set")
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except (SyntaxError, ValueError, LookupError) as error:
        raise CheckError(f"{path}: is no text that Python can read: {error}; save it as UTF-8") from error


def _script(path: Path, data: bytes) -> Source:
    """A file of Python; of one that was copied out of a notebook without the lines that only IPython understands."""
    text = _decoded(path, data)
    plain, skipped = without_magics(text)
    if not skipped or tree_of(plain) is None:
        return Source((Part(str(path), text),))
    return Source((Part(str(path), plain),), tuple(f"left out {line}" for line in skipped))


def _notebook(path: Path, data: bytes) -> Source:
    try:
        cells = _code_cells(parsed_json(data))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckError(f"{path}: is no notebook: {error}; save it again from Jupyter") from error
    parts, notes = [], []
    for number, text in enumerate(cells, 1):
        plain, skipped = without_magics(text)
        parts.append(Part(f"{path.name}, cell {number}", plain))
        notes += [f"cell {number}: left out {line}" for line in skipped]
    return Source(tuple(parts), tuple(notes))


def _code_cells(notebook: dict[str, Any]) -> list[str]:
    """The text of the code cells, of notebooks in format 4 or 3."""
    cells = (
        notebook["cells"] if "cells" in notebook else [c for s in notebook["worksheets"] for c in s["cells"]]
    )
    texts = [
        cell["source"] if "source" in cell else cell["input"] for cell in cells if cell["cell_type"] == "code"
    ]
    return [text if isinstance(text, str) else "".join(text) for text in texts]


def without_magics(text: str) -> tuple[str, list[str]]:
    """A cell without the lines that only IPython understands, each replaced by ``pass``, and those lines.

    ``%run helpers.py``, which gives a cell the names of a file beside it, is an import of all of them; a cell under
    ``%%writefile helpers.py`` writes that file.
    """
    first, _, below = text.lstrip().partition("\n")
    first = first.rstrip()
    if written := _WRITES_MODULE.match(first):
        return f"open({written[3]!r}, {'a' if written[1] else 'w'!r}).write({below!r})", []
    if first.startswith("%%") and not first.startswith(_RUNS_CELL):
        return "", [first]
    if tree_of(text) is not None:
        return text, []
    lines = [_RUNS_FILE.sub(r"\1from \3 import *", line) for line in text.split("\n")]
    magics = [i for i, line in enumerate(lines) if _MAGIC.match(line)]
    for i in magics:
        # A block must not lose its only line.
        lines[i] = re.match(r"\s*", lines[i])[0] + "pass  # " + lines[i].strip()  # type: ignore[index]
    return "\n".join(lines), [line.removeprefix("pass  # ") for line in (lines[i].strip() for i in magics)]


def _readable(part: Part) -> Part:
    """The same, with the f-strings of a newer Python as this one reads them."""
    if tree_of(part.text) is not None:
        return part
    older = newer_strings.for_older(part.text)
    return part._replace(text=older) if tree_of(older) is not None else part


def tree_of(text: str) -> ast.Module | None:
    """What a text says; None where it is no Python, or too deep for it."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
