"""``chainrule plot``: figures of a net that another program trained: its history, its weights, its gradients."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli.options import choices
from chainrule.cli.report import FigureFormats, write_run
from chainrule.errors import SettingsError
from chainrule.files import safe_name
from chainrule.records.figures import Figure
from chainrule.records.runs import Results
from chainrule.report.array_files import read_arrays
from chainrule.report.figures import FIGURE_FORMATS
from chainrule.report.folder import RunFolder
from chainrule.report.history import read_histories
from chainrule.report.own_arrays import gradients_figure, weights_figure

PageFolder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Where files go; below runs by default.")
]
ArrayFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Arrays as .npz, .npy, .mat, .json, .csv or .txt.")
]

app = typer.Typer(
    add_completion=False,
    help="Figures of your own net: its history, its weights, its gradients; every guess is said.",
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
) -> None:
    """Curves of histories; columns are known by their usual names."""
    pictures = choices("--figures", figures, FIGURE_FORMATS)
    curves, notes = read_histories(files, _pairs(columns))
    _write("history", files, curves, notes, out, pictures, ("--columns", columns))


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
) -> None:
    """The rows (or columns) of a first layer's W as pictures."""
    pictures = choices("--figures", figures, FIGURE_FORMATS)
    names = [name.strip() for name in classes.split(",")] if classes else []
    drawn, notes = weights_figure(read_arrays(file), array, _shape(shape), names, columns_first)
    options = ("--array", array, "--shape", shape, "--classes", classes)
    _write("weights", [file], drawn, notes, out, pictures, options)


@app.command("gradients")
def gradients(
    file: ArrayFile,
    array: Annotated[
        list[str] | None,
        typer.Option("--array", metavar="NAME", help="Only this one; may be repeated."),
    ] = None,
    out: PageFolder = None,
    figures: FigureFormats = None,
) -> None:
    """Histograms of the entries of arrays, all on the same bins."""
    pictures = choices("--figures", figures, FIGURE_FORMATS)
    drawn, notes = gradients_figure(read_arrays(file), array or [])
    options = tuple(word for name in array or [] for word in ("--array", name))
    _write("gradients", [file], drawn, notes, out, pictures, options)


def _pairs(text: str | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",")] if text else []
    for name, _, column in pairs:
        if not name.strip() or not column.strip():
            raise SettingsError(f"--columns {text}: is no name=column; write it as in loss=kostnad")
    return {name.strip(): column.strip() for name, _, column in pairs}


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
    pictures: Sequence[str],
    options: Sequence[str | None],
) -> None:
    """The page of one figure, and the figure as files; ``options`` are those that its command was given, in pairs."""
    for note in notes:
        typer.echo(note)
    folder = out or Path("runs") / safe_name(f"plot-{'-'.join(file.stem for file in files)}")
    empty = Results(rows=[], claims=[], input_means=[], environment={})
    given = [
        word
        for name, value in zip(options[::2], options[1::2], strict=True)
        if value
        for word in (name, value)
    ]
    command = ("chainrule", "plot", what, *map(str, files), *map(str, given))
    write_run(
        RunFolder(folder, None, empty, (figure,), notes=tuple(notes), command=command), folder, pictures
    )
