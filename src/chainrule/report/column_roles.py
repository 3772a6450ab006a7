"""What the columns of a history hold, by their usual names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SPLITS = {
    "train": {"train", "training", "tr"}, "val": {"val", "valid", "validation", "dev", "eval", "evaluation"},
    "test": {"test", "testing"},
}  # fmt: skip
_METRICS = {
    "learning_rate": {"lr", "learningrate", "eta"}, "loss": {"loss", "nll", "crossentropy", "logloss", "mlogloss"},
    "cost": {"cost", "objective"}, "accuracy": {"accuracy", "acc", "top1"},
}  # fmt: skip
_COUNTS = {
    "epoch": {"epoch", "epochs"},
    "step": {"step", "steps", "iteration", "iterations", "iter", "globalstep"},
}
_RUNS = {"seed", "run", "fold", "replicate"}
_LABELS = _RUNS | {
    "id", "trial", "index", "idx", "number", "name", "date", "time", "timestamp", "started", "finished", "file", "path",
    "note", "notes", "comment", "comments", "host", "status", "state", "random",
}  # fmt: skip
_ERRORS = {
    "error", "errors", "err", "mse", "rmse", "mae", "perplexity", "ppl", "misclassified", "brier",
    *_METRICS["loss"], *_METRICS["cost"],
}  # fmt: skip
_TIMES = {
    "time",
    "seconds",
    "second",
    "secs",
    "sec",
    "minutes",
    "hours",
    "duration",
    "elapsed",
    "runtime",
    "walltime",
}
_MEASURED = (
    _ERRORS | _TIMES | _METRICS["accuracy"] | {"score", "auc", "f1", "precision", "recall", "top5", "r2"}
)
_OF_MEASURED = {
    "rate", "mean", "std", "sd", "sem", "best", "last", "final", "min", "max", "average", "avg", "squared", "absolute",
    "root", "s", "ms", "percent", "pct", "wall", "total", "of", "fit", *(w for own in _SPLITS.values() for w in own),
}  # fmt: skip


@dataclass(frozen=True)
class Roles:
    """What columns are taken for: a curve's name such as ``val_loss``, ``learning_rate``, a count, the run."""

    curves: dict[str, str]
    rate: str | None
    counts: dict[str, str]
    run: str | None
    left_out: list[str]


def recognise(names: Iterable[str]) -> Roles:
    """What columns of these names hold; of two that seem to hold the same, the first."""
    curves: dict[str, str] = {}
    counts: dict[str, str] = {}
    rate = run = None
    left_out = []
    for name in names:
        words = _words(name)
        metric = next((metric for metric, known in _METRICS.items() if words & known), None)
        count = next((count for count, known in _COUNTS.items() if words and words <= known), None)
        split = next((split for split, known in _SPLITS.items() if words & known), "train")
        if count and count not in counts:
            counts[count] = name
        elif words and words <= _RUNS and run is None:
            run = name
        elif metric == "learning_rate" and rate is None:
            rate = name
        elif (
            metric and metric != "learning_rate" and "step" not in words and f"{split}_{metric}" not in curves
        ):
            curves[f"{split}_{metric}"] = name
        else:
            left_out.append(name)
    return Roles(curves, rate, counts, run, left_out)


def is_result(name: str) -> bool:
    """Whether a column of numbers tells what came of a net: how good it was, how long it took.

    >>> [is_result(name) for name in ("best_val_loss", "error_rate", "seconds", "loss_weight", "lambda")]
    [True, True, True, False, False]
    """
    words = _words(name)
    return bool(words & _MEASURED) and words <= _MEASURED | _OF_MEASURED


def is_error(name: str) -> bool:
    """Whether less of a column is better.

    >>> is_error("val_error"), is_error("val_acc")
    (True, False)
    """
    return bool(_words(name) & _ERRORS)


def is_label(name: str) -> bool:
    """Whether a column tells one net from another of the same settings: its seed, its number, its name.

    >>> is_label("init seed"), is_label("trial_id"), is_label("hidden")
    (True, True, False)
    """
    words = _words(name)
    return "seed" in words or (bool(words) and words <= _LABELS)


def is_count(name: str) -> bool:
    """Whether a column counts epochs or steps.

    >>> is_count("epochs"), is_count("epoch_size")
    (True, False)
    """
    words = _words(name)
    return bool(words) and any(words <= known for known in _COUNTS.values())


def _words(name: str) -> set[str]:
    """The words of a name, in small letters: of ``valLoss``, ``val/loss`` and ``Val loss`` the same."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    joined = re.sub(r"(learning|global|cross)[ _-]*(rate|step|entropy)", r"\1\2", apart)
    return set(re.findall(r"[a-z]+\d*", joined))
