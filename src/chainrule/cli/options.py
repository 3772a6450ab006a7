"""Options that several commands take, with one meaning each."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import Annotated

import typer

from chainrule.errors import SettingsError, suggestion
from chainrule.text import encodable

DatasetName = Annotated[str, typer.Option("--dataset", help="Data set: cifar10 or digits.", metavar="NAME")]
OwnDatasetName = Annotated[
    str | None, typer.Option("--dataset", help="Data set; the file's own by default.", metavar="NAME")
]
Override = Annotated[
    list[str] | None,
    typer.Option("--set", help="Replace a setting; may be repeated.", metavar="KEY=VALUE"),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", help="Where data lies; else CHAINRULE_DATA, else your cache folder.", metavar="DIR"
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="Folder of results; the same folder again goes on in it.", metavar="DIR"),
]


def _whole(most: int, least: int = 1) -> Callable[[str | int], int]:
    """A parser of whole numbers from ``least`` to ``most``."""

    def parse(value: str | int) -> int:
        text = str(value)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not least <= number <= most:
            raise typer.BadParameter(f"{text!r} is no whole number from {least} to {most}")
        return number

    return parse


Seeds = Annotated[
    int,
    typer.Option(
        "--seeds", parser=_whole(10_000), help="Runs of each setting; intervals need 3.", metavar="N"
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed", parser=_whole(1_000_000, 0), help="Keys all that is drawn, and the inits.", metavar="N"
    ),
]
Replicates = Annotated[
    int,
    typer.Option(
        "--search-seeds",
        parser=_whole(1000),
        help="Runs of each search as a whole; intervals need 3.",
        metavar="N",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", parser=_whole(1000), help="Cores to use; all by default.", metavar="N"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no notes.")]
StrictFlag = Annotated[bool, typer.Option("--strict", help="Exit with code 1 when a number differs.")]


def command_line() -> str:
    """The command that is running, as it can be typed again; bytes that are no UTF-8 are escaped."""
    return encodable(shlex.join(["chainrule", *sys.argv[1:]]))


def given(context: typer.Context) -> set[str]:
    """The options that were written on the command line, by their names."""
    source = context.get_parameter_source
    return {
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name and (told := source(parameter.name)) and told.name == "COMMANDLINE"
    }


def clashing_forms(given: Set[str]) -> list[str]:
    """What is wrong where options ask for more than one printed form: a line, or none."""
    forms = sorted(given & {"--json", "--csv", "--latex"})
    return [f"{' and '.join(forms)}: only one form can be printed; leave one out"] if len(forms) > 1 else []


def listed(option: str, text: str | None) -> list[str]:
    """The parts of a list such as ``a,b``, each once; none where it is not given.

    Raises:
        SettingsError: it is empty.
    """
    parts = _parts(text or "")
    if text is not None and not parts:
        raise SettingsError(
            f"{option} {text!r}: names nothing; write for example {option} a,b, or leave it out"
        )
    return parts


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def choices(option: str, text: str | None, known: Sequence[str]) -> list[str]:
    """The parts of a list such as ``svg,png``, each once.

    Raises:
        SettingsError: it is empty, or a part is unknown.
    """
    if text is None:
        return []
    parts = _parts(text.lower())
    if not parts:
        raise SettingsError(
            f"{option} {text!r}: chooses nothing; write for example {option} {','.join(known)}"
        )
    unknown = [part for part in parts if part not in known]
    if unknown:
        raise SettingsError(*(f"{option} {part}: is unknown; {suggestion(part, known)}" for part in unknown))
    return parts
