"""A program at a point, from a cost, its gradient and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point


def point_of(
    cost: Callable[..., Any], gradient: Callable[..., Any], parameters: Any, data: tuple[Any, ...] = ()
) -> Point:
    """Where they are given."""
    program = LocalProgram(cost, gradient, parameters, data)
    return Point.of_program(program, program.describe())
