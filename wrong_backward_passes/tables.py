"""What was found, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from .index import LEVELS


@dataclass(frozen=True)
class Row:
    """What came of one program, a wrong or a right one; ``named`` and ``located`` tell of wrong ones alone."""

    id: str
    level: int
    is_wrong: bool
    verdict: str
    named: bool
    located: bool
    patches: list[bool]
    """Of each patch that was offered, whether the program is right with it."""

    seconds: float
    problem: str = ""

    @property
    def said_wrong(self) -> bool:
        return self.verdict == "wrong"


COLUMNS: dict[str, Callable[[Sequence[Row], Sequence[Row]], str]] = {
    "found": lambda wrong, right: share([row.said_wrong for row in wrong]),
    "said right": lambda wrong, right: share([row.verdict == "right" for row in wrong]),
    "named": lambda wrong, right: share([row.named for row in wrong]),
    "line": lambda wrong, right: share([row.located for row in wrong]),
    "patch right": lambda wrong, right: share([row.patches[:1] == [True] for row in wrong]),
    "patch wrong": lambda wrong, right: share([False in row.patches for row in wrong]),
    "false alarms": lambda wrong, right: share([row.said_wrong or bool(row.patches) for row in right]),
    "right said right": lambda wrong, right: share([row.verdict == "right" for row in right]),
    "median s": lambda wrong, right: f"{median(row.seconds for row in [*wrong, *right]):.1f}",
}


def share(each: Sequence[bool]) -> str:
    return f"{sum(each)}/{len(each)}" if each else ""


def table(rows: Sequence[Row]) -> str:
    """A line a level, and one of all."""
    levels = {
        f"{level} {name}": [row for row in rows if row.level == level] for level, name in LEVELS.items()
    }
    return _table("level", levels | {"all": list(rows)})


def totals(found: Mapping[str, Sequence[Row]]) -> str:
    """A line a checker."""
    return _table("checker", found)


def _table(what: str, groups: Mapping[str, Sequence[Row]]) -> str:
    lines = [f"| {what} | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, group in groups.items():
        wrong, right = [row for row in group if row.is_wrong], [row for row in group if not row.is_wrong]
        if group:
            lines.append(
                f"| {name} | " + " | ".join(column(wrong, right) for column in COLUMNS.values()) + " |"
            )
    return "\n".join(lines)
