"""A gradient that is a numeric difference: told by how often it calls the cost, by its source, and by its noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.catalogue.numeric_check import NUMERIC_DIFFERENCE
from chainrule.gradcheck.diagnosis.evidence import CERTAIN, PLAUSIBLE
from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.numeric import hygiene
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Line, Verdict

_ROUGH, _ROUGHEST = 5e-15, 2e-9
"""The noise of differences, relative to the largest entry. Derivations have less; what is computed in single precision
on the way has more."""


class NumericDifference(NamedTuple):
    """What was found, and whether it is certain: its calls or its source show it, and not its noise alone."""

    finding: Finding
    certain: bool

    def at_best(self, verdict: Verdict) -> Verdict:
        """What is left of a verdict on the numbers."""
        return "wrong" if self.certain or verdict == "wrong" else "suspect"


def told(at: Point, drawn: Point, rng: np.random.Generator) -> NumericDifference | None:
    """Whether a gradient is a numeric difference.

    A quotient in the source counts where the numbers have its noise, so that a gradient that checks itself is none. A
    complex step has none.

    Args:
        at: the given point.
        drawn: one at which the cost does not bend.
        rng: of the line along which the noise is measured.
    """
    quotient = at.program.quotient()
    calls = hygiene.calls_the_cost(at, forms_quotient=quotient is not None)
    noise = hygiene.roughness(drawn, rng)
    if quotient is not None and not quotient.exact and noise < _ROUGH:
        quotient = None
    said = [calls] if calls else []
    if quotient is not None:
        said.append("an imaginary part is taken there" if quotient.exact else "it is formed there")
    if _ROUGH < noise < _ROUGHEST:
        said.append(f"it has the noise of a difference, {noise:.1e} of its largest entry in every entry")
    if not said:
        return None
    certain = bool(calls) or quotient is not None
    cause = NUMERIC_DIFFERENCE.cause(at.names, CERTAIN if certain else PLAUSIBLE, "; ".join(said))
    line = None if quotient is None else Line.of_source(*quotient.line)
    return NumericDifference(Finding(cause, "gradient", lambda: line), certain)
