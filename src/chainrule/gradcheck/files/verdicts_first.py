"""Several gradients of a file: the verdict of each comes before the causes of any, and what takes long comes last.

Each has a small part of the time at first; those for which it is too little share what is left after that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chainrule.errors import TimeUpError
from chainrule.gradcheck.diagnosis.remaining import told_undone
from chainrule.gradcheck.files.file_outcome import GradientRow
from chainrule.gradcheck.result import Cause

_AT_FIRST = 0.25
"""The part of the time that all have together before any has more."""

_VERDICTS = 0.75
"""The part of what is left then that those without a verdict have before causes are looked for."""


def rows_explained(
    places: Sequence[int],
    explained: Callable[[int, Sequence[Cause]], GradientRow],
    verdict: Callable[[int], GradientRow] | None,
    take_turn: Callable[[float], None],
) -> Iterator[GradientRow]:
    """The rows in their order: what was found in a layer may be what is wrong with a net that calls it.

    Args:
        places: of the gradients.
        explained: gives the row of one with its causes, beside those that were found before it.
        verdict: gives it without; None where no causes are asked for.
        take_turn: says which part of the time that is left the next row may take.
    """
    first: dict[int, GradientRow] = {}
    if verdict is not None and len(places) > 1:
        first = _in_turns(places, verdict, take_turn, _VERDICTS)
    rows = {place: row for place, row in first.items() if _is_settled(row)}

    def with_causes(place: int) -> GradientRow:
        found = [row.check.causes for _, row in sorted(rows.items()) if row.check is not None]
        before = rows.get(place, first.get(place))
        rows[place] = _at_least(before, explained(place, [c for causes in found for c in causes]))
        return rows[place]

    rows |= _in_turns([place for place in places if place not in rows], with_causes, take_turn, 1.0)
    yield from (rows[place] for place in places if place in rows)


def _in_turns(
    places: Sequence[int],
    row_of: Callable[[int], GradientRow],
    take_turn: Callable[[float], None],
    all_of_it: float,
) -> dict[int, GradientRow]:
    """The rows of some places; none behind one at which the search was interrupted."""
    rows: dict[int, GradientRow] = {}
    parts = (_AT_FIRST, all_of_it) if len(places) > 1 else (all_of_it,)
    for part in parts:
        left = [place for place in places if place not in rows or _is_out_of_time(rows[place])]
        for number, place in enumerate(left):
            take_turn(part / (len(left) - number))
            row = rows[place] = row_of(place)
            if row.check is not None and row.check.interrupted:
                return rows
    return rows


def _at_least(before: GradientRow | None, row: GradientRow) -> GradientRow:
    """A row with its causes; where there was no time left to look for them, the one before."""
    if row.check is not None or before is None or before.check is None:
        return row
    if before.check.undone:
        return before
    outcome, undone = before.check, ("its causes",)
    notes = (*outcome.notes, *told_undone(undone, begun=False))
    return replace(before, check=replace(outcome, notes=notes, undone=undone))


def _is_out_of_time(row: GradientRow) -> bool:
    """Whether a row would say more with more time: not where a repair was found, the search of which would begin
    anew."""
    if row.check is None:
        return isinstance(row.error, TimeUpError)
    return bool(row.check.undone) and not row.check.repairs


def _is_settled(row: GradientRow) -> bool:
    """Whether there is nothing to be explained."""
    return row.check.right if row.check is not None else not _is_out_of_time(row)
