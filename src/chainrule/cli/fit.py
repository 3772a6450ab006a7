"""``chainrule fit``: nets of one table, kept in a file that predicts."""

from __future__ import annotations

import dataclasses
import json
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.cli import options
from chainrule.cli.notices import as_notes
from chainrule.cli.progress import once_begun
from chainrule.data import values
from chainrule.data.encoding import encoding_of
from chainrule.data.frames import Frame, column_of, read_frame
from chainrule.data.labels import coded, drawn, labels, measurements, told
from chainrule.errors import DataError, SettingsError, suggestion
from chainrule.estimators import MLPClassifier, MLPRegressor
from chainrule.estimators.scores import scores
from chainrule.nets.file import save
from chainrule.nets.net import CompleteNet
from chainrule.settings.toml import overridden
from chainrule.text import excerpt, json_values, one_line

_MOST_CLASSES = 20
"""Different whole numbers that are taken for classes where nobody says what they are."""

_USUAL = {"members": 8}

LEARNS = ("classes", "numbers")

TableFile = Annotated[
    Path, typer.Argument(metavar="TABLE", help="A table: .csv, .tsv, .parquet, .feather or .npz.")
]


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share < 1:
        raise typer.BadParameter(f"{text!r} is no share of the rows from 0 to below 1")
    return share


def fit(
    table: TableFile,
    target: Annotated[str, typer.Option("--target", metavar="COLUMN", help="The column to learn.")],
    learn: Annotated[
        str | None,
        typer.Option(
            "--learn",
            metavar="WHAT",
            help="classes or numbers; by default texts, truths and few whole numbers are classes.",
        ),
    ] = None,
    drop: Annotated[
        str | None, typer.Option("--drop", metavar="A,B,...", help="Columns to leave out.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option("--weights", metavar="COLUMN", help="A column with what rows weigh.")
    ] = None,
    test: Annotated[
        float,
        typer.Option("--test", parser=_share, metavar="SHARE", help="Of the rows, kept aside to test on."),
    ] = 0.2,
    override: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A parameter of MLPClassifier or MLPRegressor, such as hidden=[50,50]; may be repeated.",
        ),
    ] = None,
    seed: options.Seed = 0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the net goes; else TABLE.net here.")
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Train nets on a table, say how well they do on rows kept aside, and keep them in a file."""
    frame = read_frame(table)
    right = column_of(frame, target, "--target")
    classes = _are_classes(right, learn, target)
    truth = (labels if classes else measurements)(right, f"column {target!r}")
    weighing = None
    if weights is not None:
        weighing = values.weights(column_of(frame, weights, "--weights"), len(frame), f"column {weights!r}")
    leave = options.listed("--drop", drop)
    for name in leave:
        column_of(frame, name, "--drop")
    inputs = _inputs(frame, {target, *leave, *filter(None, [weights])})
    aside = _aside(truth, classes, test, seed, target)
    rows = np.delete(np.arange(len(frame)), aside)
    estimator = _estimator(classes, override or [], seed)
    start = time.perf_counter()
    with as_notes(quiet), once_begun(one_line(f"fit {table.name}"), quiet) as update:
        estimator.set_params(callbacks=[lambda population: update(population.epochs, estimator.epochs)])
        estimator.fit(inputs.take(rows), truth[rows], None if weighing is None else weighing[rows])
        update(estimator.epochs, estimator.epochs)
        seconds = time.perf_counter() - start
        net = _complete(estimator.net_, table, target)
        # Before it is measured, which may fail: nothing that was trained is lost.
        path = out.expanduser() if out else Path(f"{table.stem}.net")
        save(net, path)
        measured = scores(net, inputs.take(aside), truth[aside]) if len(aside) else {}
    if as_json:
        of_splits = {"rows": net.trained["rows"]["train"], "val_rows": net.trained["rows"].get("val", 0)}
        said = {"net": str(path), **of_splits, "test_rows": len(aside), "epochs": net.trained["epochs"]}
        said |= {"scores": measured}
        typer.echo(json.dumps(json_values(said | {"seconds": seconds, "target": target})))
        return
    for line in _lines(table, net, truth, aside, measured, seconds):
        typer.echo(one_line(line))
    typer.echo(f"net: {path}")


def _are_classes(right: Array, learn: str | None, target: str) -> bool:
    if learn is not None:
        if learn not in LEARNS:
            raise SettingsError(f"--learn {excerpt(repr(learn))}: is unknown; {suggestion(learn, LEARNS)}")
        return learn == "classes"
    kind = told(right, f"column {target!r}").dtype.kind
    return kind not in "iuf" or (kind != "f" and len(np.unique(right)) <= _MOST_CLASSES)


def _inputs(frame: Frame, others: set[str]) -> Frame:
    inputs = frame.without(*others)
    if not inputs.columns:
        raise DataError("there is no column left to learn from; drop fewer")
    # What is refused is named by its row in the file, so before any are kept aside.
    with warnings.catch_warnings(action="ignore"):
        encoding = encoding_of(inputs)
        values.table(inputs if encoding is None else encoding.rows(inputs))
    return inputs


def _aside(truth: Array, classes: bool, share: float, seed: int, target: str) -> NDArray[np.intp]:
    """The rows that are not trained on."""
    codes = coded(truth, f"column {target!r}")[1] if classes else np.zeros(len(truth), np.int64)
    rows = drawn(codes, share, classes, seed, "test")
    if len(truth) - len(rows) < 2:
        raise DataError(f"--test {share:g}: leaves {len(truth) - len(rows)} rows to train on; give more rows")
    return rows


def _estimator(classes: bool, override: Sequence[str], seed: int) -> Any:
    kind = MLPClassifier if classes else MLPRegressor
    given, problems = overridden(_USUAL, override, owners=lambda key: [])
    known = [name for name in kind().get_params() if name != "random_state"]
    problems += [
        f"--set {key}: is no parameter of {kind.__name__}; {suggestion(key, known)}"
        for key in given
        if key not in known
    ]
    if problems:
        raise SettingsError(*problems)
    return kind(**given, random_state=seed)


def _complete(net: CompleteNet, table: Path, target: str) -> CompleteNet:
    return dataclasses.replace(net, trained={**net.trained, "target": target, "table": table.name})


def _lines(
    table: Path,
    net: CompleteNet,
    truth: Array,
    aside: NDArray[np.intp],
    measured: dict[str, float],
    seconds: float,
) -> list[str]:
    """What was done, in words."""
    target = net.trained["target"]
    if net.classes is None:
        learned = f"learns {target!r}, a number"
    else:
        named = ", ".join(map(str, net.classes.tolist()[:5])) + (", ..." if len(net.classes) > 5 else "")
        learned = f"learns {target!r}, {len(net.classes)} classes: {named}"
    settings = net.trained["settings"]
    hidden = " and ".join(map(str, settings.get("hidden", ()))) or "no"
    nets = "1 net" if net.members == 1 else f"{net.members} nets"
    lines = [
        f"{table}: {len(truth)} rows; {learned}",
        f"{nets} of {hidden} hidden units, {_course(net)}: {seconds:.1f} s",
    ]
    if measured:
        listed = ", ".join(f"{name} {value:.4g}" for name, value in measured.items())
        lines.append(f"on {len(aside)} rows kept aside: {listed}; {_guessing(net, truth[aside])}")
    return lines


def _course(net: CompleteNet) -> str:
    """On which rows they were trained, and how long."""
    rows, epochs, asked = net.trained["rows"], net.trained["epochs"], net.trained["settings"]["epochs"]
    first, last = min(net.trained["kept_epochs"]), max(net.trained["kept_epochs"])
    words = [f"{rows['train']} rows" + (f" and {rows['val']} to validate on" if "val" in rows else "")]
    words.append(f"{epochs} epochs" if epochs == asked else f"{epochs} of {asked} epochs")
    if first < epochs:
        words.append(f"best after {first}" + (f" to {last}" if first < last else ""))
    return ", ".join(words)


def _guessing(net: CompleteNet, truth: Array) -> str:
    """What who looks at no column comes to."""
    if net.classes is None:
        return f"always the mean: r2 0, neg_root_mean_squared_error {-truth.std():.4g}"
    found, counts = np.unique(truth, return_counts=True)
    return f"always {str(found[counts.argmax()])!r}: accuracy {counts.max() / len(truth):.4g}"
