"""Modules of the user's: the file that is checked, and those beside it, which are taken apart like it."""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.runnable import runnable
from chainrule.gradcheck.loading.source_roots import SourceRoots
from chainrule.gradcheck.loading.statements import TopLevel, lines_of, top_level
from chainrule.gradcheck.loading.whole_modules import functions_called
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.definitions import Imported
from chainrule.gradcheck.program.drawn_files import FileOpener
from chainrule.gradcheck.program.earlier_versions import CALLED
from chainrule.gradcheck.program.source import Source

NAME = "__chainrule__"
"""What the file that is checked is called as a module: it is not the main program."""


class UserModule(ModuleType):
    """A module whose attributes are the names of its namespace.

    Args:
        name: of the module.
        opener: its ``open``, which it shares with those that it imports; one of its own where none is given.

    >>> module = UserModule("net")
    >>> module.W = 3.0
    >>> vars(module)["W"]
    3.0
    """

    def __init__(self, name: str, opener: FileOpener | None = None) -> None:
        super().__init__(name)
        object.__setattr__(self, "_opener", opener or FileOpener())
        object.__setattr__(self, "_names", Namespace(TopLevel([]), {"__name__": name}))

    @property
    def __dict__(self) -> Namespace:  # type: ignore[override]
        names: Namespace = object.__getattribute__(self, "_names")
        return names

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__[name]
        except (KeyError, NameError) as error:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from error

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):
            super().__setattr__(name, value)
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        del self.__dict__[name]

    def load(self, content: Source, **given: Any) -> Namespace:
        """Run what the parts of a file define.

        Raises:
            SyntaxError: a part is no Python.
        """
        for part in content.parts:
            linecache.cache[part.name] = len(part.text), None, lines_of(part), part.name
        opener: FileOpener = object.__getattribute__(self, "_opener")
        names = Namespace(top_level(content), {**CALLED, "open": opener, **self.__dict__, **given})
        object.__setattr__(self, "_names", names)
        names.run()
        return names


def load(path: Path, content: Source, root: Path, given: Mapping[str, Any]) -> Namespace:
    """Make a module of the file that is checked.

    Args:
        path: the file.
        content: its parts.
        root: the folder whose modules are the user's own.
        given: names that are there from the start.

    Raises:
        SyntaxError: a part is no Python.
    """
    opener = FileOpener()
    sys.meta_path.insert(0, _Beside(root, opener))
    sys.meta_path.append(SourceRoots(root))
    module = UserModule(NAME, opener)
    module.__file__ = str(path)
    module.__package__ = _package(path)
    sys.modules[NAME] = sys.modules["__main__"] = module
    # What imports the file by its name is given the same module.
    sys.modules.setdefault(".".join(filter(None, (module.__package__, path.stem))), module)
    names = module.load(content, **given)
    names.run_beside = functools.partial(_run_beside, path, opener)
    return names


def _run_beside(path: Path, opener: FileOpener, name: str) -> None:
    """Run a file beside the one that is checked, as a script is run.

    Raises:
        CheckError: it cannot be read.
        SyntaxError: it is no Python.
    """
    other = path.parent / name
    module = UserModule("__beside__", opener)
    module.__file__ = str(other)
    module.__package__ = _package(other)
    module.load(runnable(other)).run_rest()


def imported(content: Source, names: Namespace, root: Path) -> list[Imported]:
    """What a file that is loaded imports of other files of its author; each of these is loaded.

    Args:
        content: of the file.
        names: of its module.
        root: the folder whose modules are the user's own.
    """
    files: dict[Path, set[str]] = {}
    statements = [statement.node for statement in top_level(content).statements]
    for node in statements:
        if not isinstance(node, ast.ImportFrom) or not _is_own(root, node):
            continue
        for alias in (alias for alias in node.names if alias.asname in (None, alias.name)):
            for path in _files_of(node, alias.name, names):
                files.setdefault(path, set()).add(alias.name)
    own = [Imported(runnable(path), frozenset(same)) for path, same in files.items()]
    return [*own, *_called(statements, names, root)]


def _called(statements: Sequence[ast.stmt], names: Namespace, root: Path) -> Iterator[Imported]:
    """What the file calls of modules that it imports as a whole; its own module knows that by its name from now on."""
    for module, functions in functions_called(statements, names, functools.partial(_is_own, root)).items():
        if isinstance(module, UserModule) and module.__name__ != NAME:
            names.update({name: getattr(module, name) for name in functions})
            yield Imported(runnable(Path(str(module.__file__))), functions, module.__name__)


def _files_of(node: ast.ImportFrom, name: str, names: Namespace) -> Iterator[Path]:
    """The file that a name is imported from; where that is a package which hands it on, the one that defines it too."""
    value = None
    with contextlib.suppress(KeyError, NameError):
        value = names[name]
    package = str(names.get("__package__") or "") or None
    with contextlib.suppress(ImportError):
        named = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        for module in map(sys.modules.get, dict.fromkeys([named, getattr(value, "__module__", named)])):
            if isinstance(module, UserModule) and module.__name__ != NAME:
                yield Path(str(module.__file__))


def _is_own(root: Path, node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import is one of modules below a folder."""
    if isinstance(node, ast.Import):
        return any(_lies_in(root, alias.name) for alias in node.names)
    return bool(node.level) or _lies_in(root, node.module or "")


def _lies_in(root: Path, module: str) -> bool:
    spec = None
    with contextlib.suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(module.partition(".")[0])
    places = [*(spec.submodule_search_locations or ()), spec.origin or ""] if spec is not None else []
    return any(place and Path(place).is_relative_to(root) for place in places)


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


def folders_of_modules(path: Path) -> list[Path]:
    """Where a file finds what it imports: those of a package may be imported by its name, or as if its folder were
    where they are started. A module that is called like its package would hide that."""
    folders = [path.parent, folder_of_package(path)]
    return folders[::-1] if (path.parent / f"{path.parent.name}.py").is_file() else folders


def _package(path: Path) -> str:
    """The package that a file is a part of; empty where it is none's."""
    return ".".join(path.parent.relative_to(folder_of_package(path)).parts)


class _Beside(importlib.abc.MetaPathFinder):
    """Finds the modules below a folder before anyone else does."""

    def __init__(self, root: Path, opener: FileOpener) -> None:
        self._root, self._opener = root, opener

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not spec.origin or not Path(spec.origin).is_relative_to(self._root):
            return None
        if spec.origin == str(getattr(sys.modules.get(NAME), "__file__", "")):
            # Whatever it is called by, there is one of it.
            spec.loader = _Loaded()
        elif isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(Path(spec.origin), self._opener)
        return spec


class _Loaded(importlib.abc.Loader):
    """Gives the module of the file that is checked."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return sys.modules[NAME]

    def exec_module(self, module: ModuleType) -> None:
        """It has been run."""


class _Loader(importlib.abc.Loader):
    """Makes a :class:`UserModule` of a file."""

    def __init__(self, path: Path, opener: FileOpener) -> None:
        self._path, self._opener = path, opener

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return UserModule(spec.name, self._opener)

    def exec_module(self, module: ModuleType) -> None:
        assert isinstance(module, UserModule)
        module.load(runnable(self._path))
