"""Several gradients of a file: the verdict of each comes before the causes of any, which may take all the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chainrule.gradcheck.diagnosis.remaining import told_undone
from chainrule.gradcheck.files.file_outcome import GradientRow
from chainrule.gradcheck.result import Cause


def rows_explained(
    places: Sequence[int],
    explained: Callable[[int, Sequence[Cause]], GradientRow],
    verdict: Callable[[int], GradientRow] | None,
) -> Iterator[GradientRow]:
    """One row after the other: what was found in a layer may be what is wrong with a net that calls it.

    Args:
        places: of the gradients.
        explained: gives the row of one with its causes, beside those that were found before it.
        verdict: gives it without; None where no causes are asked for.
    """
    judged = [verdict(place) for place in places] if verdict is not None and len(places) > 1 else []
    found: list[Cause] = []
    for number, place in enumerate(places):
        first = judged[number] if judged else None
        row = first if first is not None and _is_settled(first) else explained(place, found)
        if row.check is None and first is not None and first.check is not None:
            # There was no time left to look for them.
            outcome = first.check
            row = replace(first, check=replace(outcome, notes=(*outcome.notes, *told_undone(["its causes"]))))
        yield row
        found += row.check.causes if row.check is not None else ()


def _is_settled(row: GradientRow) -> bool:
    """Whether there is nothing to be explained."""
    return row.check is None or row.check.right
