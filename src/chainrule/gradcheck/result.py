"""What a check finds, as plain data: a verdict for every tensor, and causes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

Verdict = Literal["right", "suspect", "wrong"]
Fault = Literal["gradient", "cost", "cost or gradient", "numeric check", "update"]
"""What is wrong; ``cost or gradient`` where each is right for itself, and nothing says which of the two is meant."""


@dataclass(frozen=True)
class Entry:
    """One entry of a tensor: its index, the value that the gradient gives, and the numeric one."""

    index: tuple[int, ...]
    analytic: float
    numeric: float


@dataclass(frozen=True)
class Tensor:
    """One parameter's gradient beside the numeric one.

    Attributes:
        name: the parameter's.
        shape: its shape.
        verdict: from ``difference``: right below 1e-7, suspect below 1e-4, wrong above; right as well when both
            gradients lie under the noise floor.
        difference: |g - n| / max(|g|, |n|) in Euclidean norms; 0 for two zero gradients.
        largest: the largest absolute difference of an entry.
        zero: both gradients lie under the noise floor.
        worst: the entries that differ most, worst first.
        checked: how many entries were compared, or directions where they are too many.
        kinks: entries at which a ReLU or a hinge bends within the step, so that any value between the one-sided
            slopes is right.
        excused: the part of the gradient, in norm, by which it may differ at kinks.
        coverage: what the comparison could have missed, in words; empty when every entry was compared.
    """

    name: str
    shape: tuple[int, ...]
    verdict: Verdict
    difference: float
    largest: float
    zero: bool = False
    worst: tuple[Entry, ...] = ()
    checked: int = 0
    kinks: int = 0
    excused: float = 0.0
    coverage: str = ""

    @property
    def misshapen(self) -> bool:
        """Whether the gradient has another shape than the parameter."""
        return self.difference == float("inf")


def worst(tensors: Iterable[Tensor]) -> Verdict:
    """The worst verdict of a tensor."""
    order: tuple[Verdict, ...] = ("right", "suspect", "wrong")
    return max((tensor.verdict for tensor in tensors), key=order.index)


@dataclass(frozen=True)
class Line:
    """A line of the user's source: the file's name, the number counted from 1 (in a notebook, within the cell) and
    the text; ``cell`` counts code cells from 1 and is None elsewhere. ``right``: what was tried in its place, and makes
    the gradient right, of several mistakes with those of the others; empty where nothing was."""

    file: str
    number: int
    text: str
    cell: int | None = None
    right: str = ""

    @classmethod
    def of_source(cls, file: str, number: int, text: str) -> Line:
        """A line of a file as tracebacks name it; a notebook's cells are files of their own, ``net.ipynb, cell 3``."""
        cell = re.fullmatch(r"(.+), cell (\d+)", file)
        path, count = (file, None) if cell is None else (cell[1], int(cell[2]))
        return cls(Path(path).name, number, text, count)

    @property
    def place(self) -> str:
        """``line 14``, ``cell 3, line 2``."""
        return f"cell {self.cell}, line {self.number}" if self.cell else f"line {self.number}"

    def __str__(self) -> str:
        return f"{self.file}, {self.place}" if self.file else self.place


@dataclass(frozen=True)
class Cause:
    """One explanation of what is wrong.

    Attributes:
        name: one of :data:`chainrule.gradcheck.catalogue.BUGS`; these names are stable.
        tensors: the parameters whose gradients it explains.
        sure: how sure, 0 to 1; causes with the same value that explain the same tensors are ties.
        evidence: what was measured.
        repair: what to change, in words.
        line: where the offending value is formed, if it could be found.
    """

    name: str
    tensors: tuple[str, ...]
    sure: float
    evidence: str
    repair: str
    line: Line | None = None


class TextEdit(NamedTuple):
    """A piece of the user's source, and what is written in its place.

    Attributes:
        file: as tracebacks name it.
        line, column: where it begins: a line from 1, a column in characters from 0.
        last_line, last_column: where it ends; the column is that behind it.
        before: the piece.
        after: what takes its place.
    """

    file: str
    line: int
    column: int
    last_line: int
    last_column: int
    before: str
    after: str


@dataclass(frozen=True)
class Repair:
    """A change of the user's source with which a check calls the program right.

    Attributes:
        patch: it, as a unified diff.
        words: what it changes, in a sentence.
        kinds: of what, one for each edit: ``sign``, ``axis``.
        lines: where, with what stands there then.
        points: at how many points the gradient was compared with it.
        tried: where these were, beside the given one.
        bug: what the kind of edit says that was wrong: one of :data:`chainrule.gradcheck.catalogue.BUGS`, or empty.
        edits: the pieces of the source that it changes.
    """

    patch: str
    words: str
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]
    points: int
    tried: tuple[str, ...] = ()
    bug: str = ""
    edits: tuple[TextEdit, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON knows."""
        return asdict(self) | {"edits": [edit._asdict() for edit in self.edits]}


ComparedPair = Literal["analytic-central", "analytic-forward", "forward-central"]
"""Which two: derived by hand, by central or by forward differences."""


@dataclass(frozen=True)
class Discrepancy:
    """How far values a of n entries lie from others b; at a kink, from the nearest right value.

    Attributes:
        entries, kinks: how many there are, and at how many the step crosses a kink.
        largest_absolute, mean_absolute: of |a - b|.
        smallest_relative, largest_relative, mean_relative: of |a - b| / max(eps, |a| + |b|).
        relative_norm: the same quotient with the Euclidean norms of all entries.
        share_below: share of entries whose absolute difference lies below a threshold.
    """

    entries: int
    kinks: int
    largest_absolute: float
    mean_absolute: float
    smallest_relative: float
    largest_relative: float
    mean_relative: float
    relative_norm: float
    share_below: float


class MethodDifference(NamedTuple):
    """Two gradients of a parameter, taken in two ways, and how far they lie apart."""

    parameter: str
    compared: ComparedPair
    gap: Discrepancy
