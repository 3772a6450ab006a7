"""What a report leaves unsaid, as its recipe holds it: each unknown with the settings that it may have been.

An unknown names the rows whose published numbers bear on it, what the recipe assumes of it, and the alternatives.
Unknowns with ``crossed`` act on the same numbers, so they are judged together: every combination of their candidates is
tried, and the odds of one are over all that the others may have been. Every other unknown is judged by itself, all
others being as the recipe assumes.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, model_validator

from chainrule.errors import suggestion
from chainrule.settings.settings import Settings
from chainrule.settings.strict import Strict

RowSettings = Mapping[str, Mapping[str, Any]]
"""What every row of a table sets, by its name."""

MOST_COMBINATIONS = 24
"""Of crossed unknowns: every one of them is trained with every seed."""

Combination = Mapping[str, str]
"""A candidate's name for each unknown of a group."""


class Alternative(Strict):
    """What an unknown may have been instead of what the recipe assumes: what it sets on top of a row."""

    name: Annotated[str, Field(min_length=1)]
    set: Annotated[dict[str, Any], Field(min_length=1)]


class Unknown(Strict):
    """A setting that the report leaves unsaid, or that its numbers make doubtful.

    Attributes:
        name: as the recipe's ``inferred`` names it, where it does.
        rows: whose published numbers bear on it; every alternative changes each of them.
        assumed: what the recipe's own settings are called.
        alternatives: what else it may have been.
        crossed: judged together with all other crossed ones, see :mod:`chainrule.experiments.unknowns`.
    """

    name: Annotated[str, Field(min_length=1)]
    rows: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    assumed: Annotated[str, Field(min_length=1)]
    alternatives: Annotated[tuple[Alternative, ...], Field(strict=False, min_length=1)]
    crossed: bool = False

    @model_validator(mode="after")
    def _once(self) -> Unknown:
        twice = [name for name in dict.fromkeys(self.candidates) if self.candidates.count(name) > 1]
        if twice:
            raise ValueError(f"unknown '{self.name}': the candidate '{twice[0]}' is given twice")
        return self

    @property
    def candidates(self) -> tuple[str, ...]:
        """Their names, the assumed one first."""
        return self.assumed, *(alternative.name for alternative in self.alternatives)

    def sets(self, candidate: str) -> dict[str, Any]:
        """What a candidate sets on top of a row; nothing for the assumed one."""
        return next((other.set for other in self.alternatives if other.name == candidate), {})


UnknownGroup = tuple[Unknown, ...]
"""Unknowns that are judged together: all crossed ones of a table, or another one alone."""


def groups(unknowns: Sequence[Unknown]) -> list[UnknownGroup]:
    """The unknowns as they are judged, each once."""
    crossed = tuple(unknown for unknown in unknowns if unknown.crossed)
    return [*([crossed] if crossed else []), *((unknown,) for unknown in unknowns if not unknown.crossed)]


def choices(group: UnknownGroup) -> list[Combination]:
    """Every combination of a group's candidates, what the recipe assumes first."""
    names = [unknown.name for unknown in group]
    return [
        dict(zip(names, candidates, strict=True))
        for candidates in itertools.product(*(unknown.candidates for unknown in group))
    ]


def bearing(group: UnknownGroup) -> list[str]:
    """The rows whose numbers a group is judged by."""
    return list(dict.fromkeys(row for unknown in group for row in unknown.rows))


def under(row: str, rows: RowSettings, group: UnknownGroup, choice: Combination) -> dict[str, Any]:
    """What a row sets under a choice."""
    own = dict(rows[row])
    for unknown in group:
        if row in unknown.rows:
            own |= unknown.sets(choice[unknown.name])
    return own


def own_settings(unknowns: Sequence[Unknown], rows: RowSettings) -> list[tuple[str, dict[str, Any]]]:
    """What every row sets under every alternative, and under every combination of crossed ones, with its name."""
    return [
        (label(name, choice, group), under(name, rows, group, choice))
        for group in groups(unknowns)
        for choice in choices(group)[1:]
        for name in bearing(group)
    ]


def label(row: str, choice: Combination, group: UnknownGroup) -> str:
    """What a row under a choice is called in problems: the alternatives that act on it."""
    acting = (unknown for unknown in group if row in unknown.rows)
    chosen = (f"{u.name}: {choice[u.name]}" for u in acting if choice[u.name] != u.assumed)
    return ", ".join([row, *chosen])


def idle(unknowns: Sequence[Unknown], resolved: Mapping[str, Settings]) -> list[str]:
    """Alternatives that leave a row they name as it is, by the whole settings of rows and of :func:`own_settings`."""
    return [
        f"unknown '{unknown.name}': '{alternative.name}' changes nothing of row '{row}'; leave the row out"
        for unknown in unknowns
        for alternative in unknown.alternatives
        for row in unknown.rows
        if resolved[label(row, {unknown.name: alternative.name}, (unknown,))] == resolved[row]
    ]


def problems(
    unknowns: Sequence[Unknown],
    inferred: Sequence[str],
    not_tried: Mapping[str, str],
    published: Mapping[str, bool],
) -> list[str]:
    """What is wrong between unknowns and the rest of a table, one line each.

    Args:
        unknowns: of the table.
        inferred: everything that the table calls so.
        not_tried: why an inferred entry has no unknown.
        published: for each row whether it publishes a number.
    """
    names = [unknown.name for unknown in unknowns]
    lines = [
        f"unknowns: the name '{name}' is given twice"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    for unknown in unknowns:
        lines += [
            f"unknown '{unknown.name}' names the row '{row}'; {suggestion(row, published)}"
            if row not in published
            else f"unknown '{unknown.name}': row '{row}' publishes nothing that could bear on it; leave it out"
            for row in unknown.rows
            if not published.get(row)
        ]
    lines += [
        f"not_tried: '{name}' is no inferred entry; {suggestion(name, inferred)}"
        for name in not_tried
        if name not in inferred
    ]
    lines += [
        f"not_tried: '{name}' is an unknown too; drop one of the two" for name in names if name in not_tried
    ]
    return [*lines, *_crossing([unknown for unknown in unknowns if unknown.crossed])]


def _crossing(crossed: Sequence[Unknown]) -> Iterator[str]:
    count = math.prod(len(unknown.candidates) for unknown in crossed)
    if count > MOST_COMBINATIONS:
        yield (
            f"unknowns: the crossed ones have {count} combinations, {MOST_COMBINATIONS} at most are tried; "
            "set crossed = false for some"
        )
    for first, second in itertools.combinations(crossed, 2):
        shared = [row for row in first.rows if row in second.rows]
        both = _keys(first) & _keys(second)
        if shared and both:
            yield (
                f"unknowns '{first.name}' and '{second.name}' are crossed and both set {sorted(both)[0]} "
                f"of row '{shared[0]}'; set crossed = false for one"
            )


def _keys(unknown: Unknown) -> set[str]:
    return {key for alternative in unknown.alternatives for key in alternative.set}
