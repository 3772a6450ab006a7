"""``chainrule report``: the page of a run, or of several side by side, and its figures and tables as files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli import options
from chainrule.cli.options import choices
from chainrule.cli.progress import once_begun
from chainrule.errors import SettingsError
from chainrule.files import safe_name, write_text
from chainrule.report.compare import Comparison, compare
from chainrule.report.figures import (
    FIGURE_FORMATS,
    TABLE_FORMATS,
    WIDTHS,
    write_comparison,
    write_figures,
    write_tables,
)
from chainrule.report.folder import RunFolder
from chainrule.report.run import PAGE, open_run

NARROWEST = 10
"""Millimetres of the narrowest figure."""

FigureFormats = Annotated[
    str | None,
    typer.Option(
        "--figures", metavar="FORMATS", help=f"Also each figure as a file: {','.join(FIGURE_FORMATS)}."
    ),
]

FigureWidth = Annotated[
    str | None,
    typer.Option(
        "--width",
        metavar="WIDTH",
        help=f"Of figures as files: {', '.join(f'{name} ({mm:.0f} mm)' for name, mm in WIDTHS.items())} or 120mm.",
    ),
]
TableFormats = Annotated[
    str | None,
    typer.Option("--tables", metavar="FORMATS", help=f"Also tables as files: {','.join(TABLE_FORMATS)}."),
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
    figures: FigureFormats = None,
    tables: TableFormats = None,
    width: FigureWidth = None,
    quiet: options.Quiet = False,
) -> None:
    """Make one self-contained page of what a run left behind; several runs are compared."""
    if out is not None and out.suffix == ".html":
        hint = out.with_suffix("")
        raise SettingsError(
            f"--out {out}: names a folder, which takes {PAGE}; write for example --out {hint}"
        )
    pictures = choices("--figures", figures, FIGURE_FORMATS)
    forms = choices("--tables", tables, TABLE_FORMATS)
    wide = millimetres(width, pictures)
    runs = [open_run(folder) for folder in folders]
    if recipe:
        runs = [run.only(recipe) for run in runs]
    if len(runs) == 1:
        with once_begun("report", quiet) as update:
            write_run(
                runs[0],
                out or runs[0].folder,
                pictures,
                forms,
                lambda share: update(round(1000 * share), 1000),
                width=wide,
            )
    else:
        _several(compare(runs), out, pictures, forms, wide)


def millimetres(width: str | None, pictures: Sequence[str]) -> float | None:
    """The width of figures that was asked for, and in which forms they were.

    Raises:
        SettingsError: it is none, or no figure is to be a file.

    >>> millimetres("column", ["svg"]), millimetres("120mm", ["pdf"]), millimetres(None, [])
    (88.0, 120.0, None)
    """
    if width is None:
        return None
    number = width.removesuffix("mm").strip()
    wide = WIDTHS.get(width) or (float(number) if re.fullmatch(r"\d{2,3}(\.\d+)?", number) else 0.0)
    if wide < NARROWEST:
        raise SettingsError(
            f"--width {width}: is no width; write {', '.join(WIDTHS)}, or millimetres from {NARROWEST} as in 120mm"
        )
    if not pictures:
        raise SettingsError(f"--width {width}: is of figures as files; ask for some, as with --figures pdf")
    return wide


def _several(
    comparison: Comparison,
    out: Path | None,
    pictures: Sequence[str],
    forms: Sequence[str],
    width: float | None,
) -> None:
    """The page, figures and tables of a comparison."""
    from chainrule.report.page import comparison_page

    folder = out or Path("runs") / safe_name(f"compare-{'-'.join(run.name for run in comparison.runs)}")
    write_text(folder / PAGE, comparison_page(comparison))
    typer.echo(f"page: {folder / PAGE}")
    if pictures:
        _said(
            "figures",
            [*write_figures(comparison.as_run(folder), folder / "figures", pictures, width=width).values()],
            folder,
        )
    if forms:
        _said("tables", [write_comparison(comparison, folder / "tables", forms)], folder)


def write_run(
    run: RunFolder,
    out: Path,
    pictures: Sequence[str],
    forms: Sequence[str] = (),
    share: Callable[[float], None] = lambda drawn: None,
    width: float | None = None,
) -> None:
    """Write a run's page, and its figures and tables as files where forms of them are named; ``share`` is called with
    how much of the page is drawn."""
    from chainrule.report.page import run_page
    from chainrule.report.rendering import write_pictures

    write_pictures(run.files, out)
    write_text(out / PAGE, run_page(run, share))
    typer.echo(f"page: {out / PAGE}")
    if pictures:
        _said("figures", [*write_figures(run, out / "figures", pictures, width=width).values()], out)
    if forms:
        _said("tables", [write_tables(run, out / "tables", forms)], out)


def _said(what: str, written: Sequence[Sequence[Path]], out: Path) -> None:
    count = sum(map(len, written))
    typer.echo(f"{what}: {count} file{'s' * (count != 1)} in {out / what}")
