"""Patches: unified diffs applied to a program, and whether the program is right then."""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from .answers import Answer
from .confined import evaluated
from .evaluate import POINTS, RIGHT, Truth, Value, error, truth
from .index import Entry

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")


def applied(text: str, diff: str) -> str:
    """A text with a unified diff applied, at the very lines that it names; ``ValueError`` where they do not fit."""
    hunks = _hunks(diff)
    if not hunks:
        raise ValueError("the patch has no hunk, which begins with @@")
    lines, done, changed = text.splitlines(), 0, list[str]()
    for start, edits in hunks:
        if start < done:
            raise ValueError("the hunks of the patch are not in order")
        changed += lines[done:start]
        done = start
        for sign, line in edits:
            if sign != "+":
                if done >= len(lines) or lines[done].rstrip() != line.rstrip():
                    raise ValueError(f"the patch does not fit line {done + 1}")
                done += 1
            if sign != "-":
                changed.append(line)
    return "\n".join(changed + lines[done:]) + "\n"


def _hunks(diff: str) -> list[tuple[int, list[tuple[str, str]]]]:
    """How many lines stand before each hunk, and its lines, each with the sign before it."""
    found: list[tuple[int, list[tuple[str, str]]]] = []
    for line in diff.rstrip("\n").splitlines():
        head = _HUNK.match(line)
        if head:
            found.append((int(head[1]) - (head[2] != "0"), []))
        elif found and not line.startswith("\\"):
            found[-1][1].append((line[:1], line[1:]))
    return found


def verified(said: Answer, program: Path, entry: Entry, seconds: float) -> list[bool]:
    """Of each patch that an answer offers, whether the program is right with it."""
    found = [is_right(text, entry, seconds) for text in said.patched]
    for diff in said.diffs:
        try:
            found.append(is_right(applied(program.read_text(), diff), entry, seconds))
        except ValueError:
            found.append(False)
    return found


def is_right(text: str, entry: Entry, seconds: float) -> bool:
    """Whether a program has the right program's cost at every point, and the gradient of that cost."""
    with tempfile.TemporaryDirectory(prefix="wrong-backward-") as folder:
        file = Path(folder, "program.py")
        file.write_text(text)
        ran = evaluated(file, entry.case, seconds)
    if ran.code != 0:
        return False
    try:
        values = [_value(json.loads(line)) for line in ran.stdout.splitlines()[-len(POINTS) :]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    ought = _truths(entry.right, entry.case)
    return len(values) == len(ought) and all(error(*each) < RIGHT for each in zip(values, ought, strict=True))


def _value(said: dict[str, object]) -> Value:
    gradient = said["gradient"]
    if not isinstance(gradient, dict):
        raise TypeError("a gradient is an object")
    return Value(
        float(str(said["cost"])), {name: np.array(array, dtype=float) for name, array in gradient.items()}
    )


@cache
def _truths(right: Path, case: Path) -> tuple[Truth, ...]:
    return tuple(truth(right, case, point) for point in POINTS)
