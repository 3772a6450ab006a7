"""The gradient of the net that a cost was read as: what a right gradient must be, whatever the cost does nearby.

The cost is read far from the points at which the gradient is compared. One that bends just there has another numeric
gradient than the net.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chainrule.gradcheck.diagnosis.evidence import Evidence, predicted
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.numeric.comparison import FAIL, difference, tensor

_ROUNDING = 1e-10


def held_against(evidence: Evidence) -> CheckedPoint:
    """A point; one that is right by its differences, and wrong by the net's gradient, is held against that."""
    checked, form = evidence.checked, evidence.reading.form
    # A penalty that is none and a mistaken cost have other gradients; at a kink there are several right ones.
    odd = form.mistake is not None or form.log_eps or any(name for name, _ in evidence.reading.odd)
    net = None if odd or checked.verdict != "right" or checked.kinks else predicted(evidence, {})
    if net is None:
        return checked
    floor = _ROUNDING * max(float(np.abs(n).max(initial=0.0)) for n in net)
    pairs = list(zip(checked.analytic, net, strict=True))
    if all(difference(g, n, floor) <= FAIL for g, n in pairs):
        return checked
    tensors = [tensor(name, g, n, floor) for name, (g, n) in zip(checked.point.names, pairs, strict=True)]
    return replace(checked, numeric=net, tensors=tensors, floor=floor, scheme="the gradient of that net")
