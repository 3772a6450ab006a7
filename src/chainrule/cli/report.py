"""``chainrule report``: the page of a run, or of several side by side, and its figures and tables as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli.options import choices
from chainrule.cli.outputs import PAGE
from chainrule.files import write_text
from chainrule.report.figures import FIGURE_FORMATS, TABLE_FORMATS, write_figures, write_tables
from chainrule.report.run import Run, open_run

Figures = Annotated[
    str | None,
    typer.Option(
        "--figures", metavar="FORMATS", help=f"Also each figure as a file: {','.join(FIGURE_FORMATS)}."
    ),
]


def report(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Folders of results; several are compared.")
    ],
    recipe: Annotated[
        list[str] | None,
        typer.Option("--recipe", metavar="NAME", help="Only this one; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where files go; the folder of results by default."),
    ] = None,
    figures: Figures = None,
    tables: Annotated[
        str | None,
        typer.Option("--tables", metavar="FORMATS", help=f"Also tables as files: {','.join(TABLE_FORMATS)}."),
    ] = None,
) -> None:
    """Make one self-contained page of what a run left behind; several runs are compared."""
    pictures = choices("--figures", figures, FIGURE_FORMATS)
    forms = choices("--tables", tables, TABLE_FORMATS)
    runs = [open_run(folder) for folder in folders]
    if recipe:
        runs = [run.only(recipe) for run in runs]
    _one(runs[0], out or runs[0].folder, pictures, forms)


def _one(run: Run, out: Path, pictures: Sequence[str], forms: Sequence[str]) -> None:
    from chainrule.report.page import run_page

    write_text(out / PAGE, run_page(run))
    typer.echo(f"page: {out / PAGE}")
    if pictures:
        written = [path for paths in write_figures(run, out / "figures", pictures).values() for path in paths]
        typer.echo(f"figures: {len(written)} files in {out / 'figures'}")
    if forms:
        written = write_tables(run, out / "tables", forms)
        typer.echo(f"tables: {len(written)} files in {out / 'tables'}")
