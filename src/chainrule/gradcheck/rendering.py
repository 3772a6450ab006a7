"""A check in words for a terminal, and as a table for Jupyter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chainrule.gradcheck.result import Cause, Line, Tensor
from chainrule.text import escaped_html

_SAYS = {"right": "right", "suspect": "suspect", "wrong": "WRONG"}
_HEADINGS = ("parameter", "shape", "verdict", "relative norm", "largest", "compared")


def text(
    headline: str, causes: Sequence[Cause], tensors: Sequence[Tensor], against: str, notes: Sequence[str]
) -> str:
    """The headline, the causes, the table of tensors and the notes, in lines.

    Args:
        headline: the outcome in one line.
        causes: most likely first.
        tensors: one line of the table each.
        against: what they were compared with, said below the table.
        notes: what a reader should know.
    """
    lines = [headline]
    for number, cause in enumerate(causes, start=1):
        lines += ["", *_cause_lines(cause, number, tied=number > 1 and cause.sure == causes[0].sure)]
    lines += ["", *_table(tensors), against, *_worst(tensors)] if tensors else []
    return "\n".join([*lines, *([""] if notes else []), *(f"note: {note}" for note in notes)])


def _cause_lines(cause: Cause, number: int, *, tied: bool) -> Iterator[str]:
    tie = " (as likely as the first)" if tied else ""
    yield f"{number}. {cause.name}, {cause.sure:.0%} sure{tie}"
    yield f"   {cause.evidence}"
    if cause.line is not None:
        yield f"   {cause.line}:"
        yield f"     {cause.line.text.strip()}"
    yield f"   repair: {cause.repair}"


def _table(tensors: Sequence[Tensor]) -> Iterator[str]:
    rows = [_HEADINGS, *map(_row, tensors)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _worst(tensors: Sequence[Tensor]) -> Iterator[str]:
    for tensor in tensors:
        for entry in tensor.worst[:1]:
            yield f"{tensor.name}{list(entry.index)}: gradient {entry.analytic:.6g}, numeric {entry.numeric:.6g}"


def _row(tensor: Tensor) -> tuple[str, ...]:
    verdict = "zero" if tensor.zero and tensor.verdict == "right" else _SAYS[tensor.verdict]
    compared = f"{tensor.checked} directions" if tensor.coverage else f"{tensor.checked} entries"
    return (
        tensor.name, " x ".join(map(str, tensor.shape)) or "1", verdict, f"{tensor.difference:.1e}",
        f"{tensor.largest:.1e}", compared,
    )  # fmt: skip


def html(headline: str, causes: Sequence[Cause], tensors: Sequence[Tensor], notes: Sequence[str]) -> str:
    """The same as HTML, everything escaped."""
    head = "".join(f"<th>{cell}</th>" for cell in _HEADINGS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escaped_html(c)}</td>" for c in _row(t)) + "</tr>" for t in tensors
    )
    return (
        f"<div><p><strong>{escaped_html(headline)}</strong></p><ol>{''.join(map(_html_cause, causes))}</ol>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<ul>{''.join(f'<li>{escaped_html(note)}</li>' for note in notes)}</ul></div>"
    )


def _html_cause(cause: Cause) -> str:
    name, evidence, repair = map(escaped_html, (cause.name, cause.evidence, cause.repair))
    where = _html_line(cause.line) if cause.line else ""
    return f"<li><strong>{name}</strong>, {cause.sure:.0%} sure<br>{evidence}{where}<br>repair: {repair}</li>"


def _html_line(line: Line) -> str:
    return f"<br>{escaped_html(str(line))}: <code>{escaped_html(line.text.strip())}</code>"
