"""A check that says less: which tensor is wrong; what kind of mistake it may be, as a question; on which line.

What a level does not say is taken out of the check itself, so that text, JSON and page cannot say it either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue import BUGS
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.outcome import Check

HintLevel = Literal[1, 2, 3]
"""How much is said: 1 which tensors, 2 what kind of mistake too, 3 the line too."""

LEVELS: tuple[HintLevel, ...] = get_args(HintLevel)


def require_level(level: object, *, repair: bool) -> None:
    """See that hints can be given.

    Raises:
        CheckError: there is no such level, or repairs, which say more, are asked for as well.
    """
    if level is not None and level not in LEVELS:
        raise CheckError(
            f"hints={level!r}: there is no such level; give 1, 2 or 3, or None for all that is known"
        )
    if level is not None and repair:
        raise CheckError(
            f"hints={level!r}: a repair says more than any hint; leave out hints, or repair=True"
        )


def hinted(check: Check, level: HintLevel) -> Check:
    """A check with hints in the place of what was found; one of a right gradient as it is.

    >>> from chainrule.gradcheck.result import Cause, Line
    >>> cause = Cause("wrong-sign", ("W",), 0.9, "W: -1 x", "turn it", Line("net.py", 3, "dW = -x"))
    >>> hinted(Check("wrong", "gradient", (), (cause,)), 2).hints
    ('look at the gradient of W', "is it this: the sign of the loss's gradient is turned?")
    """
    if check.right:
        return check
    return replace(
        check,
        tensors=tuple(replace(tensor, worst=()) for tensor in check.tensors),
        causes=(),
        notes=(),
        tried=(),
        not_tried=(),
        computation=None,
        repairs=(),
        unrepaired="",
        hints=tuple(dict.fromkeys(_hints(check, level))),
    )


def _hints(check: Check, level: HintLevel) -> Iterator[str]:
    of_tensors = [tensor.name for tensor in check.tensors if tensor.verdict != "right"]
    names = of_tensors or [name for cause in check.causes for name in cause.tensors]
    if names:
        yield f"look at the gradient of {', '.join(dict.fromkeys(names))}"
    if level >= 2:
        yield from (_question(cause.name) for cause in check.causes)
    if level >= 3:
        lines = (cause.line for cause in check.causes if cause.line is not None)
        yield from (f"look at {line}: {line.text.strip()}" for line in lines)


def _question(bug: str) -> str:
    """What kind of mistake it may be."""
    if bug == UNKNOWN.name:
        return "is each step of the derivation the one of the way forward?"
    return f"is it this: {BUGS[bug].what}?"
