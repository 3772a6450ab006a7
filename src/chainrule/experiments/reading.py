"""Experiments from TOML files, with overrides, and every problem said at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chainrule.errors import SettingsError
from chainrule.experiments import unknowns
from chainrule.experiments.experiment import Experiment, Own, resolve
from chainrule.settings.settings import Settings
from chainrule.settings.strict import explain
from chainrule.settings.toml import overridden, read_toml


def read_experiment(path: Path, overrides: Sequence[str] = ()) -> Experiment:
    """Read an experiment from a TOML file.

    Args:
        path: the file.
        overrides: ``key=value`` pairs that replace common settings, values as in TOML.

    Raises:
        SettingsError: with every problem found, one line each.
    """
    document = read_toml(path)
    document, problems = _overridden(document, overrides)
    problems += [f"{path}: {line}" for line in _problems(document)]
    if problems:
        raise SettingsError(*problems)
    return Experiment.model_validate(document)


def _problems(document: dict[str, Any]) -> list[str]:
    """All that is wrong with a document: its structure, and its settings as far as they can be told."""
    experiment, problems = None, []
    try:
        experiment = Experiment.model_validate(document)
    except ValidationError as error:
        problems = explain(error, Experiment)
        problems += [line for line in _between(_without(document, error)) if line not in problems]
    common = document.get("settings")
    if not isinstance(common, dict):
        return problems
    own = _own_settings(document)
    if experiment:
        own = [(row.name, row.set) for row in experiment.table]
        own += [*_searched(experiment), *_checked(experiment), *_unsaid(experiment)]
    resolved, refused = resolve(common, own or [("all", {})])
    if experiment and not problems and not refused:
        refused = _contradictions(experiment, {row.name: resolved[row.name] for row in experiment.table})
        refused += unknowns.idle(experiment.unknowns, resolved)
        refused += experiment.gradient_check.problems([resolved[name] for name, _ in _checked(experiment)])
    return problems + refused


def _between(document: dict[str, Any]) -> list[str]:
    """What is wrong between the parts of a document whose parts are right."""
    try:
        Experiment.model_validate(document)
    except ValidationError as error:
        return [
            line
            for problem in error.errors()
            if not problem["loc"]
            for line in str(problem["ctx"]["error"]).split("\n")
        ]
    return []


def _without(document: dict[str, Any], error: ValidationError) -> dict[str, Any]:
    """A copy of a document without what ``error`` complains about."""
    pruned = copy.deepcopy(document)
    for problem in error.errors():
        here: Any = pruned
        for step in problem["loc"][:-1]:
            # pydantic also names which of several records a part was taken for.
            if isinstance(here, list | dict) and (isinstance(step, int) or step in here):
                here = here[step]  # type: ignore[index]
        if isinstance(here, dict) and problem["loc"]:
            here.pop(str(problem["loc"][-1]), None)
    return pruned


def _contradictions(experiment: Experiment, settings: Mapping[str, Settings]) -> list[str]:
    """What the rows' settings rule out."""
    deep = [row for row in experiment.gradient_histograms if settings[row].hidden]
    lines = [f"gradient_histograms: row '{row}' has hidden layers; only one layer is shown" for row in deep]
    lines += [line for claim in experiment.claims for line in claim.contradictions(settings)]
    brief = [row for row, own in settings.items() if own.evaluate == "validation"]
    if set(experiment.metrics) != {"val_accuracy"}:
        lines += [
            f"row '{row}': evaluate = 'validation' measures val_accuracy alone; drop it or the other metrics"
            for row in brief
        ]
    return lines


def _searched(experiment: Experiment) -> list[Own]:
    """What each point of each search sets."""
    return [
        (f"search {search.name}", own)
        for search in experiment.searches
        for own in search.probes(experiment.settings)
    ]


def _unsaid(experiment: Experiment) -> list[Own]:
    """What each row sets under each candidate of what the source leaves unsaid."""
    return unknowns.own_settings(experiment.unknowns, experiment.row_settings)


def _checked(experiment: Experiment) -> list[Own]:
    """What each net of the gradient check sets."""
    places = experiment.gradient_check.places
    return [
        (f"gradient_check, {place}", own) for place, own in zip(places, experiment.checked(), strict=True)
    ]


def _own_settings(document: dict[str, Any]) -> list[Own]:
    """What each row sets, of a document that may be damaged."""
    rows = document.get("rows")
    tables = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [
        (str(row.get("name", number)), row["set"] if isinstance(row.get("set"), dict) else {})
        for number, row in enumerate(tables)
    ]


def _search_settings(document: dict[str, Any]) -> list[Own]:
    """What each search sets or searches, of a document that may be damaged."""
    searches = document.get("searches")
    tables = [search for search in searches if isinstance(search, dict)] if isinstance(searches, list) else []
    parts = [(str(search.get("name")), search.get(key)) for search in tables for key in ("set", "space")]
    return [(name, part) for name, part in parts if isinstance(part, dict)]


def _overridden(document: dict[str, Any], overrides: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The document with ``overrides`` in its common settings, and what is wrong with them."""
    common = document.get("settings")
    own = [*_own_settings(document), *_search_settings(document)]
    settings, problems = overridden(
        common if isinstance(common, dict) else {},
        overrides,
        lambda key: (name for name, row in own if key in row),
    )
    return ({**document, "settings": settings} if overrides else document), problems
