"""What the odds of ``reproduce --infer`` come to, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainrule.records.inferences import CandidateOdds


def sentence(name: str, candidates: Sequence[CandidateOdds]) -> str:
    """The most probable candidate against the assumed one; where that is it, against the next."""
    assumed, *others = candidates
    rival = max(others, key=lambda candidate: candidate.log_odds)
    first, second, sign = (rival, assumed, 1) if rival.log_odds > 0 else (assumed, rival, -1)
    low, high = sorted((sign * rival.low, sign * rival.high))
    odds = f"{_ratio(sign * rival.log_odds)} to 1 ({_ratio(low)} to {_ratio(high)})"
    if not rival.told:
        return f"{name}: cannot be told; {first.name} against {second.name} stands {odds}"
    mark = ", as assumed," if first is assumed else ""
    return f"{name}: {first.name}{mark} rather than {second.name} by {odds}"


def _ratio(log_odds: float) -> str:
    """Odds with two digits, up to a million."""
    if log_odds > math.log(1e6):
        return "more than a million"
    if log_odds < math.log(1e-6):
        return "less than a millionth"
    odds = math.exp(log_odds)
    return f"{odds:.0f}" if odds >= 9.5 else f"{odds:.2g}"
