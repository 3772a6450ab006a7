"""The table of a gradient check as reports print it: gradients beside numeric ones, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import SettingsError
from chainrule.gradcheck.numeric.methods import apart
from chainrule.gradcheck.outcome import Check
from chainrule.records.gradients import MeasuredDifference
from chainrule.report.array_files import named
from chainrule.report.difference_tables import texts
from chainrule.text import excerpt, json_values

_WITHOUT = (
    "the check: has no differences; check_gradient(..., differences=True) takes them, except of gradients that are "
    "misshapen or have too many entries, and while there is time"
)


def measured(check: Check) -> list[MeasuredDifference]:
    """The differences of a check as records."""
    return [
        MeasuredDifference.model_validate(
            {"parameter": own.parameter, "compared": own.compared, **json_values(asdict(own.gap))}
        )
        for own in check.differences
    ]


def between(arrays: Mapping[str, NDArray[Any]], pairs: Sequence[tuple[str, str]]) -> list[MeasuredDifference]:
    """How far gradients lie from numeric ones, and numeric ones of the same gradient from each other.

    Args:
        arrays: by name.
        pairs: a gradient and a numeric one, by their names; what has one entry more or less axes is taken as it lies.

    Raises:
        SettingsError: there is no such array, one holds no numbers, two are of other sizes, or an entry is no finite
            number.

    >>> rows = between({"dW": np.ones(2), "num": np.array([1.0, 1.5])}, [("dW", "num")])
    >>> rows[0].compared, rows[0].largest_absolute, rows[0].share_below
    ('dW-num', 0.5, 0.5)
    """
    of: dict[str, list[str]] = {}
    for name, numeric in pairs:
        of.setdefault(name, []).append(numeric)
    asked = [(name, *two) for name, numeric in of.items() for two in ((name, own) for own in numeric)] + [
        (name, *two) for name, numeric in of.items() for two in pairwise(numeric)
    ]
    return [_between(arrays, *one) for one in sorted(asked, key=lambda one: list(of).index(one[0]))]


def _between(
    arrays: Mapping[str, NDArray[Any]], parameter: str, first: str, other: str
) -> MeasuredDifference:
    a, b = (named(arrays, name).astype(np.float64).squeeze() for name in (first, other))
    if a.shape != b.shape:
        shapes = " and ".join(" x ".join(map(str, own.shape)) or "1" for own in (a, b))
        raise SettingsError(
            f"'{excerpt(first)}' and '{excerpt(other)}': are {shapes}; give arrays of one shape"
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise SettingsError(
            f"'{excerpt(first)}' or '{excerpt(other)}': has an entry that is no finite number; mend it"
        )
    gap = asdict(apart(a.ravel(), b.ravel()))
    return MeasuredDifference.model_validate(
        {"parameter": parameter, "compared": f"{first}-{other}", **json_values(gap)}
    )


def gradient_table(
    check: Check, form: Literal["latex", "csv", "markdown"] = "latex", name: str = "gradient"
) -> str:
    """The table of a gradient check as reports print it: every parameter, its gradient beside central and forward
    differences, with relative and absolute differences.

    Args:
        check: of :func:`chainrule.check_gradient` with ``differences=True``.
        form: ``latex``, for the package booktabs; ``csv``, in full precision; ``markdown``.
        name: what the caption calls it.

    Raises:
        SettingsError: the differences were not asked for, or could not be taken; or there is no such form.

    >>> import chainrule, numpy as np
    >>> def cost(p):
    ...     return float(np.sum(p["w"] ** 2))
    >>> found = chainrule.check_gradient(cost, lambda p: {"w": 2 * p["w"]}, {"w": np.ones(2)}, differences=True)
    >>> print(gradient_table(found, "markdown").splitlines()[0])
    ### gradient: differences of every entry
    """
    if not check.differences:
        raise SettingsError(_WITHOUT)
    forms = texts(name, measured(check))
    if form not in forms:
        raise SettingsError(f"form {form!r}: is none of {', '.join(forms)}; name one of these")
    return forms[form]
