"""The outcome of a file: a row for each of its gradients, in words, as plain data, and for Jupyter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from chainrule.errors import CheckError
from chainrule.gradcheck.hints import HintLevel, hinted
from chainrule.gradcheck.outcome import IF_ASSUMED, Check
from chainrule.gradcheck.result import Verdict
from chainrule.text import escaped_html

RowVerdict = Literal["right", "suspect", "wrong", "not checked", "not written yet"]

_IN_PART = "right as far as checked"
_AS_ASSUMED = f"right{IF_ASSUMED}"


@dataclass(frozen=True)
class GradientRow:
    """What came of one gradient of a file.

    Attributes:
        number: its place in the file's list, from 1.
        gradient: what gives it; empty where the file's own adapter does not name it.
        cost_function: whose gradient it is to be; empty where the file's own adapter says it.
        adapter: the one that was assumed; empty where the file declares its own, or where there is none.
        check: the outcome; None where it was not checked.
        error: why it was not checked.
        seconds: that the check took.
        is_unwritten: whether it was not checked as it is not written yet, and says nothing of the others.
    """

    number: int
    gradient: str
    cost_function: str
    adapter: str
    check: Check | None = None
    error: CheckError | None = None
    seconds: float = 0.0
    is_unwritten: bool = False

    @property
    def reason(self) -> str:
        """Why it was not checked, in a line; empty where it was."""
        return "; ".join(self.error.problems) if self.error is not None else ""

    @property
    def verdict(self) -> RowVerdict:
        """Of the check, or that there was none."""
        if self.check is not None:
            return self.check.verdict
        return "not written yet" if self.is_unwritten else "not checked"

    @property
    def is_whole(self) -> bool:
        """Whether everything of it was checked."""
        return self.check is not None and self.check.whole

    @property
    def words(self) -> str:
        """The verdict as a headline says it."""
        if self.verdict != "right" or self.check is None:
            return self.verdict
        return _IN_PART if not self.is_whole else _AS_ASSUMED if self.check.assumed_cost else "right"

    def as_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON knows."""
        about = {
            "number": self.number,
            "gradient": self.gradient,
            "cost_function": self.cost_function,
            "adapter": self.adapter,
        }
        if self.check is None:
            return about | {"verdict": self.verdict, "reason": self.reason}
        return about | self.check.as_dict()


@dataclass(frozen=True, repr=False)
class FileCheck:
    """The outcome of a file: that of each of its gradients.

    Attributes:
        rows: at least one, and at least one that was checked.
        notes: what of the file was left out, or stood in for.
    """

    rows: tuple[GradientRow, ...]
    notes: tuple[str, ...] = ()

    @property
    def checked(self) -> list[Check]:
        """The outcomes of those that were checked."""
        return [row.check for row in self.rows if row.check is not None]

    @property
    def interrupted(self) -> bool:
        """Whether the search of a repair was; what follows the gradient of which it was, was not checked then."""
        return any(outcome.interrupted for outcome in self.checked)

    @property
    def not_checked(self) -> list[GradientRow]:
        """Those that were not, though they are written."""
        return [row for row in self.rows if row.check is None and not row.is_unwritten]

    @property
    def verdict(self) -> Verdict:
        """The worst of those that were checked."""
        order: tuple[Verdict, ...] = ("right", "suspect", "wrong")
        return max((outcome.verdict for outcome in self.checked), key=order.index)

    @property
    def whole(self) -> bool:
        """Whether none that is written was left unchecked, nor any part of one."""
        return all(row.is_whole or row.is_unwritten for row in self.rows)

    @property
    def right(self) -> bool:
        """Whether all that are written are right, and none was left unchecked, nor any part of one."""
        return self.verdict == "right" and self.whole

    def __bool__(self) -> bool:
        return self.right

    @property
    def headline(self) -> str:
        """The outcome in one line: of a single gradient its own; of several, how many are what."""
        if len(self.rows) == 1:
            return self.checked[0].headline
        names = {
            words: [row.gradient for row in self.rows if row.words == words]
            for words in (
                "wrong",
                "suspect",
                "not checked",
                "not written yet",
                _IN_PART,
                _AS_ASSUMED,
                "right",
            )
        }
        said = [f"{len(same)} {verdict}: {', '.join(same)}" for verdict, same in names.items() if same]
        return f"{len(self.rows)} gradients, {'; '.join(said)}"

    def as_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON knows."""
        rows = [row.as_dict() for row in self.rows]
        causes = [{"gradient": row["gradient"], **cause} for row in rows for cause in row.get("causes", ())]
        return {
            "verdict": self.verdict,
            "right": self.right,
            "headline": self.headline,
            "causes": causes,
            "rows": rows,
            "notes": list(self.notes),
        }

    def with_notes(self) -> FileCheck:
        """The same with what is noted of the file noted of each of its gradients."""
        return self._changed(lambda outcome: replace(outcome, notes=(*self.notes, *outcome.notes)))

    def without_notes(self) -> FileCheck:
        """The same without what a reader should know beside it."""
        return self._changed(lambda outcome: replace(outcome, notes=(), tried=(), not_tried=()))

    def hinted(self, level: HintLevel) -> FileCheck:
        """The same with hints of a level in the place of what was found."""
        hinted_rows = self._changed(lambda outcome: hinted(outcome, level))
        return hinted_rows if self.verdict != "right" else self

    def _changed(self, change: Callable[[Check], Check]) -> FileCheck:
        """Other outcomes, and no notes beside them."""
        rows = (row if row.check is None else replace(row, check=change(row.check)) for row in self.rows)
        return FileCheck(tuple(rows))

    def __str__(self) -> str:
        if len(self.rows) == 1:
            return str(self.with_notes().checked[0])
        blocks = [self.headline, *map(_block, self.rows)]
        notes = "\n".join(f"note: {note}" for note in self.notes)
        return "\n\n".join([*blocks, *([notes] if notes else [])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if len(self.rows) == 1:
            return self.with_notes().checked[0]._repr_html_()
        notes = "".join(f"<li>{escaped_html(note)}</li>" for note in self.notes)
        blocks = "".join(map(_html_block, self.rows))
        return f"<p><strong>{escaped_html(self.headline)}</strong></p>{blocks}<ul>{notes}</ul>"


def _title(row: GradientRow) -> str:
    return f"{row.number}. {row.gradient}" + (f", cost {row.cost_function}" if row.cost_function else "")


def _html_block(row: GradientRow) -> str:
    shown = (
        row.check._repr_html_()
        if row.check is not None
        else f"<p>{row.verdict}: {escaped_html(row.reason)}</p>"
    )
    return f"<h4>{escaped_html(_title(row))}</h4>{shown}"


def _block(row: GradientRow) -> str:
    return f"--- {_title(row)}\n{row.check if row.check is not None else f'{row.verdict}: {row.reason}'}"
