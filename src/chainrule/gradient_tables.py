"""The table of a gradient check as reports print it: central and forward differences, entry by entry."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from chainrule.errors import SettingsError
from chainrule.gradcheck.outcome import Check
from chainrule.records.gradients import MeasuredDifference
from chainrule.report.difference_tables import texts
from chainrule.text import json_values

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
