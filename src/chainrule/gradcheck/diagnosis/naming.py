"""What is wrong with a value on the way back, told from what it is and what it should be.

A value and the true one are compared as numbers (:mod:`.by_numbers`) and held against other true values
(:mod:`.by_derivatives`). What holds at one point by chance does not at another: a name counts where each gives it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.gradcheck.catalogue.any_backward import WRONG_AXIS
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.diagnosis.by_derivatives import elementwise, of_another, paths
from chainrule.gradcheck.diagnosis.by_numbers import factor, mask, order, ratio
from chainrule.gradcheck.diagnosis.odd_value import NamedBug, NamingRule, OddValue
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import CheckedPoint

EXACT: tuple[NamingRule, ...] = (factor, order, paths, of_another, mask, elementwise)
"""What the value is, beyond doubt."""

BY_FACTORS: tuple[NamingRule, ...] = (ratio,)
"""What it may have been multiplied by."""


def names_at(
    place: Astray, checked: CheckedPoint, true: TrueValues, rules: Sequence[NamingRule]
) -> list[NamedBug]:
    """What a value that is not right may be called at one point by some rules, the likeliest first."""
    case = OddValue.of(place, checked, true)
    if case.given.size != case.right.size:
        words = f"it has shape {case.given.shape}, and should have {case.right.shape}"
        return [NamedBug(WRONG_AXIS, words)]
    found: dict[Bug, NamedBug] = {}
    with np.errstate(all="ignore"):
        for rule in rules:
            for named in rule(case):
                found.setdefault(named.bug, named)
    return list(found.values())
