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

from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.packages import package_of
from chainrule.gradcheck.loading.renamed import folder_of_renamed, guarded_below, imported_below
from chainrule.gradcheck.loading.runnable import runnable
from chainrule.gradcheck.loading.source_roots import SourceRoots, spec_of
from chainrule.gradcheck.loading.statements import TopLevel, lines_of, top_level
from chainrule.gradcheck.loading.whole_modules import functions_called
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
    sys.meta_path.insert(0, _Beside(root, path.parent, opener))
    sys.meta_path.append(SourceRoots(root))
    module = UserModule(NAME, opener)
    module.__file__ = str(path)
    module.__package__ = package_of(path)
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
    module.__package__ = package_of(other)
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
    """Whether a module, or a package that it lies in, is below a folder: of ``course.tools`` that may be ``course``,
    and the folder itself."""
    name, beside = "", _beside()
    within: list[str] | None = None
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        spec = beside.package_spec(name) if beside is not None and within is None else None
        spec = spec or PathFinder.find_spec(name, within) or spec_of(name, within)
        places = [*(spec.submodule_search_locations or ()), spec.origin or ""] if spec is not None else []
        if any(place and Path(place).is_relative_to(root) for place in places):
            return True
        if spec is None or not spec.submodule_search_locations:
            return False
        within = [*spec.submodule_search_locations]
    return False


def missing(names: Namespace) -> ModuleNotFoundError | None:
    """The first module that is known not to be there, to the file that is checked or to those that it imports."""
    others = [vars(module) for module in [*sys.modules.values()] if isinstance(module, UserModule)]
    found = (each.missing() for each in (names, *others) if isinstance(each, Namespace))
    return next((error for error in found if error is not None), None)


def told() -> list[str]:
    """The folders that were taken for packages which are nowhere, in words."""
    renamed = beside.renamed if (beside := _beside()) is not None else {}
    return [f"{name} is not there: the folder {folder} was taken for it" for name, folder in renamed.items()]


def _beside() -> _Beside | None:
    return next((finder for finder in sys.meta_path if isinstance(finder, _Beside)), None)


class _Beside(importlib.abc.MetaPathFinder):
    """Finds the modules below a folder before anyone else does."""

    def __init__(self, root: Path, start: Path, opener: FileOpener) -> None:
        self._root, self._opener = root, opener
        self._folders = [folder for folder in (start, *start.parents) if folder.is_relative_to(root)]
        self._packages: dict[str, Path | None] = {}
        self.renamed: dict[str, str] = {}
        """The folders that packages were taken for which are nowhere."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None and (package := self.package_spec(name)) is not None:
            return package
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or not spec.origin or not Path(spec.origin).is_relative_to(self._root):
            return None
        if spec.origin == str(getattr(sys.modules.get(NAME), "__file__", "")):
            # Whatever it is called by, there is one of it.
            spec.loader = _Loaded()
        elif isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(Path(spec.origin), self._opener)
        return spec

    def package_spec(self, name: str) -> ModuleSpec | None:
        """That of a package which Python does not find: it is nowhere by its name, or a module that lies in it and is
        called like it hides it. None of any other module."""
        if name not in self._packages and name not in sys.stdlib_module_names:
            self._packages[name] = self._folder_of_package(name)
        folder = self._packages.get(name)
        if folder is None:
            return None
        if folder.name != name:
            self.renamed[name] = folder.name
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        return spec

    def _folder_of_package(self, name: str) -> Path | None:
        own = [f for f in self._folders if f.name == name and (f / f"{name}.py").is_file()]
        hidden = [folder for folder in own if not (folder / "__init__.py").is_file()]
        if not hidden and PathFinder.find_spec(name) is not None:
            return None
        guarded = guarded_below(self._root, name)
        folders = hidden or [folder for folder in self._folders if folder.name == name or not guarded]
        return folder_of_renamed(name, imported_below(self._root, name), folders)


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
