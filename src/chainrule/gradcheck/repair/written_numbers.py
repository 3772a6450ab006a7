"""The numbers that a change writes into a formula, and of which sizes they may be made."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from chainrule.gradcheck.program.interface import Patch

_NUMBER = re.compile(r"(?P<before>\*\*|/)?\s*(?<![\w.])(?P<number>\d+(?:\.\d*)?|\.\d+)(?![\w.])")
_NEAR = 1e-6


def written(patch: Patch) -> list[float]:
    """The numbers that stand there with a change and did not before, one over those that it divides by. Exponents are
    no sizes, nor is 1 but where a slice begins or ends.

    >>> from chainrule.gradcheck.program.interface import SourceLine
    >>> written(Patch(0, "scale", SourceLine("net.py", 1, "dx = dout / 2"), "dx = dout / 2 / 2"))
    [0.5]
    """
    return [*(Counter(_factors(patch.after)) - Counter(_factors(patch.line.text))).elements()]


def is_size(factor: float, size: float) -> bool:
    """Whether a number is a size, or one over it, or the root of one of these.

    >>> is_size(0.25, 4), is_size(0.5, 4), is_size(3, 4)
    (True, True, False)
    """
    return _is_one_of(factor, (size, 1 / size, math.sqrt(size), 1 / math.sqrt(size)))


def is_mean_of(factor: float, size: float) -> bool:
    """Whether a number is 2/n or 1/(2n) of a size n, as the mean of squares has.

    >>> is_mean_of(0.125, 4)
    True
    """
    return _is_one_of(factor, (2 / size, 0.5 / size))


def _is_one_of(factor: float, every: tuple[float, ...]) -> bool:
    return any(abs(factor - each) <= _NEAR * each for each in every)


def _factors(formula: str) -> Iterator[float]:
    for match in _NUMBER.finditer(formula):
        number, before = float(match["number"]), match["before"]
        if before == "**" or not number:
            continue
        if number != 1 or _is_end_of_slice(formula, match):
            yield 1 / number if before else number


def _is_end_of_slice(formula: str, match: re.Match[str]) -> bool:
    before, after = formula[: match.start("number")], formula[match.end("number") :]
    return before.rstrip(" -").endswith(":") or after.lstrip().startswith(":")
