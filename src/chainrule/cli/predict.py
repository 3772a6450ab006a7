"""``chainrule predict``: what a net says of the rows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from chainrule.arrays import Array
from chainrule.cli import options
from chainrule.cli.given import TableFile, to_predict
from chainrule.cli.notices import as_notes
from chainrule.data.pictures import Pictures
from chainrule.files import write_text
from chainrule.nets.file import load
from chainrule.text import csv_table

NetFile = Annotated[Path, typer.Argument(metavar="NET", help="A net that `chainrule fit` or `save` wrote.")]


def predict(
    net: NetFile,
    table: TableFile,
    proba: Annotated[
        bool, typer.Option("--proba", help="Also the probability of every class, a column each.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A CSV file; standard output by default.")
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """What a net says of the rows of a table or of images, a line each, as CSV."""
    loaded = load(net)
    with as_notes(quiet):
        given = to_predict(table, loaded, labelled=False)
        rows: Any = given.images if isinstance(given, Pictures) else given
        columns: list[Array] = [loaded.predict(rows)]
        names = ["prediction"]
        if isinstance(given, Pictures):
            columns, names = [np.array(given.files), *columns], ["file", *names]
        if proba:
            columns += [*loaded.predict_proba(rows).T]
            names += [f"probability of {label}" for label in np.asarray(loaded.classes).tolist()]
    text = csv_table(names, list(zip(*(column.tolist() for column in columns), strict=True)))
    if out is None:
        typer.echo(text, nl=False)
    else:
        out = out.expanduser()
        write_text(out, text)
        typer.echo(f"predictions: {out}")
