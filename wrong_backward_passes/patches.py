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
    lines, done, changed = text.splitlines(), 0, list[str]()
    hunks = 0
    rest = iter(diff.splitlines())
    left = 0
    for line in rest:
        head = _HUNK.match(line)
        if head:
            hunks += 1
            left = 1 if head[2] is None else int(head[2])
            start = int(head[1]) - (1 if left else 0)
            if start < done:
                raise ValueError("the hunks of the patch are not in order")
            changed += lines[done:start]
            done = start
        elif hunks and line[:1] in (" ", "-", "") and left:
            if done >= len(lines) or lines[done].rstrip() != line[1:].rstrip():
                raise ValueError(f"the patch does not fit line {done + 1}")
            changed += [lines[done]] if line[:1] != "-" else []
            done += 1
            left -= 1
        elif hunks and line.startswith("+"):
            changed.append(line[1:])
    if not hunks:
        raise ValueError("the patch has no hunk, which begins with @@")
    return "\n".join(changed + lines[done:]) + "\n"


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
