"""A check in words for a terminal, and as a table for Jupyter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chainrule.gradcheck.result import Cause, Line, Repair, Tensor
from chainrule.text import escaped_html, number_of

_SAYS = {"right": "right", "suspect": "suspect", "wrong": "WRONG"}
_HEADINGS = ("parameter", "shape", "verdict", "relative norm", "largest", "compared")


class BesideCauses(NamedTuple):
    """What is said behind the causes, or in their place.

    Attributes:
        repairs: that were found.
        unrepaired: what was tried in vain, where none was.
        hints: in the place of causes.
    """

    repairs: Sequence[Repair] = ()
    unrepaired: str = ""
    hints: Sequence[str] = ()


NOTHING_BESIDE = BesideCauses()


def text(
    headline: str,
    causes: Sequence[Cause],
    tensors: Sequence[Tensor],
    against: str,
    notes: Sequence[str],
    beside: BesideCauses = NOTHING_BESIDE,
) -> str:
    """The headline, the causes, the table of tensors and the notes, in lines.

    Args:
        headline: the outcome in one line.
        causes: most likely first.
        tensors: one line of the table each.
        against: what they were compared with, said below the table.
        notes: what a reader should know.
        beside: what is said behind the causes.
    """
    lines = [headline]
    for number, cause in enumerate(causes, start=1):
        lines += ["", *_cause_lines(cause, number, tied=number > 1 and cause.sure == causes[0].sure)]
    lines += _beside_lines(beside)
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


def _beside_lines(beside: BesideCauses) -> Iterator[str]:
    if beside.hints:
        yield from ("", *(f"hint: {hint}" for hint in beside.hints))
    if beside.unrepaired:
        yield from ("", f"no repair was found: {beside.unrepaired}")
    for number, repair in enumerate(beside.repairs):
        yield from ("", f"{repair_headline(repair, tied=number > 0)}", *repair.patch.splitlines())


def repair_headline(repair: Repair, *, tied: bool) -> str:
    """At how many points a repair was verified, where, and what it changes."""
    where = f" ({'; '.join(repair.tried)})" if repair.tried else ""
    tie = ", as good as the first" if tied else ""
    return f"repair{tie}: verified at {repair.points} points{where}: {repair.words}"


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
    compared = number_of(tensor.checked, *(("direction",) if tensor.coverage else ("entry", "entries")))
    return (
        tensor.name, " x ".join(map(str, tensor.shape)) or "1", verdict, f"{tensor.difference:.1e}",
        f"{tensor.largest:.1e}", compared,
    )  # fmt: skip


def html(
    headline: str,
    causes: Sequence[Cause],
    tensors: Sequence[Tensor],
    notes: Sequence[str],
    beside: BesideCauses = NOTHING_BESIDE,
) -> str:
    """The same as HTML, everything escaped."""
    head = "".join(f"<th>{cell}</th>" for cell in _HEADINGS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escaped_html(c)}</td>" for c in _row(t)) + "</tr>" for t in tensors
    )
    return (
        f"<div><p><strong>{escaped_html(headline)}</strong></p><ol>{''.join(map(_html_cause, causes))}</ol>"
        f"{_html_beside(beside)}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<ul>{''.join(f'<li>{escaped_html(note)}</li>' for note in notes)}</ul></div>"
    )


def _html_cause(cause: Cause) -> str:
    name, evidence, repair = map(escaped_html, (cause.name, cause.evidence, cause.repair))
    where = _html_line(cause.line) if cause.line else ""
    return f"<li><strong>{name}</strong>, {cause.sure:.0%} sure<br>{evidence}{where}<br>repair: {repair}</li>"


def _html_line(line: Line) -> str:
    return f"<br>{escaped_html(str(line))}: <code>{escaped_html(line.text.strip())}</code>"


_COLOURS = {"+": "#22863a", "-": "#b31d28", "@": "#6a737d"}
"""Of the lines of a diff, by what they begin with."""


def _html_beside(beside: BesideCauses) -> str:
    if beside.hints:
        return f"<ul>{''.join(f'<li>{escaped_html(hint)}</li>' for hint in beside.hints)}</ul>"
    if beside.unrepaired:
        return f"<p>no repair was found: {escaped_html(beside.unrepaired)}</p>"
    return "".join(
        f"<p>{escaped_html(repair_headline(repair, tied=number > 0))}</p>"
        f"<pre>{''.join(map(_html_diff_line, repair.patch.splitlines()))}</pre>"
        for number, repair in enumerate(beside.repairs)
    )


def _html_diff_line(line: str) -> str:
    colour = _COLOURS.get(line[:1], "inherit")
    return f'<span style="color:{colour}">{escaped_html(line)}</span>\n'
