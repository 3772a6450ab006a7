"""What differs between runs side by side: what was asked for, and on what it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chainrule.report.compare import Comparison
from chainrule.report.table import TextTable
from chainrule.report.tables import NONE
from chainrule.text import as_toml, one_line

Facts = dict[str, dict[str, str]]
"""What a run says of each row of the tables that it shares, by names that runs share."""


def settings_table(comparison: Comparison) -> TextTable:
    """All that differs in what was asked for and on what it was made; of a row, between the runs that have it."""
    made = [{"": dict(_environment(run.results.environment))} for run in comparison.runs]
    asked = [_settings(comparison, index) for index in range(len(comparison.runs))]
    body = [[key, *values] for facts in (made, asked) for key, values in _differing(facts)]
    return TextTable(
        "what differs between the runs", [["setting", *comparison.labels]], body, text=1 + len(made)
    )


def _differing(runs: Sequence[Facts]) -> Iterator[tuple[str, list[str]]]:
    """What is not the same in all runs that have a row; a run that says nothing of it differs, too."""
    for place in dict.fromkeys(place for own in runs for place in own):
        having = [own[place] for own in runs if place in own]
        for key in dict.fromkeys(key for own in having for key in own):
            if len({own.get(key) for own in having}) > 1:
                yield (
                    one_line(f"{place}: {key}" if place else key),
                    [own.get(place, {}).get(key, NONE) for own in runs],
                )


def _settings(comparison: Comparison, index: int) -> Facts:
    run = comparison.runs[index]
    facts: Facts = {}
    for table in comparison.shared:
        recipe = table.recipes[index]
        told = (run.plan.experiments.get(recipe) if run.plan and recipe else None) or {}
        resolved = told.get("settings", {})
        for row, settings in resolved.items():
            place = table.name if len(resolved) == 1 else f"{table.name}, {row}"
            facts[place] = {key: as_toml(value) for key, value in settings.items()}
    return facts


def _environment(environment: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("dataset", "versions", "machine"):
        part = environment.get(name)
        for key, value in (part if isinstance(part, dict) else {}).items():
            yield f"{name}: {key}", as_toml(value)
    for name in ("seeds", "search_replicates", "command"):
        if name in environment:
            yield name.replace("_", " "), as_toml(environment[name])
