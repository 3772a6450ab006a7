"""``chainrule fit``: nets of one table or folder of images, kept in a file that predicts."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.cli import options, pages
from chainrule.cli.fit_records import require_own, write_records
from chainrule.cli.fit_rows import to_test_on, to_validate_on
from chainrule.cli.given import ImageSize, RowsToLearn, TableFile, to_learn
from chainrule.cli.notices import as_notes
from chainrule.cli.progress import once_begun
from chainrule.errors import SettingsError, suggestion
from chainrule.estimators import MLPClassifier, MLPRegressor
from chainrule.files import require_writable
from chainrule.nets.file import save
from chainrule.nets.net import CompleteNet
from chainrule.nets.scores import scores
from chainrule.settings.toml import overridden
from chainrule.text import json_values, one_line

_USUAL = {"members": 8}


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
    target: Annotated[
        str | None, typer.Option("--target", metavar="COLUMN", help="The column of a table to learn.")
    ] = None,
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
    groups: Annotated[
        str | None,
        typer.Option(
            "--groups", metavar="COLUMN", help="A column that says which rows are kept aside together."
        ),
    ] = None,
    size: ImageSize = None,
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
    page: Annotated[
        Path | None,
        typer.Option(
            "--page", metavar="DIR", help="A folder that gets a page of how it went, and what it shows."
        ),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Train nets on a table or on images, say how well they do on rows kept aside, and keep them in a file."""
    path = out.expanduser() if out else Path(f"{table.resolve().stem}.net")
    if page is not None:
        require_own(page.expanduser(), path)
    with as_notes(quiet):
        given = to_learn(table, target, learn, options.listed("--drop", drop), weights, groups, size)
    estimator = _estimator(given.classes, override or [], seed)
    require_writable(path)
    start = time.perf_counter()
    with as_notes(quiet), once_begun(one_line(f"fit {table.name}"), quiet) as update:
        estimator.set_params(callbacks=[lambda population: update(population.epochs, estimator.epochs)])
        aside = to_test_on(given, test, seed)
        rows, validating = to_validate_on(
            given, np.delete(np.arange(len(given.truth)), aside), estimator, seed
        )
        eval_set = (given.take(validating), given.truth[validating]) if len(validating) else None
        weighing = None if given.weights is None else given.weights[rows]
        estimator.fit(given.take(rows), given.truth[rows], weighing, eval_set)
        update(estimator.epochs, estimator.epochs)
        seconds = time.perf_counter() - start
        net = _complete(estimator.net_, table, given)
        # Before it is measured, which may fail: nothing that was trained is lost.
        save(net, path)
        measured = scores(net, given.take(aside), given.truth[aside]) if len(aside) else {}
    lines = _lines(table, net, given, aside, measured, seconds)
    if as_json:
        of_splits = {"rows": net.trained["rows"]["train"], "val_rows": net.trained["rows"].get("val", 0)}
        said = {"net": str(path), **of_splits, "test_rows": len(aside), "epochs": net.trained["epochs"]}
        said |= {"scores": measured}
        typer.echo(json.dumps(json_values(said | {"seconds": seconds, "target": given.target})))
    else:
        for line in [*lines, f"net: {path}"]:
            typer.echo(one_line(line))
    # Last, as it may find no room: what is said before stays true.
    if page is not None:
        drawn = _page(page.expanduser(), table, net, estimator.history_, given, aside, lines, seed, quiet)
        if drawn is not None and not as_json:
            typer.echo(f"page: {drawn}")


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


def _complete(net: CompleteNet, table: Path, given: RowsToLearn) -> CompleteNet:
    trained = {**net.trained, "target": given.target, "table": table.name}
    return dataclasses.replace(net, trained=trained, image=given.image)


def _page(
    folder: Path,
    table: Path,
    net: CompleteNet,
    history: Mapping[str, NDArray[np.float64]],
    given: RowsToLearn,
    aside: NDArray[np.intp],
    lines: Sequence[str],
    seed: int,
    quiet: bool,
) -> Path | None:
    """The page of a fit, in a folder beside what it shows."""
    from chainrule.report.run import open_run

    words = [lines[0].removeprefix(f"{table}: "), *lines[1:]]
    write_records(folder, table, net, history, given, aside, words, seed)
    return pages.write_page(open_run(folder), quiet)


def _lines(
    table: Path,
    net: CompleteNet,
    given: RowsToLearn,
    aside: NDArray[np.intp],
    measured: dict[str, float],
    seconds: float,
) -> list[str]:
    """What was done, in words."""
    target, truth = given.target, given.truth
    if net.classes is None:
        learned = f"learns {target!r}, a number"
    else:
        named = ", ".join(map(str, net.classes.tolist()[:5])) + (", ..." if len(net.classes) > 5 else "")
        learned = f"learns {target!r}, {len(net.classes)} classes: {named}"
    settings = net.trained["settings"]
    hidden = " and ".join(map(str, settings.get("hidden", ()))) or "no"
    nets = "1 net" if net.members == 1 else f"{net.members} nets"
    lines = [
        f"{table}: {len(truth)} {_what(given)}; {learned}",
        f"{nets} of {hidden} hidden units, {_course(net)}: {seconds:.1f} s",
    ]
    if measured:
        listed = ", ".join(f"{name} {value:.4g}" for name, value in measured.items())
        lines.append(f"on {len(aside)} rows kept aside: {listed}; {_guessing(net, truth[aside])}")
    return lines


def _what(given: RowsToLearn) -> str:
    if given.image is None:
        return "rows"
    channels, height, width = given.image
    return f"images of {height} x {width} pixels, {'grey' if channels == 1 else 'in colour'}"


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
