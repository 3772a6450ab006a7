"""Options that several commands take, with one meaning each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Dataset = Annotated[str, typer.Option("--dataset", help="Data set: cifar10 or digits.", metavar="NAME")]
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


def _whole(most: int) -> Callable[[str | int], int]:
    """A parser of whole numbers from 1 to ``most``."""

    def parse(value: str | int) -> int:
        text = str(value)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        if not 1 <= number <= most:
            raise typer.BadParameter(f"{text!r} is no whole number from 1 to {most}")
        return number

    return parse


Seeds = Annotated[
    int,
    typer.Option(
        "--seeds", parser=_whole(10_000), help="Runs of each setting; intervals need 3.", metavar="N"
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
    typer.Option(
        "--jobs", parser=_whole(1000), help="Worker processes; as many as cores by default.", metavar="N"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no notes.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with code 1 when a number differs.")]
