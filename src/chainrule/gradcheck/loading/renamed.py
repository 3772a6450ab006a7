"""Packages that are imported by a name which their folder has no longer: a repository was renamed, or unpacked as
``net-main``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from chainrule.gradcheck.loading.import_statements import guarded_packages
from chainrule.gradcheck.program.source import tree_of

_MOST_FILES = 200
"""Files in which it is looked for what is imported of a package."""


def folder_of_renamed(
    package: str, imported: Mapping[str, Iterable[str]], folders: Iterable[Path]
) -> Path | None:
    """The folder that a package may be which is nowhere: the first that holds every module that is imported from below
    it, with the names that are imported of these; None where none does, and where the package itself is imported.

    Args:
        imported: the names that are imported of each module.
        folders: those that it may be.
    """
    own = {module: {*names} for module, names in imported.items() if module.partition(".")[0] == package}
    if not own or package in own:
        return None
    below = {module.partition(".")[2]: names for module, names in own.items()}
    return next((f for f in folders if all(_defines(f, m, names) for m, names in below.items())), None)


def imported_names(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """The names that are imported of each module, in any of some files.

    >>> imported_names([ast.parse("import net.tools\\nfrom net.layers import Dense, Conv")]) == {
    ...     "net.tools": set(), "net.layers": {"Dense", "Conv"}}
    True
    """
    found: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.setdefault(alias.name, set())
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.setdefault(node.module, set()).update(alias.name for alias in node.names)
    return found


def imported_below(folder: Path, package: str) -> dict[str, set[str]]:
    """What the files below a folder import that name a package."""
    return imported_names(_trees(folder, package))


def guarded_below(folder: Path, package: str) -> bool:
    """Whether a file below a folder can do without a package: nothing may be taken for one that is not there then, as
    what the author puts in its place is what runs."""
    return any(package in guarded_packages(tree) for tree in _trees(folder, package))


def _trees(folder: Path, word: str) -> Iterator[ast.Module]:
    for file in islice(folder.rglob("*.py"), _MOST_FILES):
        text = _text(file)
        if word in text and (tree := tree_of(text)) is not None:
            yield tree


def _defines(folder: Path, module: str, names: Iterable[str]) -> bool:
    """Whether a folder holds a module, as a file in which some names stand, or as a package of that name."""
    place = folder.joinpath(*module.split("."))
    if any(place.glob("*.py")):
        return all((place / f"{name}.py").is_file() or _says(place / "__init__.py", name) for name in names)
    return place.with_suffix(".py").is_file() and all(_says(place.with_suffix(".py"), n) for n in names)


def _says(file: Path, name: str) -> bool:
    return name == "*" or re.search(rf"\b{re.escape(name)}\b", _text(file)) is not None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "ignore")
    except OSError:
        return ""
