"""What was searched: the points of a search, by the names of their values, and the best of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chainrule.records.figures import SearchPoint, SearchScores
from chainrule.text import as_toml, one_line

NAMES = {"l2": "λ (l2)"}
METRICS = {"val_accuracy": "validation accuracy", "val_loss": "validation loss"}


def flat(values: dict[str, Any]) -> dict[str, Any]:
    """A point's values by dotted names, as ``learning_rate.start``."""
    flattened: dict[str, Any] = {}
    for key, value in values.items():
        inner = flat(value) if isinstance(value, dict) else {}
        flattened |= {f"{key}.{name}": part for name, part in inner.items()} or {key: value}
    return flattened


def searched(search: SearchScores) -> list[str]:
    """What differs between the points of a search, each an axis; all of it where nothing does."""
    points = [flat(point.values) for replicate in search.replicates for point in replicate]
    keys = list(dict.fromkeys(key for point in points for key in point))
    return [key for key in keys if any(point.get(key) != points[0].get(key) for point in points)] or keys


def is_number(value: Any) -> bool:
    """Whether it can stand on an axis of numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def in_order(values: Iterable[Any]) -> list[Any]:
    """Each value once: numbers by size, all else the shorter first, as in ``[20]``, ``[50]``, ``[50, 50]``."""
    own = list(dict.fromkeys(values))
    return sorted(own) if all(map(is_number, own)) else sorted(own, key=lambda value: (len(value), value))


def best(search: SearchScores) -> list[SearchPoint]:
    """Each replicate's best point, the first of equals."""
    sign = -1 if search.metric == "val_loss" else 1
    complete = [[point for point in points if point.complete] for points in search.replicates]
    return [max(points, key=lambda point: sign * point.score) for points in complete if points]


def score_name(search: SearchScores) -> str:
    """What points are scored by, in words."""
    return one_line(search.called) or METRICS[search.metric]


def direction(search: SearchScores) -> str:
    """Which scores are better, in words."""
    return "smaller is better" if search.metric == "val_loss" else "larger is better"


def inits_text(search: SearchScores) -> str:
    """How many nets a point has, in words."""
    counts = [point.inits or search.inits for points in search.replicates for point in points] or [
        search.inits
    ]
    least, most = min(counts), max(counts)
    return f"{least} to {most} inits" if least < most else f"{most} init{'s' * (most > 1)}"


def short(value: Any) -> str:
    """A searched value as charts show it: numbers with three significant digits."""
    return f"{value:.3g}" if is_number(value) else as_toml(value)
