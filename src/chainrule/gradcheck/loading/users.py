"""The files beside one that import it: how they make and call what it defines says how it is meant to be."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.packages import folders_of_modules
from chainrule.gradcheck.loading.runnable import runnable
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.source import Source, tree_of

_MOST_FILES = 40
_LARGEST = 2**20
"""Bytes of a file that is read so."""


def users(path: Path, root: Path | None = None) -> list[Source]:
    """The sources that import a file, in its folder, in the one that its package lies in, and in the root of its
    project; none of them is run."""
    found = []
    for other in _beside(path, root):
        with contextlib.suppress(CheckError, OSError):
            if other.stat().st_size <= _LARGEST and path.stem in other.read_text("utf-8", "ignore"):
                read = runnable(other)
                if any(_imports(node, path.stem) for part in read.parts for node in _nodes(part.text)):
                    found.append(read)
    return found


def names_put(sources: Iterable[Source]) -> set[str]:
    """The names that some sources may put into modules that they import, as ``net.RATE = 0.1`` does."""
    return {name for each in sources for part in each.parts for name in _put([*_nodes(part.text)])}


def _put(nodes: Sequence[ast.AST]) -> Iterator[str]:
    imports = (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    known = {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name, ctx=ast.Store()) if module in known:
                yield name


def _beside(path: Path, root: Path | None) -> list[Path]:
    folders = dict.fromkeys([*folders_of_modules(path), *([root] if root is not None else [])])
    files = [p for folder in folders for p in sorted(folder.iterdir()) if p.suffix in source.SUFFIXES]
    return [p for p in files if p not in (path, p.parent / "__init__.py") and p.is_file()][:_MOST_FILES]


def _nodes(text: str) -> Iterator[ast.AST]:
    tree = tree_of(text)
    return ast.walk(tree) if tree is not None else iter(())


def _imports(node: ast.AST, module: str) -> bool:
    match node:
        case ast.ImportFrom(module=str(name), names=names):
            return module == name.rpartition(".")[2] or module in (alias.name for alias in names)
        case ast.ImportFrom(names=names):
            return module in (alias.name for alias in names)
        case ast.Import(names=names):
            return any(module == alias.name.rpartition(".")[2] for alias in names)
    return False
