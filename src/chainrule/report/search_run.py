"""A search as plain values, and as figures of the kinds that recipes have: scores over what was searched, the winner's
curves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chainrule.records.figures import (
    CurvesFigure,
    Figure,
    RowCurves,
    SearchesFigure,
    SearchPoint,
    SearchScores,
)
from chainrule.records.runs import Member, Results
from chainrule.records.searches import SearchResults


def best(search: SearchResults) -> dict[str, Any] | None:
    """The winner, what it scored, and its test accuracy; None where there is none."""
    winner = search.winner
    if winner is None:
        return None
    trial = search.trials[winner.trial]
    return {
        "trial": winner.trial,
        "values": trial.values,
        "settings": winner.settings,
        "mean": trial.mean,
        "error": trial.error,
        "test_accuracy": winner.mean,
        "test_error": winner.error,
    }


def trials(search: SearchResults) -> list[dict[str, Any]]:
    """A line a trial, in the order asked, its values beside its score."""
    return [
        {
            "trial": trial.number,
            **trial.values,
            "state": trial.state,
            "mean": trial.mean,
            "error": trial.error,
            "scores": trial.scores,
            "epochs": trial.epochs,
        }
        for trial in search.trials
    ]


def named(search: SearchResults, folder: Path) -> str:
    """The search's title, or its folder's name."""
    return search.title or folder.resolve().name


def results(search: SearchResults) -> Results:
    """No table of rows, but on what it was made."""
    facts = {"dataset": search.dataset, "seeds": search.seeds, **search.environment}
    return Results(rows=[], claims=[], input_means=[], environment=facts)


def figures(search: SearchResults, folder: Path) -> tuple[Figure, ...]:
    """What can be drawn of it.

    Raises:
        StoreError: the record of one of the winner's nets is missing or damaged.
    """
    name = named(search, folder)
    scores = SearchesFigure(recipe=name, title=search.title, searches=[scored(search, name)])
    if search.winner is None or not search.winner.members:
        return (scores,)
    members = [Member.read(folder / "members" / f"{member}.json") for member in search.winner.members]
    row = RowCurves.over(f"winner, trial {search.winner.trial}", [member.history for member in members])
    return scores, CurvesFigure(recipe=name, title=search.title, rows=[row])


def scored(search: SearchResults, name: str) -> SearchScores:
    """Every trial that has a mean as a point."""
    points = [
        SearchPoint(
            values=trial.values,
            score=trial.mean,
            error=trial.error or 0.0,
            complete=trial.state == "complete",
        )
        for trial in search.trials
        if trial.mean is not None
    ]
    numbers = [trial.number for trial in search.trials if trial.mean is not None]
    return SearchScores(
        name=name,
        setting={},
        inits=search.strategy["inits"],
        published_best={},
        replicates=[points],
        metric=search.strategy["metric"],
        chosen=numbers.index(search.winner.trial) if search.winner else None,
    )
