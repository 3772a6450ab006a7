"""``chainrule evaluate``: how well a net does on a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from chainrule.cli import options
from chainrule.cli.given import TableFile, to_predict
from chainrule.cli.notices import as_notes
from chainrule.cli.predict import NetFile
from chainrule.data.frames import Frame, column_of
from chainrule.data.pictures import Pictures
from chainrule.errors import SettingsError
from chainrule.nets.file import load
from chainrule.nets.net import CompleteNet
from chainrule.nets.scores import scores
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
    """How well a net does on a table or images, by any of scikit-learn's scorers; larger is better for all."""
    loaded, wanted = load(net), options.listed("--metrics", metrics) or None
    with as_notes(quiet):
        given = to_predict(table, loaded, labelled=True)
        rows, truth, name = _right(given, loaded, net, target)
        measured = scores(loaded, rows, truth, wanted, name)
    positive = loaded.classes[1] if loaded.classes is not None and len(loaded.classes) == 2 else None
    if as_json:
        said = {"rows": len(truth), "positive": positive, "scores": measured}
        typer.echo(json.dumps(json_values(said)))
        return
    about = "" if positive is None else f"; the positive class is {str(positive)!r}"
    typer.echo(one_line(f"{table}: {len(truth)} {'images' if loaded.image else 'rows'}{about}"))
    wide = max(map(len, measured))
    for name, value in measured.items():
        typer.echo(f"{name:{wide}}  {value:.4f}")


def _right(
    given: Frame | Pictures, loaded: CompleteNet, net: Path, target: str | None
) -> tuple[Any, Any, str]:
    """Rows, what is right, and what messages call it."""
    if isinstance(given, Pictures):
        if target is not None:
            raise SettingsError("--target: is of tables; leave it out, the folders of images are the classes")
        return given.images, given.labels, "folders"
    column = target or loaded.trained.get("target")
    if column is None:
        raise SettingsError(f"--target: {net} does not say which column it learned; name it")
    return given, column_of(given, str(column), "--target"), f"column {column!r}"
