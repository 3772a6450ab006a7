"""``chainrule info``: what this machine and this installation give."""

from __future__ import annotations

import contextlib
import json
import platform
import re
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import typer

from chainrule.cli import options
from chainrule.errors import CheckError
from chainrule.text import one_line
from chainrule.version import installed_version, version_of

_NOT_OF_USE = {"test", "dev", "docs"}
_REQUIRED_BY = re.compile(r"""^([\w.-]+).*;.*extra == ["']([\w.-]+)["']""")


class _Fact(NamedTuple):
    """One thing: whether it is there, where that is a question, and what there is to say."""

    name: str
    holds: bool | None
    words: str


def info(data_dir: options.DataDir = None, as_json: options.Json = False) -> None:
    """Say what holds on this machine: engine, kernels, confinement, extras, caches."""
    sections = {
        "machine": _machine(),
        "training": _training(),
        "confinement": _confinement(),
        "extras": _extras(),
        "caches": _caches(data_dir),
    }
    if as_json:
        shown = {title: [entry._asdict() for entry in entries] for title, entries in sections.items()}
        typer.echo(json.dumps(shown, indent=1))
        return
    width = max(len(entry.name) for entries in sections.values() for entry in entries)
    for number, (title, entries) in enumerate(sections.items()):
        typer.echo(("\n" if number else "") + title)
        for entry in entries:
            typer.echo(f"  {entry.name:{width}}  {_MARKS[entry.holds]}{one_line(entry.words)}")


_MARKS = {None: "", True: "yes: ", False: "no: "}


def _machine() -> list[_Fact]:
    from chainrule.machine.processor import processor
    from chainrule.machine.threads import available_cores

    return [
        _Fact("chainrule", None, installed_version()),
        _Fact("Python", None, f"{platform.python_version()} ({sys.executable})"),
        _Fact("system", None, platform.platform()),
        _Fact(
            "processor",
            None,
            f"{processor().name or 'an unnamed processor'}, {available_cores()} cores to run on",
        ),
    ]


def _training() -> list[_Fact]:
    # NumPy and SciPy are loaded, so that their libraries can be looked at.
    with contextlib.suppress(ImportError):
        import scipy.linalg  # noqa: F401

    from chainrule.machine import compiler, environment

    compiled = compiler.available()
    engine = "the training step is compiled by numba" if compiled else "NumPy trains, layer by layer"
    repair = "" if compiled else f"; pip install 'chainrule[fast]' compiles it, unless {compiler.SWITCH}=off"
    return [
        _Fact("engine", None, engine + repair),
        *(_Fact("kernels", None, library) for library in environment.blas()),
    ]


def _confinement() -> list[_Fact]:
    from chainrule.gradcheck.sandbox.confine import MEASURES
    from chainrule.gradcheck.sandbox.remote import probe

    try:
        missing = probe()
    except CheckError as error:
        return [_Fact(name, False, str(error)) for name in MEASURES]
    return [_Fact(name, name not in missing, missing.get(name, what)) for name, what in MEASURES.items()]


def _extras() -> list[_Fact]:
    needed: dict[str, list[str]] = {}
    for line in metadata.requires("chainrule") or []:
        match = _REQUIRED_BY.match(line)
        if match and match[1] != "chainrule" and match[2] not in _NOT_OF_USE:
            needed.setdefault(match[2], []).append(match[1])
    return [_extra(name, packages) for name, packages in sorted(needed.items())]


def _extra(name: str, packages: list[str]) -> _Fact:
    versions = {package: version_of(package) for package in packages}
    absent = [package for package, version in versions.items() if version is None]
    if absent:
        return _Fact(name, False, f"{', '.join(absent)} missing; pip install 'chainrule[{name}]'")
    return _Fact(name, True, ", ".join(f"{package} {version}" for package, version in versions.items()))


def _caches(data_dir: Path | None) -> list[_Fact]:
    from chainrule.data.datasets import data_directory
    from chainrule.machine import compiler

    data, compiled = data_directory(data_dir), compiler.cache_folder()
    return [
        _Fact("data", None, _held(data, data.rglob("*") if data.is_dir() else [])),
        _Fact(
            "compiled code", None, _held(compiled, compiled.glob("*.nb[ic]")) if compiled else compiler.UNKEPT
        ),
    ]


def _held(folder: Path, entries: Iterable[Path]) -> str:
    """A folder, and how much it holds."""
    files = [file for file in entries if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    return (
        f"{folder} ({size / 2**20:.0f} MB in {len(files)} files)"
        if files
        else f"{folder} (nothing there yet)"
    )
