"""The costs of a file that has none: what they may be of what its forward pass gives."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

CHOSEN = "{chosen}"
"""What integer labels choose of the outputs."""

_USUAL_COSTS = (
    "-{np}.sum({Y} * {np}.log({P}))",
    "0.5 * {np}.sum(({P} - {Y}) ** 2)",
    "{np}.sum(({P} - {Y}) ** 2)",
    "-{np}.sum({Y} * {np}.log({P}) + (1 - {Y}) * {np}.log(1 - {P}))",
    f"-{{np}}.sum({{np}}.log({CHOSEN}))",
)
"""Costs of outputs P and labels Y, of one shape: cross-entropy, squared error, binary cross-entropy; and cross-entropy
of what integer labels choose of P."""

ACROSS = "{P}.T"
"""Outputs (K, N) of a net whose inputs and labels are rows."""

_FACTORS = ("1", "1 / {N}", "1 / {Y}.size")
"""A sum, or a mean over the N samples or over all entries."""


def usual_costs() -> Iterator[str]:
    """Each of the usual costs as a sum or a mean, of outputs beside the labels, then of outputs across them."""
    across = (cost.replace("{P}", ACROSS) for cost in _USUAL_COSTS if "{P}" in cost)
    for cost, factor in itertools.product((*_USUAL_COSTS, *across), _FACTORS):
        yield f"{factor} * ({cost})"


def is_of_several(cost: str) -> bool:
    """Whether a usual cost is that of several outputs: the logarithm of what the right class has, as a softmax gives
    it.

    >>> [is_of_several(cost) for cost in _USUAL_COSTS]
    [True, False, False, False, True]
    """
    return ".log(" in cost and "1 - {P}" not in cost
