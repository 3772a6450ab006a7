"""Folders from which a file imports modules by their bare names, though it does not lie there: its author has put them
on the path, or marked them as roots of sources in an editor."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from chainrule.gradcheck.loading.renamed import guarded_below


class SourceRoots(importlib.abc.MetaPathFinder):
    """Finds what nobody else does: a module that one file, or one package, has the name of. The folder around it is
    on the path from then on.

    Args:
        root: below which folders are looked through.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[str, set[Path]] | None = None
        self.found: dict[str, str] = {}

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As the import system asks for it."""
        if path is not None:
            return None
        if self._folders is None:
            self._folders = _by_module(self._root)
        folders = self._folders.pop(name, set())
        if len(folders) != 1 or guarded_below(self._root, name):
            return None
        (folder,) = folders
        sys.path.append(str(folder))
        self.found[name] = folder.relative_to(self._root).as_posix()
        return importlib.util.find_spec(name)


def _by_module(root: Path) -> dict[str, set[Path]]:
    """The folders in which modules lie, by the names of these."""
    folders: dict[str, set[Path]] = {}
    for file in root.rglob("*.py"):
        folders.setdefault(file.stem, set()).add(file.parent)
        if file.name == "__init__.py" and file.parent != root:
            folders.setdefault(file.parent.name, set()).add(file.parent.parent)
    return folders


def spec_of(name: str, within: Sequence[str] | None) -> ModuleSpec | None:
    """What is found so of a module, in a package or in none; None for nothing."""
    return next((spec for root in _roots() if (spec := root.find_spec(name, within)) is not None), None)


def told() -> list[str]:
    """What was found so, in words."""
    return [
        f"the module {name} was found in the folder {at}" for r in _roots() for name, at in r.found.items()
    ]


def _roots() -> list[SourceRoots]:
    return [finder for finder in sys.meta_path if isinstance(finder, SourceRoots)]
