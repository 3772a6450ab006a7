"""Small searches on digits, and trials."""

from __future__ import annotations

from typing import Any

from chainrule.records.searches import Rung, Trial

SETTINGS: dict[str, Any] = {
    "train": 200, "val": 100, "test": 100, "preprocess": "center", "hidden": [8], "init": "he", "batch_size": 50,
    "epochs": 2, "shuffle": True, "learning_rate": 0.5,
}  # fmt: skip
L2 = {"low": 1e-5, "high": 0.1, "log": True}


def document(
    space: dict[str, Any] | None = None, strategy: dict[str, Any] | None = None, **settings: Any
) -> dict[str, Any]:
    """A search: by default a grid over l2 with 2 inits."""
    return {
        "dataset": "digits",
        "settings": SETTINGS | settings,
        "space": {"l2": [0.0, 0.01, 3.0]} if space is None else space,
        "strategy": {"kind": "grid", "inits": 2} if strategy is None else strategy,
    }


def trial(number: int, values: dict[str, Any], mean: float | None, **changes: Any) -> Trial:
    """A complete trial."""
    base: dict[str, Any] = {
        "number": number, "values": values, "scores": [mean, mean], "mean": mean, "error": 0.01,
        "rungs": [Rung(epochs=2, mean=mean, error=0.01)], "state": "complete",
    }  # fmt: skip
    return Trial(**(base | changes))
