"""Results of a search by halving, small."""

from __future__ import annotations

from chainrule.records.searches import Rung, SearchResults, Trial, Winner
from support.searching import trial


def rung(*means: float | None) -> list[Rung]:
    return [Rung(epochs=3**i, mean=mean, error=0.01) for i, mean in enumerate(means)]


def halving() -> list[Trial]:
    return [
        trial(0, {"l2": 0.1, "init": "he"}, 0.3, state="pruned", rungs=rung(0.3)),
        trial(1, {"l2": 0.01, "init": {"normal": 0.1}}, 0.6, rungs=rung(0.4, 0.6)),
        trial(2, {"l2": 0.001, "init": "<he>"}, 0.5, rungs=rung(0.45, 0.5)),
        trial(3, {"l2": 1.0, "init": "he"}, None, state="failed", why="no\nmemory", rungs=[]),
    ]  # fmt: skip


def results(metric: str = "val_accuracy", winner: int | None = 1) -> SearchResults:
    won = Winner(
        trial=winner or 0,
        settings={"l2": 0.01},
        members=[],
        test_accuracy=[0.5],
        mean=0.5,
        error=0.02,
        reason="why",
    )
    return SearchResults(
        title="a <search>", dataset={"name": "digits", "checksum": "0"},
        strategy={"kind": "halving", "inits": 2, "metric": metric, "choose": "mean"}, space={"l2": [1, 2]},
        seeds=[0, 1], images=100, trials=halving(), winner=None if winner is None else won, environment={},
    )  # fmt: skip
