"""All that is wrong with a program: its gradient, its cost, and what was handed in beside them."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.diagnosis import lines, own_numeric, own_update
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis
from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.diagnosis.numeric_difference import NumericDifference
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Description
from chainrule.gradcheck.result import Cause, Verdict


def of_gradient(
    points: Sequence[CheckedPoint],
    diagnosis: Diagnosis,
    verdict: Verdict,
    mutated: Cause | None,
    numeric: NumericDifference | None,
) -> list[Finding]:
    """What is wrong with the gradient, or with the cost: by the diagnosis, and by what a call of it does."""
    given = points[0].point
    causes = diagnosis.causes if verdict != "right" else []
    if (mutated or numeric) and all(cause.name == UNKNOWN.name for cause in causes):
        causes = []
    # What was certainly not derived has no line that forms a part of a derivation.
    underived = diagnosis.fault == "gradient" and numeric is not None and numeric.certain
    every = lines.LinesOfCauses(diagnosis, points)
    findings = [
        Finding(
            cause,
            diagnosis.fault or "gradient",
            (lambda: None) if underived else functools.partial(every.of, cause.name),
        )
        for cause in causes
    ]
    if mutated is not None:
        findings.append(Finding(mutated, "gradient", lambda: lines.of_mutation(given)))
    return [numeric.finding, *findings] if numeric else findings


def beside(points: Sequence[CheckedPoint], description: Description) -> list[Finding]:
    """What is wrong with what was handed in beside the gradient."""
    return [
        *(own_numeric.findings(points[:2]) if description.has_numeric else []),
        *(own_update.findings(points[0]) if description.has_update else []),
    ]
