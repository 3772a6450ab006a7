"""Gradients checked at a point, and the evidence that a diagnosis starts from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.gradcheck.diagnosis import reading
from chainrule.gradcheck.diagnosis.evidence import Evidence
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from support.plain_nets import X, Y, cost, drawn
from support.points import point_of

DATA = (X, Y, 0.1)
FEWER_SAMPLES = (X[:, :4], Y[:, :4], 0.1)
OTHER_L2 = (X, Y, 0.3)


def checked_at(
    gradient: Callable[..., Any],
    data: tuple[Any, ...] = DATA,
    *,
    cost: Callable[..., Any] = cost,
    parameters: Any = None,
    words: str = "",
) -> CheckedPoint:
    """A gradient of the plain net, or of another cost, checked where it is given."""
    point = point_of(cost, gradient, drawn() if parameters is None else parameters, data)
    return compare_at(point, np.random.default_rng(0), words)


def evidence_of(gradient: Callable[..., Any], *each: tuple[Any, ...], **options: Any) -> list[Evidence]:
    """The same with the cost read as a net, with each of some data."""
    points = [checked_at(gradient, data, **options) for data in each or (DATA,)]
    readings = [reading.read(point.point, np.random.default_rng(1)) for point in points]
    assert None not in readings
    return [Evidence(point, here) for point, here in zip(points, readings, strict=True) if here is not None]
