"""Which files of many are programs to check: told by what they define, without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from chainrule.errors import CheckError
from chainrule.gradcheck.folder.walking import is_regular, walked
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.function_names import FunctionKind, rank
from chainrule.gradcheck.program.source import Source
from chainrule.gradcheck.recognition.adapter import NAME

ZIP = ".zip"

_KINDS: tuple[FunctionKind, ...] = ("cost", "gradient")
_LARGEST_TEXT = 2_000_000
"""Characters that are looked at, of all files together."""

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
_BESIDE_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.Expr)


class _Looked(NamedTuple):
    """What a look at a file tells.

    Attributes:
        path: where it lies.
        adapted: whether it has an adapter.
        usual: of how many kinds it has functions of usual names: 2 are a cost and a gradient.
        helps: whether it only defines what others can use.
    """

    path: Path
    adapted: bool = False
    usual: int = 0
    helps: bool = False


def python_files(root: Path, name: str) -> tuple[list[Path], list[Path]]:
    """The files of Python below a folder, and the zips, those near its top first.

    Raises:
        CheckError: a folder cannot be read, or there are too many entries; ``name`` is what it is called then.
    """
    files = [path for path in walked(root, name) if is_regular(path)]
    zips = [path for path in files if path.suffix.lower() == ZIP]
    return [path for path in files if path.suffix in source.SUFFIXES], zips


def programs(files: Sequence[Path]) -> list[Path]:
    """Of the files of a submission those that are meant.

    They are the one with an adapter; else those with an adapter or a cost and a gradient of usual names; else the one
    with most such names.
    """
    looked = list(_looked_at(files))
    adapted = [look.path for look in looked if look.adapted]
    if len(adapted) == 1:
        return adapted
    whole = [look.path for look in looked if look.adapted or look.usual == len(_KINDS)]
    return whole or [max(looked, key=lambda look: look.usual).path]


def is_one_program(folder: Path) -> bool:
    """Whether a folder holds a single program, at its top, and otherwise what only defines something.

    What cannot be read, says nothing or does anything when it is run may be somebody's program.
    """
    try:
        files, zips = python_files(folder, "")
    except CheckError:
        return False
    others = [look.path for look in _looked_at(files) if not look.helps and look.path.name != "__init__.py"]
    return not zips and len(others) == 1 and others[0].parent == folder


def _looked_at(files: Sequence[Path]) -> Iterator[_Looked]:
    left = _LARGEST_TEXT
    for path in files:
        content = _content(path)
        size = sum(len(part.text) for part in content.parts)
        if size > left:
            yield _Looked(path)
            continue
        left -= size
        names = [function.name for function in definitions(content).functions]
        usual = sum(any(rank(name, kind) is not None for name in names) for kind in _KINDS)
        yield _Looked(path, NAME in names, usual, NAME not in names and not usual and _only_defines(content))


def _content(path: Path) -> Source:
    try:
        return source.read(path)
    except CheckError:
        return Source(())


def _only_defines(content: Source) -> bool:
    trees = [source.tree_of(part.text) for part in content.parts]
    statements = [node for tree in trees if tree is not None for node in tree.body]
    return (
        None not in trees
        and any(isinstance(node, _DEFINES) for node in statements)
        and all(isinstance(node, _DEFINES + _BESIDE_DEFINITIONS) for node in statements)
    )
