"""A search in words and tables: its trials, the winner, and by which rule."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from chainrule.records.searches import SearchResults, Trial, Winner
from chainrule.report.searched import METRICS
from chainrule.report.table import TextTable
from chainrule.report.tables import NONE, decimals
from chainrule.report.terminal import rich_table
from chainrule.text import as_toml, csv_table, one_line

if TYPE_CHECKING:
    from rich.table import Table

MOST = 30
"""Trials that a page shows at most."""

_STATES = ("complete", "running", "pruned", "failed")


def in_order(trials: list[Trial], metric: str) -> list[Trial]:
    """The best first; those trained for longer before those left behind, failed ones last."""

    def place(trial: Trial) -> tuple[int, int, float]:
        sign = 1 if metric == "val_loss" else -1
        return (
            _STATES.index(trial.state),
            -trial.epochs,
            math.inf if trial.mean is None else sign * trial.mean,
        )

    return sorted(trials, key=place)


def trials_table(trials: list[Trial], metric: str, winner: int | None, most: int = MOST) -> TextTable:
    """The best trials, a line each: what became of it, values, mean, standard error, epochs where they differ."""
    paths = list(trials[0].values) if trials else []
    epochs = len({_epochs(trial) for trial in trials}) > 1
    body = [
        [
            f"{trial.number}",
            "winner" if trial.number == winner else trial.state,
            *(value_text(trial.values[path]) for path in paths),
            decimals(trial.mean),
            decimals(trial.error),
            *([_epochs(trial)] if epochs else []),
        ]
        for trial in in_order(trials, metric)[:most]
    ]
    head = ["trial", "state", *map(one_line, paths), metric, "±", *(["epochs"] if epochs else [])]
    left = len(trials) - len(body)
    notes = [f"{left} more trials are in results.json"] if left else []
    return TextTable(
        f"{len(body)} of {len(trials)} trials, the best first; ±: standard error of the mean",
        [head],
        body,
        text=2,
        notes=notes,
    )


def printed(table: TextTable) -> Table:
    """Trials on a terminal."""
    return rich_table(table, "rw" + "r" * (len(table.columns) - table.text))


def trials_of(search: SearchResults, most: int = MOST) -> TextTable:
    """The best trials of a search."""
    winner = search.winner.trial if search.winner else None
    return trials_table(search.trials, search.strategy["metric"], winner, most)


def to_csv(search: SearchResults) -> str:
    """All trials in the order asked as CSV: full precision, lists and tables as JSON, empty where null."""
    paths = list(search.trials[0].values)
    columns = ["trial", *paths, "state", "mean", "error", "epochs", "scores"]
    return csv_table(columns, [_csv_line(trial, paths) for trial in search.trials])


def _csv_line(trial: Trial, paths: list[str]) -> list[object]:
    values = [trial.values[path] for path in paths]
    told = [json.dumps(value) if isinstance(value, list | dict) else value for value in values]
    return [
        trial.number, *told, trial.state, trial.mean, trial.error, trial.epochs, json.dumps(trial.scores),
    ]  # fmt: skip


def _epochs(trial: Trial) -> str:
    return str(trial.epochs) if trial.rungs else NONE


def value_text(value: Any) -> str:
    """A value of a trial, numbers with four significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else as_toml(value)


def values_text(values: dict[str, Any]) -> str:
    """The values of a trial in a line."""
    return ", ".join(f"{one_line(path)} = {value_text(value)}" for path, value in values.items())


def strategy_text(search: SearchResults) -> str:
    """How it was searched: ``tpe, 24 trials of 3 inits each, scored by validation accuracy``."""
    strategy, count = search.strategy, len(search.trials)
    inits = strategy["inits"]
    kind = strategy["kind"].replace("_", " ")
    trials = f"{count} trial{'s' * (count != 1)} of {inits} init{'s' * (inits != 1)}"
    return f"{kind}, {trials} each, scored by {METRICS[strategy['metric']]}"


def found(search: SearchResults) -> str:
    """What came of it, in a sentence."""
    trials, metric = len(search.trials), METRICS[search.strategy["metric"]]
    if search.winner is None:
        return f"Of {trials} trials none could be chosen: all diverged or failed."
    winner = search.winner
    chosen = search.trials[winner.trial]
    return (
        f"Trial {winner.trial} of {trials} was chosen: {values_text(chosen.values)}. Its {metric} is "
        f"{with_error(chosen.mean, chosen.error)}; trained once more, its test accuracy is "
        f"{with_error(winner.mean, winner.error)}."
    )


def words(search: SearchResults) -> list[str]:
    """The winner, by which rule, and what it was selected and tested on."""
    if search.winner is None:
        return reasons(search)
    *failed, rule, tested = reasons(search)
    trial = search.trials[search.winner.trial]
    score = f"{search.strategy['metric']} {with_error(trial.mean, trial.error)}"
    return [*failed, f"winner: trial {trial.number} ({values_text(trial.values)}): {score}", rule, tested]


def reasons(search: SearchResults) -> list[str]:
    """What failed, by which rule the winner was chosen, and what it was selected and tested on."""
    states = [trial.state for trial in search.trials]
    lines = [
        f"failed: trial {trial.number}: {one_line(trial.why)}"
        for trial in search.trials
        if trial.state == "failed"
    ]
    if search.winner is None:
        return [
            *lines,
            f"no winner: of {len(states)} trials, {states.count('complete')} complete, all diverged",
        ]
    winner = search.winner
    inits = search.strategy["inits"]
    return [
        *lines,
        f"chosen by {search.strategy['choose']}: {winner.reason}",
        f"selected on the {search.images} samples of the validation split alone; {_tested(winner, inits)}",
    ]


def _tested(winner: Winner, inits: int) -> str:
    if winner.mean is None:
        return "there are none to test on"
    return (
        f"the test split was touched once, by the winner trained once more: test accuracy "
        f"{with_error(winner.mean, winner.error)} (standard error over {inits} init{'s' * (inits != 1)})"
    )


def with_error(mean: float | None, error: float | None) -> str:
    """``0.5123 ± 0.0021``."""
    return decimals(mean) + (f" ± {decimals(error)}" if error is not None else "")


def settings_tables(search: SearchResults) -> list[TextTable]:
    """How a search was made, what it searched, and the winner's whole settings."""
    tables = [
        TextTable("strategy", [["key", "value"]], _lines(search.strategy), text=2),
        TextTable("space", [["setting", "searched"]], _lines(search.space), text=2),
    ]
    if search.winner:
        tables.append(TextTable("the winner", [["setting", "value"]], _lines(search.winner.settings), text=2))
    return tables


def _lines(values: dict[str, Any]) -> list[list[str]]:
    return [[one_line(key), as_toml(value)] for key, value in values.items() if value is not None]
