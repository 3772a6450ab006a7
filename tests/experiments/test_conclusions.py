"""Odds in words."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.experiments.conclusions import sentence
from chainrule.records.inferences import CandidateOdds


def odds(name: str, value: float, low: float, high: float) -> CandidateOdds:
    return CandidateOdds(name=name, share=0.5, log_odds=np.log(value), low=np.log(low), high=np.log(high))


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([odds("Xavier", 40, 35, 60)], "init: Xavier rather than He by 40 to 1 (35 to 60)"),
        ([odds("Xavier", 1 / 40, 1 / 60, 1 / 35)], "init: He, as assumed, rather than Xavier by 40 to 1 (35 to 60)"),
        ([odds("Xavier", 3, 0.5, 18)], "init: cannot be told; Xavier against He stands 3 to 1 (0.5 to 18)"),
        ([odds("Xavier", 1 / 3, 1 / 18, 2)], "init: cannot be told; He against Xavier stands 3 to 1 (0.5 to 18)"),
        ([odds("Xavier", 2, 1.5, 3), odds("0.1", 9.96, 4, 25)], "init: 0.1 rather than He by 10 to 1 (4 to 25)"),
        ([odds("Xavier", 1e9, 100, 1e12)],
         "init: Xavier rather than He by more than a million to 1 (100 to more than a million)"),
    ],
)  # fmt: skip
def test_the_outcome_in_words(others, expected):
    assert sentence("init", [odds("He", 1, 1, 1), *others]) == expected
