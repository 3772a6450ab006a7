"""The folder that belongs to a file: its own, its package's, or the one of its project that it imports from."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Set
from importlib.machinery import PathFinder
from itertools import islice
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.importer import levels_up
from chainrule.gradcheck.loading.runnable import runnable
from chainrule.gradcheck.program import quotients
from chainrule.gradcheck.sandbox.staging import sources_root

_MARKS = (
    ".git",
    ".hg",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "README.md",
    "LICENSE",
)
"""What lies at the top of somebody's project."""

_MOST_READ = 50
"""Files whose imports are followed."""


def project_root(path: Path) -> Path:
    """The folder that belongs to a file, wide enough for what it imports.

    A folder above is taken in where a module that the file imports, itself or through files beside it, lies there and
    nowhere else, where the file calls it by its own name, as a package's files do, or where the file's relative imports
    reach it, as far up as its project reaches: to the folder that the user is in, or to the nearest one that a
    repository, its readme or Python's own files mark as the top of a project. The user's home, and what is above it, is
    nobody's project.

    Args:
        path: the file, as an absolute path without links.
    """
    own = sources_root(path)
    within = list(_of_the_project(own))
    if not within:
        return own
    missing = _missing(path, own).items()
    homes = [next((f for f in within if _gives(f, name, below)), own) for name, below in missing]
    homes += [folder for folder in path.parents[: levels_up(path)] if folder in within]
    return max(homes, key=lambda folder: -len(folder.parts), default=own)


def holds(folder: Path, module: str) -> bool:
    """Whether a folder holds a module, as a file or as a folder with files of Python, be it in folders of its own."""
    inside = (path for pattern in ("*.py", "*/*.py") for path in (folder / module).glob(pattern))
    return (folder / f"{module}.py").is_file() or any(inside)


def _gives(folder: Path, module: str, below: Set[str]) -> bool:
    """Whether a folder holds a module, or is the package of that name which holds what is imported from below it."""
    return holds(folder, module) or (folder.name == module and any(holds(folder, name) for name in below))


def _of_the_project(own: Path) -> Iterator[Path]:
    """The folders above, up to the top of the project."""
    home, here = Path.home().resolve(), Path.cwd().resolve()
    above = [folder for folder in own.parents[:-1] if not home.is_relative_to(folder)]
    marked = (folder for folder in above if any((folder / mark).exists() for mark in _MARKS))
    top = here if here in above else next(marked, None)
    return (folder for folder in above if top is not None and folder.is_relative_to(top))


def _missing(path: Path, own: Path) -> dict[str, set[str]]:
    """The modules that a file and those beside it that it imports need, and that neither lie there nor are installed;
    each with the names of those below it that they need."""
    waiting, names, dotted = [path], set[str](), set[str]()
    for file in islice(waiting, _MOST_READ):
        imported = _imports(file)
        new = {name.partition(".")[0] for name in imported} - names
        names |= new
        dotted |= imported
        beside = dict.fromkeys((file.parent, path.parent, own))
        waiting += (found for folder in beside for name in sorted(new) for found in _files(folder, name))
    # A file may call its own folder, and the one around it, by their names; what lies beside them is not theirs.
    below = {name: {n.split(".")[1] for n in dotted if n.startswith(f"{name}.")} for name in names}
    beside_own = [n for n in below.get(own.parent.name, ()) if n != own.name and not holds(own, n)]
    there = {own.name, own.parent.name} if not beside_own else {own.name}
    return {
        name: below[name]
        for name in names - there
        if not holds(path.parent, name) and not holds(own, name) and not _installed(name)
    }


def _imports(file: Path) -> set[str]:
    try:
        return quotients.dotted_imports(quotients.parsed(runnable(file)))
    except CheckError:
        return set()


def _files(folder: Path, module: str) -> list[Path]:
    file = folder / f"{module}.py"
    return [file] if file.is_file() else sorted((folder / module).glob("*.py"))


def _installed(name: str) -> bool:
    """Whether a module is Python's own or installed; what lies in the folder that the user is in is not."""
    places = [place for place in sys.path if place and Path(place).resolve() != Path.cwd().resolve()]
    return name in sys.stdlib_module_names or PathFinder.find_spec(name, places) is not None
