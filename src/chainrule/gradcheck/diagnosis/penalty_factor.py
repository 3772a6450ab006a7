"""A gradient that has the cost's penalty with another factor in all layers: either of the two may be meant.

A single layer with a factor of its own is wrong beside the others; where all have it, only the factors can be named.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.gradcheck.catalogue.penalty import REGULARISER_DOUBLE, REGULARISER_HALF, REGULARISER_SCALED
from chainrule.gradcheck.diagnosis.evidence import Evidence, Made, multiple
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.result import Cause

_FACTORS = {bug.name for bug in (REGULARISER_DOUBLE, REGULARISER_HALF, REGULARISER_SCALED)}


def may_be_the_costs(causes: Sequence[Cause], made: Made | None, reading: Reading | None) -> bool:
    """Whether what is wrong is such a factor, so that nothing shows which of cost and gradient is to be changed."""
    if not causes or causes[0].name not in _FACTORS:
        return False
    return made is None or reading is None or _is_of_all_layers(made, reading)


def both_sides(made: Made, evidence: Evidence) -> str:
    """The penalty of the cost and that of the gradient, in words; empty where it is no such factor, or not one for all
    weights."""
    reading, checked = evidence.reading, evidence.checked
    if not {mistake.bug.name for mistake in made.mistakes} <= _FACTORS or not _is_of_all_layers(
        made, reading
    ):
        return ""
    weights = [place.leaf for place in reading.layout.weights if place.bias_column is None]
    each = [
        multiple(checked.analytic[leaf] - checked.numeric[leaf], checked.point.arrays[leaf])
        for leaf in weights
    ]
    more = [rate / 2 for rate in each if rate is not None]
    own = {q for name, q in reading.penalty.items() if name[0] == "W"}
    if len(more) != len(weights) or len(own) != 1 or not np.allclose(more, more[0], rtol=1e-3):
        return ""
    (q,) = own
    return f": the cost has {q:.3g} * sum(W**2), the gradient that of {q + more[0]:.3g} * sum(W**2)"


def _is_of_all_layers(made: Made, reading: Reading) -> bool:
    changed = {f"W{layer}" for layers in made.layers for layer in layers}
    return changed >= {name for name in reading.penalty if name[0] == "W"}
