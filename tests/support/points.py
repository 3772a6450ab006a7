"""A program at a point, and what a check says of it, from a cost, its gradient and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.gradcheck.check import check
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Verdict


def point_of(
    cost: Callable[..., Any], gradient: Callable[..., Any], parameters: Any, data: tuple[Any, ...] = ()
) -> Point:
    """Where they are given."""
    program = LocalProgram(cost, gradient, parameters, data)
    return Point.of_program(program, program.describe())


def judged(
    cost: Callable[..., Any], gradient: Callable[..., Any], parameters: Any, data: tuple[Any, ...] = ()
) -> Check:
    """What is said without causes, which takes a tenth of the time that these take."""
    return check(LocalProgram(cost, gradient, parameters, data), explained=False)


def verdict_of(
    cost: Callable[..., Any], gradient: Callable[..., Any], parameters: Any, data: tuple[Any, ...] = ()
) -> Verdict:
    """The verdict alone."""
    return judged(cost, gradient, parameters, data).verdict
