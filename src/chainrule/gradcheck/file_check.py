"""One file checked: a row for each of its gradients."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.against import Against
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.result import Verdict
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from chainrule.gradcheck.sandbox.staging import sources_root
from chainrule.text import escaped_html

RowVerdict = Literal["right", "suspect", "wrong", "not checked"]


class GradientSource(Protocol):
    """Where gradients are that can be asked about one at a time: a file in a process of its own, or this process."""

    path: Path
    gradients: list[Recognised]

    def choose(self, number: int, variant: int | None = None) -> None:
        """As of :class:`chainrule.gradcheck.sandbox.remote.RemoteProgram`."""


@dataclass(frozen=True)
class Conditions:
    """How a file is checked; of a folder, all of its files.

    Attributes:
        limits: what each may take.
        seed: of all that is drawn.
        untrusted: run only what this system can confine.
        explained: look for causes and lines; without, the outcome is the same, and found sooner.
        against: the file whose cost, parameters and data count in the place of their own; of several gradients the
            first one is held against it.
        pick: the number of the only gradient that is checked, counted from 1; None: all of them.
    """

    limits: Limits
    seed: int = 0
    untrusted: bool = True
    explained: bool = True
    against: Path | None = None
    pick: int | None = None


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
    """

    number: int
    gradient: str
    cost_function: str
    adapter: str
    check: Check | None = None
    error: CheckError | None = None
    seconds: float = 0.0

    @property
    def reason(self) -> str:
        """Why it was not checked, in a line; empty where it was."""
        return "; ".join(self.error.problems) if self.error is not None else ""

    @property
    def verdict(self) -> RowVerdict:
        """Of the check, or that there was none."""
        return self.check.verdict if self.check is not None else "not checked"

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
    def not_checked(self) -> list[GradientRow]:
        """Those that were not."""
        return [row for row in self.rows if row.check is None]

    @property
    def verdict(self) -> Verdict:
        """The worst of those that were checked."""
        order: tuple[Verdict, ...] = ("right", "suspect", "wrong")
        return max((outcome.verdict for outcome in self.checked), key=order.index)

    @property
    def right(self) -> bool:
        """Whether all are right, and none was left unchecked."""
        return self.verdict == "right" and not self.not_checked

    def __bool__(self) -> bool:
        return self.right

    @property
    def headline(self) -> str:
        """The outcome in one line: of a single gradient its own; of several, how many are what."""
        if len(self.rows) == 1:
            return self.checked[0].headline
        names = {
            verdict: [row.gradient for row in self.rows if row.verdict == verdict]
            for verdict in ("wrong", "suspect", "not checked", "right")
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
        else f"<p>not checked: {escaped_html(row.reason)}</p>"
    )
    return f"<h4>{escaped_html(_title(row))}</h4>{shown}"


def _block(row: GradientRow) -> str:
    return f"--- {_title(row)}\n{row.check if row.check is not None else f'not checked: {row.reason}'}"


def check_file(path: Path, conditions: Conditions, root: Path | None = None) -> FileCheck:
    """Check one file in a process of its own.

    ``root`` is that of :class:`chainrule.gradcheck.sandbox.remote.RemoteProgram`.

    Raises:
        CheckError: none of its gradients can be checked.
    """
    limits, seed = conditions.limits, conditions.seed
    remote = RemoteProgram(path, limits, seed, root=root, untrusted=conditions.untrusted)
    with remote as program:
        outcome = rows_of_all(remote, program, conditions)
    return replace(outcome, notes=(*remote.notes, *outcome.notes))


def rows_of_all(
    source: GradientSource, program: Program, conditions: Conditions, places: Sequence[int] | None = None
) -> FileCheck:
    """A row for each gradient of a file.

    Args:
        source: the file.
        program: the gradient of it that was chosen last.
        conditions: of the checks.
        places: of the gradients that are meant; None: all of them.

    Raises:
        CheckError: none can be checked.
    """
    meant = chosen(source, conditions) if places is None or conditions.pick else places
    rows = tuple(_row(source, program, place, conditions) for place in meant)
    outcome = FileCheck(rows, tuple(_left_aside(source, rows)))
    if outcome.checked:
        return outcome
    if len(rows) == 1 and rows[0].error is not None:
        raise rows[0].error
    kind = TimeUpError if any(isinstance(row.error, TimeUpError) for row in rows) else CheckError
    raise kind(*(f"{source.path.name}: {row.gradient}: {row.reason}" for row in rows), names_file=True)


def _left_aside(source: GradientSource, rows: Sequence[GradientRow]) -> list[str]:
    """What of a file has no row, as it was not asked for."""
    numbers = {row.number for row in rows}
    others = [g.gradient for number, g in enumerate(source.gradients, start=1) if number not in numbers]
    return [f"not asked for: {', '.join(others)}"] if others else []


def chosen(source: GradientSource, conditions: Conditions) -> list[int]:
    """The places of the gradients that are meant.

    Raises:
        CheckError: there is none of the number that was picked.
    """
    every = list(range(len(source.gradients)))
    if conditions.pick is None:
        return [_first_that_runs(source)] if conditions.against is not None else every
    if not 1 <= conditions.pick <= len(every):
        listed = ", ".join(f"{place + 1} {source.gradients[place].gradient}" for place in every)
        raise CheckError(f"--pick {conditions.pick}: there is no such gradient; the file has {listed}")
    return [conditions.pick - 1]


def _first_that_runs(source: GradientSource) -> int:
    """The place of the first gradient that can be checked."""
    return next(place for place, gradient in enumerate(source.gradients) if gradient.runs)


def doubt(recognised: Recognised, place: int) -> str:
    """Why a gradient is not checked, and how to have it checked all the same."""
    return f"{recognised.doubt}: --pick {place + 1}" if recognised.runs else recognised.doubt


def _row(source: GradientSource, program: Program, place: int, conditions: Conditions) -> GradientRow:
    recognised = source.gradients[place]
    row = GradientRow(place + 1, recognised.gradient, recognised.cost, recognised.text)
    started = time.monotonic()
    try:
        with _named(source.path):
            if recognised.doubt and not (recognised.runs and conditions.pick):
                raise CheckError(doubt(recognised, place))
            source.choose(place)
            outcome = _outcome(source, program, place, conditions)
            return replace(row, check=outcome, seconds=time.monotonic() - started)
    except CheckError as error:
        return replace(row, error=error, seconds=time.monotonic() - started)


def _outcome(source: GradientSource, program: Program, place: int, conditions: Conditions) -> Check:
    """The outcome of the gradient that has been chosen."""
    if conditions.against is not None:
        return _against(conditions.against, program, conditions)
    recognised = source.gradients[place]
    outcome = check(program, seed=conditions.seed, explained=conditions.explained)
    outcome = replace(outcome, notes=(*recognised.notes, *outcome.notes))
    return _with_variants(source, program, place, conditions, outcome) if outcome.right else outcome


def _with_variants(
    source: GradientSource, program: Program, place: int, conditions: Conditions, outcome: Check
) -> Check:
    """The outcome of a gradient that is right, once other depths and options have been tried: the first with which it
    is wrong counts."""
    recognised = source.gradients[place]
    tried: dict[str, list[str]] = {}
    untried = []
    for number, variant in enumerate(recognised.variants):
        values, here = tried.setdefault(variant.varied, [variant.given]), variant.varied.format(variant.value)
        try:
            if not variant.text:
                raise CheckError("cost and gradient do not both take it, or do not run with it")
            source.choose(place, number)
            other = check(program, seed=conditions.seed, explained=conditions.explained)
        except TimeUpError:
            raise
        except CheckError as error:
            # Code that is not written for such a net is no mistake.
            untried.append(f"{here} ({error})")
            continue
        if not other.right:
            where = f"right with {_of_values(variant.varied, values)}, not with {here}: the figures are those"
            return replace(other, notes=(*recognised.notes, where, *other.notes))
        values.append(variant.value)
    also = [_of_values(varied, values) for varied, values in tried.items() if values[1:]]
    return replace(outcome, tried=(*outcome.tried, *also), not_tried=(*outcome.not_tried, *untried))


def _of_values(varied: str, values: Sequence[str]) -> str:
    """``nets of depth 1, 2 and 3``."""
    *others, last = sorted(values)
    return varied.format(f"{', '.join(others)} and {last}" if others else last)


def _against(file: Path, program: Program, conditions: Conditions) -> Check:
    """Check the gradient of a program against a reference, which runs in a process of its own."""
    limits, seed = conditions.limits, conditions.seed
    remote = RemoteProgram(file, limits, seed, root=sources_root(file.resolve()))
    with remote as reference:
        if len(remote.gradients) > 1:
            remote.choose(_first_that_runs(remote))
        both = Against(reference, program, file.name)
        outcome = check(both, seed=seed, explained=conditions.explained, cost_is_given=True)
    said = f"cost, parameters and data are those of {file.name}"
    told = (f"{file.name}: {note}" for note in remote.notes)
    return replace(outcome, notes=(said, *told, *outcome.notes))


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the file's name in front of what is found to be wrong with it."""
    try:
        yield
    except CheckError as error:
        if error.names_file:
            raise
        raise CheckError(*(f"{path.name}: {line}" for line in error.problems), names_file=True) from error
