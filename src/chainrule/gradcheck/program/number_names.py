"""Numbers by which functions are set: what another value of one may be, by its name and the value that it has.

A setting that a gradient forgets, or that it has written out as a number, shows with another value alone.
"""

from __future__ import annotations

import math
import re

from chainrule.gradcheck.program.names import is_rate, meaning, training_setting
from chainrule.gradcheck.program.size_names import counted_size, size_role
from chainrule.gradcheck.program.switch_names import is_mode, is_smoothing, without_chance

_FACTOR = re.compile(
    r"(\w+_)?(alpha|beta|gamma|delta|lam(bda|bd|da)?|tau|temp(erature)?|margin|slope|leak\w*|scale|weight|factor|coef\w*"
    r"|l1\w*|smooth\w*)(_\w+)?",
    re.IGNORECASE,
)
"""What factors and bounds are called of which the derivative is usual; a whole number of another name counts."""

_SHARE = 0.7
"""So much of a value is as allowed as that: of the same sign, a probability where that is one, small where it is."""

_FROM_NOTHING = "0.3"
_SMALLEST = 1e-4
"""What is smaller keeps from dividing by 0: gradients that leave it out are right enough."""


def number(text: str) -> float | None:
    """The number that is written; None where none is.

    >>> number("-1.5"), number("1e-3"), number("True"), number("'a'")
    (-1.5, 0.001, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def is_factor(name: str) -> bool:
    """Whether a number of this name is a factor or a bound, whatever it is: ``delta``, ``focal_gamma``."""
    return _FACTOR.fullmatch(name.strip("_")) is not None


def is_of_formula(name: str) -> bool:
    """Whether a number of this name may be a part of a formula: no size, no count, and nothing that matters to training
    or to drawing alone."""
    plain = name.strip("_")
    elsewhere = is_rate(plain) or training_setting(plain) or is_mode(plain) or plain.lower() == "seed"
    drawn = without_chance(plain) is not None or is_smoothing(plain)
    sized = size_role(plain) or counted_size(plain) or meaning(plain).role in ("classes", "samples", "layers")
    return not (elsewhere or drawn or sized)


def another_number(name: str, given: str) -> str:
    """Another value for a setting of this name; empty where its value is to be held: a count, an axis, what keeps from
    dividing by 0.

    >>> another_number("delta", "1.0"), another_number("gamma", "2"), another_number("l1", "0.0")
    ('0.7', '1.4', '0.3')
    >>> another_number("eps", "1e-8"), another_number("axis", "1"), another_number("lr", "0.1")
    ('', '', '')
    """
    value = number(given)
    if value is None or not is_of_formula(name):
        return ""
    if not (is_factor(name) or re.search(r"[.e]", given)):
        return ""
    if value == 0:
        return _FROM_NOTHING
    return f"{_SHARE * value:.4g}" if abs(value) > _SMALLEST else ""
