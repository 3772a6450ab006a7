"""``chainrule plot``: the curves of a history that another program wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli.options import choices
from chainrule.cli.report import FigureFormats, write_run
from chainrule.files import safe_name
from chainrule.records.runs import Results
from chainrule.report.figures import FIGURE_FORMATS
from chainrule.report.folder import RunFolder
from chainrule.report.history import read_histories


def plot(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Histories as .csv, .json or .npz; several are overlaid."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where files go; below runs by default.")
    ] = None,
    figures: FigureFormats = None,
) -> None:
    """Draw the curves of your own histories; columns are known by their usual names, and the guess is said."""
    pictures = choices("--figures", figures, FIGURE_FORMATS)
    curves, notes = read_histories(files)
    folder = out or Path("runs") / safe_name(f"plot-{'-'.join(file.stem for file in files)}")
    for note in notes:
        typer.echo(note)
    empty = Results(rows=[], claims=[], input_means=[], environment={})
    command = ("chainrule", "plot", *map(str, files))
    write_run(
        RunFolder(folder, None, empty, (curves,), notes=tuple(notes), command=command), folder, pictures
    )
