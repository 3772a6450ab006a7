"""Mistakes of a factor: N, 1 / N, -1, a logarithm to another base."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from chainrule.gradcheck.catalogue.bias import BIAS_MEAN_NOT_SUM
from chainrule.gradcheck.catalogue.loss import (
    DOUBLE_BATCH_MEAN,
    MISSING_BATCH_MEAN,
    WRONG_LOG_BASE,
    WRONG_SIGN,
)
from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, scaled

_PARTS = {
    "error": "",
    "weight": " in the weights' gradient",
    "bias": " in the bias's gradient",
    "gamma": " in gamma's gradient",
    "beta": " in beta's gradient",
}


def everything() -> Iterator[Mistake]:
    """Every known mistake of a factor."""
    for step, part in _PARTS.items():
        words = f"not divided by the batch size of {{samples}}{part}"
        yield Mistake(MISSING_BATCH_MEAN, step, scaled(step, lambda net: net.samples), words)
        bug = DOUBLE_BATCH_MEAN if step in ("error", "weight") else BIAS_MEAN_NOT_SUM
        words = f"divided by the batch size of {{samples}} once too often{part}"
        yield Mistake(bug, step, scaled(step, lambda net: 1 / net.samples), words)
        yield Mistake(WRONG_SIGN, step, scaled(step, lambda net: -1.0), f"the sign is turned{part}")
    to_base_10 = scaled("error", lambda net: 1 / np.log(10))
    yield Mistake(WRONG_LOG_BASE, "error", to_base_10, "a factor of 1 / ln 10")
