"""The lines around those that are named as wrong: what is missing in one may be missing in front of it, or where its
function is called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chainrule.gradcheck.program.interface import NamedStatement, SourceLine

_WORD = re.compile(r"\w+")


def calls(
    statements: Sequence[NamedStatement], named: Sequence[SourceLine], every: Sequence[SourceLine]
) -> list[SourceLine]:
    """Of some lines those that call the functions in which others stand."""
    inside = {
        each.function.rpartition(".")[2] for each in statements for line in named
        if each.line.file == line.file and each.first <= line.number <= each.last
    }  # fmt: skip
    is_call = re.compile(rf"(?<!def )\b(?:{'|'.join(map(re.escape, inside))})\(")
    return [line for line in every if inside and is_call.search(line.text)]


def feeding(statements: Sequence[NamedStatement], named: Sequence[SourceLine]) -> list[SourceLine]:
    """The lines that give what others read, of each the last before it; the nearest first."""
    found = dict[SourceLine, int]()
    for line in named:
        here = [s for s in statements if s.line.file == line.file and s.first <= line.number <= s.last]
        read = {(each.start, word) for each in here for word in _WORD.findall(each.text)}
        before = {
            (each.start, each.whole or each.target): each.line
            for each in statements
            if each.line.file == line.file and each.last < line.number
        }
        found |= {its: line.number - its.number for key, its in before.items() if key in read}
    return sorted(found, key=found.__getitem__)


def filling(statements: Sequence[NamedStatement], named: Sequence[SourceLine]) -> list[SourceLine]:
    """The lines that change what others make, as those do that fill an array of zeros."""
    made = {
        (each.line.file, each.start, each.whole or each.target, line.number)
        for each in statements
        for line in named
        if each.line.file == line.file and each.first <= line.number <= each.last
    }
    found = (
        each.line
        for each in statements
        for file, start, target, number in made
        if (each.line.file, each.start, each.whole or each.target) == (file, start, target)
        if each.first > number
    )
    return list(dict.fromkeys(found))


def endings(statements: Sequence[NamedStatement], named: Sequence[SourceLine]) -> list[SourceLine]:
    """The last statements of the functions in which some lines stand."""
    starts = {
        (each.line.file, each.start)
        for each in statements
        for line in named
        if each.line.file == line.file and each.first <= line.number <= each.last
    }
    last = {
        (each.line.file, each.start): each.line for each in sorted(statements, key=lambda each: each.first)
    }
    return [line for place, line in last.items() if place in starts]
