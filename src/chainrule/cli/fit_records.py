"""What ``fit`` leaves behind for its page: scores, curves, and what nets make of the rows kept aside."""

from __future__ import annotations

import base64
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.cli import options
from chainrule.cli.given import RowsToLearn
from chainrule.data.labels import codes_of
from chainrule.errors import StoreError
from chainrule.files import final_name, reported, safe_name, write_text
from chainrule.machine import environment
from chainrule.nets.net import CompleteNet
from chainrule.nets.scores import scores
from chainrule.records.base import Number
from chainrule.records.figures import (
    Band,
    CurvesFigure,
    Figure,
    MisclassifiedImage,
    PredictionsFigure,
    ResidualsFigure,
    RowCurves,
    RowPredictions,
)
from chainrule.records.runs import CURVES, FittedNets, Results, ScoreRow
from chainrule.settings.settings import Settings
from chainrule.train.schedules.rates import rates

MOST_CLASSES = 40
"""Whose answers are counted class by class."""

_MOST_POINTS = 1000
"""Of predicted beside measured numbers."""

_MISTAKES = 8

_RESULTS, _FIGURES = "results.json", "figures"


def require_own(folder: Path, net: Path) -> None:
    """Refuse a folder that holds anything but an earlier page of ``fit``, before anything is trained.

    Args:
        folder: where the page goes.
        net: the net's file, which may lie beside it.

    Raises:
        StoreError: it holds something else, is no folder, or cannot be read.
    """
    from chainrule.report.run import PAGE

    ours = {_RESULTS, _FIGURES, PAGE}
    if net.parent.resolve() == folder.resolve():
        ours.add(net.name)
    with reported(folder, "use the folder"):
        inside = {final_name(entry.name) for entry in folder.iterdir()} if folder.exists() else set()
    # Where there are no results, figures and a page are of somebody else.
    if inside - ours or (inside - {net.name} and not _are_of_a_fit(folder / _RESULTS)):
        raise StoreError(f"{folder}: is no page of a fit and not empty; choose another --page")


def _are_of_a_fit(results: Path) -> bool:
    try:
        return bool(Results.read(results).fits)
    except StoreError:
        return False


def _clear_figures(folder: Path) -> None:
    """Throw away what an earlier fit showed."""
    from chainrule.report.figures import FIGURE_FORMATS

    suffixes = {".json", *(f".{form}" for form in FIGURE_FORMATS)}
    with reported(folder, "clear the folder"):
        for path in folder.iterdir() if folder.exists() else ():
            if path.suffix in suffixes:
                path.unlink()


def write_records(
    folder: Path,
    table: Path,
    net: CompleteNet,
    history: Mapping[str, NDArray[np.float64]],
    given: RowsToLearn,
    aside: NDArray[np.intp],
    words: Sequence[str],
    seed: int,
) -> None:
    """Write ``results.json`` and figure data into a folder, in the place of an earlier fit's; :func:`require_own` says
    whether it is one.

    Args:
        folder: made where it is missing.
        table: what was learned from.
        net: what predicts, before its members' mean.
        history: as estimators keep it.
        given: all rows.
        aside: those that were not trained on.
        words: what was done, in sentences without an end.
        seed: that keyed all.

    Raises:
        StoreError: the folder cannot be written.
    """
    name = table.resolve().name
    title = f"{name}: {given.target}" if given.image is None else name
    inputs, truth = given.take(aside), given.truth[aside]
    figures: list[Figure] = [_curves(name, title, net, history)]
    fitted = FittedNets(
        recipe=name,
        words=list(words),
        rows=len(aside),
        scores=_scores(net, inputs, truth) if len(aside) else [],
        settings=_settings(net),
    )
    if len(aside) and net.classes is None:
        figures.append(_residuals(name, title, given.target, net.predict(inputs), truth))
    elif len(aside) and net.classes is not None and len(net.classes) <= MOST_CLASSES:
        figures.append(_predictions(name, title, net, inputs, truth, given))
    about = environment.describe(options.command_line()) | {
        "dataset": {"name": name},
        "seeds": [seed],
    }
    results = Results(
        rows=[], claims=[], input_means=[], titles={name: title}, fits=[fitted], environment=about
    )
    _clear_figures(folder / _FIGURES)
    write_text(folder / _RESULTS, results.to_json())
    for figure in figures:
        write_text(folder / _FIGURES / (safe_name(f"{name}-{figure.kind}") + ".json"), figure.to_json())


def _settings(net: CompleteNet) -> dict[str, Any]:
    """Those that all were trained by; l2 of every member where each has its own."""
    settings = {key: value for key, value in net.trained["settings"].items() if key != "evaluate"}
    own = [one.get("l2", settings["l2"]) for one in net.trained.get("changed", ())]
    return settings | ({"l2": own} if own else {})


def _scores(net: CompleteNet, inputs: Any, truth: Array) -> list[ScoreRow]:
    together = scores(net, inputs, truth)
    with warnings.catch_warnings(action="ignore"):
        alone = [scores(net.member(m), inputs, truth) for m in range(net.members)]
    return [
        ScoreRow(metric=metric, together=value, alone=[one[metric] for one in alone])
        for metric, value in together.items()
    ]


def _curves(
    name: str, title: str, net: CompleteNet, history: Mapping[str, NDArray[np.float64]]
) -> CurvesFigure:
    settings = Settings.model_validate(
        {"train": "train", "val": "val", "test": "test"} | net.trained["settings"]
    )
    epochs = [int(epoch) for epoch in history["epoch"]]
    steps = -(-net.trained["rows"]["train"] // settings.batch_size)
    rate = rates(settings.learning_rate, steps, settings.epochs)
    row = RowCurves(
        row="1 net" if net.members == 1 else f"{net.members} nets",
        seeds=history["train_loss"].shape[1],
        epoch=epochs,
        learning_rate=[float(rate[max(0, epoch * steps - 1)]) for epoch in epochs],
        curves={curve: _band(history[curve]) for curve in CURVES if curve in history},
    )
    return CurvesFigure(recipe=name, title=title, rows=[row])


def _band(values: NDArray[np.float64]) -> Band:
    """Of all members, (E, P); who stopped or diverged stays as it last was."""
    last = values.copy()
    for epoch in range(1, len(last)):
        last[epoch] = np.where(np.isfinite(last[epoch]), last[epoch], last[epoch - 1])
    runs: list[list[Number]] = [[float(v) if np.isfinite(v) else None for v in member] for member in last.T]
    return Band.over(runs)


def _residuals(name: str, title: str, target: str, predicted: Array, truth: Array) -> ResidualsFigure:
    shown = np.linspace(0, len(truth) - 1, min(len(truth), _MOST_POINTS)).astype(int)
    low, middle, high = np.percentile(predicted - truth, [25, 50, 75]).tolist()
    return ResidualsFigure(
        recipe=name,
        title=title,
        target=target,
        rows=len(truth),
        quartiles=(low, middle, high),
        truth=truth[shown].tolist(),
        predicted=predicted[shown].tolist(),
    )


def _predictions(
    name: str, title: str, net: CompleteNet, inputs: Any, truth: Array, given: RowsToLearn
) -> PredictionsFigure:
    labels = np.asarray(net.classes)
    probabilities = net.predict_proba(inputs)
    found, right = probabilities.argmax(axis=1), codes_of(truth, labels)
    counts = np.zeros((len(labels), len(labels)), np.intp)
    np.add.at(counts, (right, found), 1)
    sure = probabilities.max(axis=1)
    wrong = np.flatnonzero(found != right) if given.image else np.zeros(0, np.intp)
    mistakes = [
        MisclassifiedImage(
            image=base64.b64encode(np.asarray(inputs[row], np.uint8).tobytes()).decode(),
            truth=int(right[row]),
            predicted=int(found[row]),
            confidence=float(sure[row]),
        )
        for row in wrong[np.argsort(-sure[wrong], kind="stable")[:_MISTAKES]]
    ]
    row = RowPredictions(
        row="1 net" if net.members == 1 else f"{net.members} nets together",
        seed=None,
        confidence="probability",
        counts=counts.tolist(),
        mistakes=mistakes,
    )
    shape = given.image or (1, 1, net.network.widths[0])
    return PredictionsFigure(
        recipe=name, title=title, classes=list(map(str, labels.tolist())), shape=shape, rows=[row]
    )
