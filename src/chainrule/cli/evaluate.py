"""``chainrule evaluate``: how well a net does on a table."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from chainrule.cli import options
from chainrule.cli.fit import TableFile
from chainrule.cli.notices import as_notes
from chainrule.cli.predict import NetFile
from chainrule.data.frames import column_of, read_frame
from chainrule.errors import SettingsError
from chainrule.estimators.scores import scores
from chainrule.nets.file import load
from chainrule.text import json_values, one_line


def evaluate(
    net: NetFile,
    table: TableFile,
    metrics: Annotated[
        str | None,
        typer.Option("--metrics", metavar="A,B,...", help="Names of scikit-learn's scorers: f1,roc_auc."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="COLUMN", help="What is right; else the column that was learned."),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """How well a net does on a table, by any of scikit-learn's scorers; larger is better for all of them."""
    loaded, frame = load(net), read_frame(table)
    column = target or loaded.trained.get("target")
    if column is None:
        raise SettingsError(f"--target: {net} does not say which column it learned; name it")
    wanted = options.listed("--metrics", metrics) or None
    truth = column_of(frame, str(column), "--target")
    with as_notes(quiet):
        measured = scores(loaded, frame, truth, wanted, f"column {column!r}")
    positive = loaded.classes[1] if loaded.classes is not None and len(loaded.classes) == 2 else None
    if as_json:
        said = {"rows": len(frame), "positive": positive, "scores": measured}
        typer.echo(json.dumps(json_values(said)))
        return
    about = "" if positive is None else f"; the positive class is {str(positive)!r}"
    typer.echo(one_line(f"{table}: {len(frame)} rows{about}"))
    wide = max(map(len, measured))
    for name, value in measured.items():
        typer.echo(f"{name:{wide}}  {value:.4f}")
