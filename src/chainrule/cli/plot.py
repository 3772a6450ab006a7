"""``chainrule plot``: figures of a net that another program trained: its history, weights, gradients, search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from chainrule.cli.mistyped import ToldGroup
from chainrule.cli.options import choices
from chainrule.cli.report import FigureFormats, FigureWidth, TableFormats, millimetres, write_run
from chainrule.errors import SettingsError
from chainrule.files import safe_name
from chainrule.gradient_tables import between
from chainrule.records.figures import Figure
from chainrule.records.runs import Results
from chainrule.report.array_files import read_arrays
from chainrule.report.figures import FIGURE_FORMATS, TABLE_FORMATS
from chainrule.report.folder import RunFolder
from chainrule.report.history import read_histories
from chainrule.report.own_arrays import gradients_figure, weights_figure
from chainrule.report.own_searches import read_search
from chainrule.report.own_tables import OwnTable, ends_table, gradients_table, search_table
from chainrule.report.terminal import fits, rich_table, wide_console

PageFolder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Where files go; below runs by default.")
]
ArrayFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Arrays as .npz, .npy, .mat, .json, .csv or .txt.")
]

app = typer.Typer(
    cls=ToldGroup,
    add_completion=False,
    help="Figures of your own net: its history, its weights, its gradients, its search; every guess is said.",
    no_args_is_help=True,
)


@app.command("history")
def history(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Histories as .csv, .json, .npz or .mat; several are overlaid."
        ),
    ],
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAME=COLUMN,...",
            help="What columns hold, where their names do not tell: loss=kostnad,val_accuracy=träff.",
        ),
    ] = None,
    out: PageFolder = None,
    figures: FigureFormats = None,
    width: FigureWidth = None,
    tables: TableFormats = None,
) -> None:
    """Curves of histories; columns are known by their usual names."""
    asked = _asked(figures, width, tables)
    curves, notes = read_histories(files, _pairs(columns))
    _write("history", files, curves, notes, out, asked, [("--columns", columns)], [ends_table(curves)])


@app.command("weights")
def weights(
    file: ArrayFile,
    array: Annotated[
        str | None,
        typer.Option("--array", metavar="NAME", help="Which array is W; else the first that can be."),
    ] = None,
    shape: Annotated[
        str | None,
        typer.Option(
            "--shape",
            metavar="SHAPE",
            help="Of the images: 28x28; 3x32x32 with a plane a colour; 32x32x3 with colours side by side.",
        ),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option("--classes", metavar="A,B,...", help="Names of the rows; else their numbers."),
    ] = None,
    columns_first: Annotated[
        bool,
        typer.Option("--columns-first", help="Pixels run down each column first, as in MATLAB's image(:)."),
    ] = False,
    out: PageFolder = None,
    figures: FigureFormats = None,
    width: FigureWidth = None,
) -> None:
    """The rows (or columns) of a first layer's W as pictures."""
    asked = _asked(figures, width)
    names = [name.strip() for name in classes.split(",")] if classes else []
    drawn, notes = weights_figure(read_arrays(file), array, _shape(shape), names, columns_first)
    options = [
        ("--array", array),
        ("--shape", shape),
        ("--classes", classes),
        ("--columns-first", columns_first),
    ]
    _write("weights", [file], drawn, notes, out, asked, options)


@app.command("gradients")
def gradients(
    file: ArrayFile,
    array: Annotated[
        list[str] | None,
        typer.Option("--array", metavar="NAME", help="Only this one; may be repeated."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="NAME=NUMERIC",
            help="A numeric gradient in the file beside one: a table of their differences; may be repeated.",
        ),
    ] = None,
    out: PageFolder = None,
    figures: FigureFormats = None,
    width: FigureWidth = None,
    tables: TableFormats = None,
) -> None:
    """Histograms of the entries of arrays, all on the same bins, and how far numeric gradients lie from them."""
    asked = _asked(figures, width, tables)
    arrays = read_arrays(file)
    pairs = [_pair("--against", text, "dW=dW_num") for text in against or []]
    drawn, notes = gradients_figure(arrays, array or list(dict.fromkeys(name for name, _ in pairs)))
    told = [gradients_table(file.name, between(arrays, pairs))] if pairs else []
    options = [("--array", name) for name in array or []] + [("--against", text) for text in against or []]
    _write("gradients", [file], drawn, notes, out, asked, options, told)


@app.command("search")
def search(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A line a net, its settings and its score, as .csv, .json, .npz or .mat."
        ),
    ],
    score: Annotated[
        str | None,
        typer.Option(
            "--score",
            metavar="COLUMN",
            help="By which settings are chosen; else validation accuracy or loss.",
        ),
    ] = None,
    smaller: Annotated[
        bool,
        typer.Option("--smaller", help="Less of the score is better, as of losses and errors it is without."),
    ] = False,
    out: PageFolder = None,
    figures: FigureFormats = None,
    width: FigureWidth = None,
    tables: TableFormats = None,
) -> None:
    """The score of a search over each setting, the best ones marked; nets of the same settings are averaged."""
    asked = _asked(figures, width, tables)
    drawn, notes = read_search(file, score, smaller)
    options = [("--score", score), ("--smaller", smaller)]
    _write("search", [file], drawn, notes, out, asked, options, [search_table(drawn.searches[0])])


class _Asked(NamedTuple):
    """Which files are asked for, and how wide figures are in them."""

    pictures: list[str]
    width: float | None
    tables: list[str]


def _asked(figures: str | None, width: str | None, tables: str | None = None) -> _Asked:
    pictures = choices("--figures", figures, FIGURE_FORMATS)
    return _Asked(pictures, millimetres(width, pictures), choices("--tables", tables, TABLE_FORMATS))


def _pairs(text: str | None) -> dict[str, str]:
    return dict(_pair("--columns", pair, "loss=kostnad") for pair in (text.split(",") if text else []))


def _pair(option: str, text: str, example: str) -> tuple[str, str]:
    name, _, other = (part.strip() for part in text.partition("="))
    if not name or not other:
        raise SettingsError(f"{option} {text}: is no name=column; write it as in {example}")
    return name, other


def _shape(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    sides = text.lower().split("x")
    if len(sides) not in (2, 3) or not all(side.isdecimal() and 0 < int(side) <= 10_000 for side in sides):
        raise SettingsError(f"--shape {text}: is no shape of images; write it as in 28x28 or 3x32x32")
    shape = tuple(map(int, sides))
    if len(shape) == 3 and not {shape[0], shape[2]} & {1, 3}:
        raise SettingsError(
            f"--shape {text}: has neither one nor three colours; write it as in 3x32x32 or 32x32x3"
        )
    return shape


def _write(
    what: str,
    files: Sequence[Path],
    figure: Figure,
    notes: Sequence[str],
    out: Path | None,
    asked: _Asked,
    options: Sequence[tuple[str, str | bool | None]],
    tables: Sequence[OwnTable] = (),
) -> None:
    """The page of one figure, and the figure as files; ``options`` are those that its command was given."""
    for note in notes:
        typer.echo(note)
    for table in (made.table for made in tables):
        if fits(table):
            letters = "l" * table.text + "r" * (len(table.columns) - table.text)
            wide_console().print(rich_table(table, letters, gap=1))
        else:
            typer.echo("table: too wide for a terminal; it stands on the page, and in files with --tables")
    folder = out or Path("runs") / safe_name(f"plot-{'-'.join(file.stem for file in files)}")
    empty = Results(rows=[], claims=[], input_means=[], environment={})
    given = [
        word for name, value in options if value for word in ((name,) if value is True else (name, value))
    ]
    command = ("chainrule", "plot", what, *map(str, files), *map(str, given))
    run = RunFolder(folder, None, empty, (figure,), notes=tuple(notes), command=command, tables=tuple(tables))
    write_run(run, folder, asked.pictures, asked.tables, width=asked.width)
