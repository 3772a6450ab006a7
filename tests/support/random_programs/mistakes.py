"""Mistakes: each changes one line of a program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from support.random_programs.lines import TextLine


class LineMistake(NamedTuple):
    """A mistake.

    Attributes:
        name: what it is.
        what: on which lines it can be made.
        old: a pattern in such a line; the first place where it matches is changed.
        new: what stands there then; a line of which nothing is left is left out.
    """

    name: str
    what: str
    old: str
    new: str


_ALL = r"^.*$"
_PENALTY = r" \+ (2 \* )?((self\.)?\w+)( / \w+)? \* (.+)$"

MISTAKES = (
    LineMistake("no batch mean", "mean", _ALL, ""),
    LineMistake("batch mean twice", "mean", r"$", " / 6"),
    LineMistake("squared batch size", "mean", r"/ (\w+)$", r"/ \1 ** 2"),
    LineMistake("wrong sign", "error", r"= (\w+) - (.+)$", r"= \2 - \1"),
    LineMistake("wrong sign", "error", r"-= 1", "+= 1"),
    LineMistake("sign of the squared error", "error", r"\((\w+) - ([^()]+(?:\(.*?\))?)\) \*", r"(\2 - \1) *"),
    LineMistake("no labels", "error", r" - .+$", ""),
    LineMistake("no labels", "error", r"^.* -= 1$", ""),
    LineMistake("sigmoid' too many", "error", r"= (\w+) - (.+)$", r"= (\1 - \2) * \1 * (1 - \1)"),
    LineMistake("no sigmoid'", "error", r" \* (\w+) \* \(1 - \1\)", ""),
    LineMistake("half a sigmoid'", "error", r" \* (\w+) \* \(1 - \1\)", r" * (1 - \1)"),
    LineMistake("factor 2", "error", r"= (.+)$", r"= 2 * (\1)"),
    LineMistake("hinge of the wrong side", "hinge", r"> 0", "<= 0"),
    LineMistake("hinge not counted", "hinge", r"\(margins > 0\) \* 1\.0", "margins * 1.0"),
    LineMistake("no correct class", "correct class", _ALL, ""),
    LineMistake("correct class with its sign", "correct class", r"= -", "= "),
    LineMistake("correct class with its sign", "correct class", r" - ", " + "),
    LineMistake("correct class counted once", "correct class", r"-np\.sum\(.*$", "-1"),
    LineMistake("bias mean", "db", r"np\.sum", "np.mean"),
    LineMistake("bias over all", "db", r", axis=.*\)$", ")"),
    LineMistake("bias over units", "db", r"axis=(\d)", r"axis=1 - \1"),
    LineMistake("half a bias", "db", r"= ", "= 0.5 * "),
    LineMistake("no penalty", "dW", _PENALTY, ""),
    LineMistake("penalty without 2", "dW", r"2 \* ((self\.)?\w+ \*)", r"\1"),
    LineMistake("penalty subtracted", "dW", r" \+ ((?:2 \* )?(?:self\.)?\w+(?: / \w+)? \* )", r" - \1"),
    LineMistake("penalty summed", "dW", r"( / \w+)? \* ([^*]+)$", r"\1 * np.sum(\2)"),
    LineMistake("penalty's sign", "dW", r"( / \w+)? \* ([^*]+)$", r"\1 * np.sign(\2)"),
    LineMistake("weights divided again", "dW", r"= (.+?)( \+ .*)?$", r"= (\1) / 6\2"),
    LineMistake("transposed weights", "dW", r"= (.+?)( \+ .*)?$", r"= (\1).T\2"),
    LineMistake("input squared", "dW", r"(\w+(?:\[i\])?)\.T", r"(\1 ** 2).T"),
    LineMistake("input of 1", "dW", r"(\w+(?:\[i\])?)\.T", r"np.ones_like(\1).T"),
    LineMistake("back through W", "back", r"\.T", ""),
    LineMistake("back through no weights", "back", _ALL, ""),
    LineMistake("error taken twice", "back", r"= (.+)$", r"= 2 * (\1)"),
    LineMistake("no slope", "slope", _ALL, ""),
    LineMistake("no upstream", "slope", r"= \w+ \* (.+)$", r"= 1.0 * (\1)"),
    LineMistake("mask of the error", "slope", r"= (\w+) \* \(.+ > 0\)", r"= \1 * (\1 > 0)"),
    LineMistake("mask turned round", "slope", r" > 0\)$", " < 0)"),
    LineMistake("activation for its mask", "slope", r"\(([^()]+) > 0\)$", r"\1"),
    LineMistake("another slope", "slope", r"0\.01", "0.1"),
    LineMistake("no slope below 0", "slope", r"0\.01", "0"),
    LineMistake("tanh' without the square", "slope", r"\(1 - (\S+) \*\* 2\)", r"(1 - \1)"),
    LineMistake("sigmoid' for tanh'", "slope", r"\(1 - (\S+) \*\* 2\)", r"\1 * (1 - \1)"),
    LineMistake("tanh' for sigmoid'", "slope", r"= (\w+) \* (\S+) \* \(1 - \2\)", r"= \1 * (1 - \2 ** 2)"),
    LineMistake("half a slope", "slope", r"= (\w+) \* (\S+) \* \(1 - \2\)", r"= \1 * (1 - \2)"),
    LineMistake("slope of the square", "slope", r"sigmoid\((.+)\)", r"sigmoid(\1) ** 2"),
    LineMistake("sigmoid' for softplus'", "slope", r"sigmoid\((.+)\)", r"sigmoid(\1) * (1 - sigmoid(\1))"),
    LineMistake("gamma of sums", "dgamma", r" \* (hat\w*(?:\[i - 1\])?)", ""),
    LineMistake("gamma mean", "dgamma", r"np\.sum", "np.mean"),
    LineMistake("beta mean", "dbeta", r"np\.sum", "np.mean"),
    LineMistake("no gamma", "gamma", _ALL, ""),
    LineMistake("mean constant", "batch norm", r"\((\w+) - np\.mean\(\1, [^)]*\)", r"(\1"),
    LineMistake("variance constant", "batch norm", r" - hat.*\) /", ") /"),
    LineMistake("statistics constant", "batch norm", r"\((\w+) - .*\) /", r"\1 /"),
    LineMistake("variance for deviation", "batch norm", r"/ (\S+)$", r"/ \1 ** 2"),
    LineMistake("no deviation", "batch norm", r" / \S+$", ""),
    LineMistake("sum for mean", "batch norm", r"np\.mean", "np.sum"),
    LineMistake("cost: sum", "loss", r" / \w+$", ""),
    LineMistake("cost: log10", "loss", r"np\.log\(", "np.log10("),
    LineMistake("cost: no half", "loss", r"0\.5 \* ", ""),
    LineMistake("cost: penalty halved", "penalty", r"J \+ ", "J + 0.5 * "),
    LineMistake("cost: penalty not squared", "penalty", r" \*\* 2", ""),
)  # fmt: skip


class Change(NamedTuple):
    """A mistake made: its name, the program's lines, and where the line is, counted from 0."""

    name: str
    lines: list[TextLine]
    place: int


def changes(lines: Sequence[TextLine], rng: np.random.Generator) -> list[Change]:
    """Every mistake that can be made in a program, in random order; whether it makes a difference is not known."""
    every = [
        Change(mistake.name, changed, place)
        for mistake in MISTAKES
        for place, line in enumerate(lines)
        if line.what == mistake.what and (changed := _changed(lines, place, mistake)) is not None
    ]
    return [every[place] for place in rng.permutation(len(every))]


def _changed(lines: Sequence[TextLine], place: int, mistake: LineMistake) -> list[TextLine] | None:
    """The program with a mistake in one line; None where that line has no place for it."""
    line = lines[place]
    text, count = re.subn(mistake.old, mistake.new, line.text, count=1)
    if not count or text == line.text:
        return None
    return [*lines[:place], *([line._replace(text=text)] if text else []), *lines[place + 1 :]]
