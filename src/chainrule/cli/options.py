"""Options that several commands take, with one meaning each."""

from __future__ import annotations

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
Seeds = Annotated[
    int, typer.Option("--seeds", min=1, help="Runs of each setting; intervals need 3.", metavar="N")
]
Replicates = Annotated[
    int,
    typer.Option(
        "--search-seeds", min=1, help="Runs of each search as a whole; intervals need 3.", metavar="N"
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, help="Worker processes; as many as cores by default.", metavar="N"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no notes.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with code 1 when a number differs.")]
