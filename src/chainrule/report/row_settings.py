"""The settings of a recipe's rows: what all have in common, what sets them apart, and both in a sentence."""

from __future__ import annotations

from typing import Any

from chainrule.report.folder import RunFolder
from chainrule.report.searched import short
from chainrule.report.table import TextTable
from chainrule.text import as_toml

_WORDS = {"train": "training data", "val": "validation data", "test": "test data", "hidden": "hidden layers"}
"""What settings are called in a sentence, where their names do not say it."""


def plan_of(run: RunFolder, recipe: str) -> dict[str, Any]:
    """What the plan says of a recipe; nothing where the run lost it."""
    return (run.plan.experiments.get(recipe) if run.plan else None) or {}


def tried(run: RunFolder, recipe: str) -> list[str]:
    """What was trained, and what sets its settings apart; nothing where the run lost its plan."""
    resolved: dict[str, dict[str, Any]] = plan_of(run, recipe).get("settings", {})
    common, varied = _common_and_varied(resolved)
    if not resolved:
        return []
    first = next(iter(resolved.values()))
    epochs = [f"each for {first['epochs']} epochs"] if "epochs" in common else []
    batch = [f"in minibatches of {first['batch_size']}"] if "batch_size" in common else []
    count = f"{len(resolved)} setting{'s' if len(resolved) > 1 else ''}, trained"
    apart = (
        f"; they differ in {', '.join(_WORDS.get(key, key.replace('_', ' ')) for key in varied)}"
        if varied
        else ""
    )
    return [" ".join([count, *epochs, *batch]) + apart]


def _common_and_varied(resolved: dict[str, dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Keys of settings that are alike in all rows, and those that are not. Settings that came later stand only where
    they are not at their default."""
    keys = dict.fromkeys(key for settings in resolved.values() for key in settings)
    first = next(iter(resolved.values()), {})
    common = [key for key in first if all(settings.get(key) == first[key] for settings in resolved.values())]
    return common, [key for key in keys if key not in common]


def settings_table(caption: str, settings: dict[str, Any]) -> TextTable:
    """A setting a line; fractions that nets have each of their own are short."""
    lines = [[name, as_toml(_shortened(value))] for name, value in settings.items()]
    return TextTable(caption, [["setting", "value"]], lines, text=2)


def _shortened(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [short(one) if isinstance(one, float) else one for one in value]


def settings_tables(run: RunFolder, recipe: str) -> list[TextTable]:
    """What all rows have in common, then what sets them apart; none where the run lost its plan."""
    told = plan_of(run, recipe)
    resolved: dict[str, dict[str, Any]] = told.get("settings", {})
    if not resolved:
        return []
    first = next(iter(resolved.values()))
    common, varied = _common_and_varied(resolved)
    tables = [settings_table("settings of all rows", {key: first[key] for key in common})]
    if varied:
        body = [
            [name, *(as_toml(settings[key]) if key in settings else "default" for key in varied)]
            for name, settings in resolved.items()
        ]
        tables.append(TextTable("settings that differ", [["row", *varied]], body, text=1 + len(varied)))
    searched = [
        [
            search["name"],
            as_toml(search.get("set", {})),
            as_toml(search.get("space", {})),
            as_toml(search.get("strategy", {})),
        ]
        for search in told.get("table", {}).get("searches", [])
    ]
    if searched:
        tables.append(TextTable("searches", [["search", "sets", "space", "strategy"]], searched, text=4))
    return tables
