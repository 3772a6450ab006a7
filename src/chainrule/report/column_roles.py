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


def _words(name: str) -> set[str]:
    """The words of a name, in small letters: of ``valLoss``, ``val/loss`` and ``Val loss`` the same."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    joined = re.sub(r"(learning|global|cross)[ _-]*(rate|step|entropy)", r"\1\2", apart)
    return set(re.findall(r"[a-z]+\d*", joined))
