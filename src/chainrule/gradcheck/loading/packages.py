"""The package that a file is a part of, and the folders in which it finds what it imports."""

from __future__ import annotations

import ast
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.runnable import runnable
from chainrule.gradcheck.program import source


def folder_of_package(path: Path) -> Path:
    """The folder in which the package lies that a file is a part of; the file's own where it is none's.

    A folder without an ``__init__.py`` is a package too where the file imports relatively to it.
    """
    folder = path.parents[min(levels_up(path), len(path.parents) - 1)]
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def levels_up(path: Path) -> int:
    """How far up the relative imports of a file reach: 1 is its own folder, ``from .layers import *``; 0 where it has
    none."""
    try:
        parts = runnable(path).parts
    except CheckError:
        return 0
    trees = filter(None, (source.tree_of(part.text) for part in parts))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return max((node.level for node in nodes if isinstance(node, ast.ImportFrom)), default=0)


def folders_of_modules(path: Path, root: Path | None = None) -> list[Path]:
    """Where a file finds what it imports: those of a package may be imported by its name, or as if its folder were
    where they are started; those of a project by its name as well.

    Args:
        path: the file.
        root: the folder of its project.
    """
    own = _outwards(path.parent, folder_of_package(path))
    return [*dict.fromkeys([*own, *(_outwards(root, root.parent) if root is not None else [])])]


def _outwards(folder: Path, around: Path) -> list[Path]:
    """Both, the inner one last where a module in it is called like itself, which would hide the package that it is."""
    return [around, folder] if (folder / f"{folder.name}.py").is_file() else [folder, around]


def package_of(path: Path) -> str:
    """The package that a file is a part of; empty where it is none's."""
    return ".".join(path.parent.relative_to(folder_of_package(path)).parts)
