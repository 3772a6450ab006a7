"""The folder that belongs to a file: its own, its package's, or the one of its project that it imports from."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import PathFinder
from itertools import islice
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.packages import levels_up
from chainrule.gradcheck.loading.renamed import folder_of_renamed, imported_names
from chainrule.gradcheck.loading.runnable import runnable
from chainrule.gradcheck.program.source import tree_of
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

_OWN_NAMES = 2
"""How many of the names of a folder, and of those around it, a file may call it by, ``course.lab.net`` in ``lab``."""


def project_root(path: Path) -> Path:
    """The folder that belongs to a file, wide enough for what it imports.

    A folder above is taken in where a module that the file imports, itself or through files that it imports, lies there
    and nowhere else, also where the file calls it by its own name, as a package's files do, or where the file's
    relative imports reach it, as far up as its project reaches: to the folder that the user is in, or to the nearest
    one that a repository, its readme or Python's own files mark as the top of a project, or as far as the names reach
    by which the file calls its own folder. The user's home, and what is above it, is nobody's project.

    Args:
        path: the file, as an absolute path without links.
    """
    own = sources_root(path)
    within = list(_of_the_project(path, own))
    if not within:
        return own
    homes = list(_homes(path, [own, *within]))
    homes += [folder for folder in path.parents[: levels_up(path)] if folder in within]
    return min(homes, key=lambda folder: len(folder.parts), default=own)


def holds(folder: Path, module: str) -> bool:
    """Whether a folder holds a module, as a file or as a folder with files of Python, be it in folders of its own."""
    return bool(_files(folder, [module]))


def _files(folder: Path, parts: Sequence[str]) -> list[Path]:
    """The files of a module that a folder holds, ``course.tools`` as its parts; none where it does not hold it."""
    place = folder.joinpath(*parts)
    file = place.with_name(f"{place.name}.py") if parts else place
    inside = (path for pattern in ("*.py", "*/*.py") for path in place.glob(pattern))
    return [file] if file.is_file() else sorted(inside)


def _files_called(folder: Path, module: str) -> list[Path]:
    """The files of a module that a folder holds, where its name may begin with those of the folder itself."""
    parts = module.split(".")
    for count in range(_OWN_NAMES + 1):
        if [*folder.parts[len(folder.parts) - count :]] == parts[:count] and (
            found := _files(folder, parts[count:])
        ):
            return found
    return []


def _of_the_project(path: Path, own: Path) -> Iterator[Path]:
    """The folders above, up to the top of the project."""
    home, here = Path.home().resolve(), Path.cwd().resolve()
    above = [folder for folder in own.parents[:-1] if not home.is_relative_to(folder)]
    marked = [folder for folder in above if any((folder / mark).exists() for mark in _MARKS)][:1]
    tops = [here] if here in above else [*marked, *_called(path, own, above)]
    top = min(tops, key=lambda folder: len(folder.parts), default=None)
    return (folder for folder in above if top is not None and folder.is_relative_to(top))


def _called(path: Path, own: Path, above: Sequence[Path]) -> Iterator[Path]:
    """The folders from which a file is started, as it calls the one in them that holds it by its name:
    ``from layers.base import Layer`` in ``layers``."""
    for module in _imports(path):
        name, *rest = module.split(".")
        for folder in (own, *above[:_OWN_NAMES]):
            if folder.name == name and folder.parent in above and rest and _files(folder, rest):
                yield folder.parent


def _homes(path: Path, folders: Sequence[Path]) -> Iterator[Path]:
    """For each module that a file needs, itself or through those that it imports, and that does not lie beside them,
    the nearest of some folders that holds it."""
    waiting, seen, nowhere = [path], set[str](), dict[str, set[str]]()
    for file in islice(waiting, _MOST_READ):
        imported = _imports(file)
        for module in [module for module in imported if module not in seen]:
            seen.add(module)
            beside = dict.fromkeys(
                [*(f for f in (file.parent, path.parent) if f.is_relative_to(folders[-1])), folders[0]]
            )
            places = [*beside, *([] if _installed(module.partition(".")[0]) else folders[1:])]
            home, found = next(
                ((f, files) for f in places if (files := _files_called(f, module))), (None, [])
            )
            waiting += found
            if home is not None:
                yield home
            elif not _installed(module.partition(".")[0]):
                nowhere[module] = imported[module]
    for package in {module.partition(".")[0] for module in nowhere}:
        if (renamed := folder_of_renamed(package, nowhere, folders)) is not None:
            yield renamed


def _imports(file: Path) -> dict[str, set[str]]:
    """The modules that a file imports, with the names that it imports of each."""
    try:
        return imported_names(filter(None, (tree_of(part.text) for part in runnable(file).parts)))
    except CheckError:
        return {}


def _installed(name: str) -> bool:
    """Whether a module is Python's own or installed; what lies in the folder that the user is in is not."""
    places = [place for place in sys.path if place and Path(place).resolve() != Path.cwd().resolve()]
    return name in sys.stdlib_module_names or PathFinder.find_spec(name, places) is not None
