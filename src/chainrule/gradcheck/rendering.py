"""A check in words for a terminal, and as a table for Jupyter."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chainrule.gradcheck.result import Cause, Check, Tensor

_SAYS = {"right": "right", "suspect": "suspect", "wrong": "WRONG"}
_HEADINGS = ("parameter", "shape", "verdict", "relative norm", "largest", "compared")


def text(check: Check) -> str:
    """The verdict, the causes, the table of tensors and the notes, in lines."""
    return "\n".join(_lines(check))


def headline(check: Check) -> str:
    """One line."""
    if check.right:
        kinks = sum(t.kinks for t in check.tensors)
        order = (
            ", if its arrays come back in the order that was guessed (see the note)"
            if check.guessed_order
            else ""
        )
        return f"the {check.name} is right" + (f" ({kinks} entries at kinks)" if kinks else "") + order
    at_fault = f"the {check.fault}" if check.fault else f"the {check.name}"
    said = "is wrong" if check.verdict == "wrong" else "is suspect"
    named = f": {check.causes[0].name}" if check.causes else ""
    return f"{at_fault} {said}{named}"


def _lines(check: Check) -> Iterator[str]:
    yield headline(check)
    for number, cause in enumerate(check.causes, start=1):
        yield ""
        yield from _cause_lines(check, cause, number)
    if check.tensors:
        yield ""
        yield from _table(check)
    if check.notes:
        yield ""
        yield from (f"note: {note}" for note in check.notes)


def _cause_lines(check: Check, cause: Cause, number: int) -> Iterator[str]:
    tie = " (as likely as the first)" if number > 1 and cause in check.tied else ""
    yield f"{number}. {cause.name}, {cause.sure:.0%} sure{tie}"
    yield f"   {cause.evidence}"
    if cause.line is not None:
        yield f"   {cause.line}:"
        yield f"     {cause.line.text.strip()}"
    yield f"   repair: {cause.repair}"


def _table(check: Check) -> Iterator[str]:
    rows = [_HEADINGS, *map(_row, check.tensors)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield f"against {check.scheme}; cost {check.cost:.6g}"
    for tensor in check.tensors:
        for entry in tensor.worst[:1]:
            yield f"{tensor.name}{list(entry.index)}: gradient {entry.analytic:.6g}, numeric {entry.numeric:.6g}"


def _row(tensor: Tensor) -> tuple[str, ...]:
    verdict = "zero" if tensor.zero and tensor.verdict == "right" else _SAYS[tensor.verdict]
    compared = f"{tensor.checked} directions" if tensor.coverage else f"{tensor.checked} entries"
    return (
        tensor.name, " x ".join(map(str, tensor.shape)) or "1", verdict, f"{tensor.difference:.1e}",
        f"{tensor.largest:.1e}", compared,
    )  # fmt: skip


def html(check: Check) -> str:
    """The same as HTML, everything escaped."""
    causes = "".join(_html_cause(cause) for cause in check.causes)
    head = "".join(f"<th>{cell}</th>" for cell in _HEADINGS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in _row(t)) + "</tr>" for t in check.tensors
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in check.notes)
    return (
        f"<div><p><strong>{escape(headline(check))}</strong></p><ol>{causes}</ol>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><ul>{notes}</ul></div>"
    )


def _html_cause(cause: Cause) -> str:
    where = (
        f"<br>{escape(str(cause.line))}: <code>{escape(cause.line.text.strip())}</code>" if cause.line else ""
    )
    return (
        f"<li><strong>{escape(cause.name)}</strong>, {cause.sure:.0%} sure<br>{escape(cause.evidence)}{where}"
        f"<br>repair: {escape(cause.repair)}</li>"
    )
