"""Mistakes of a factor: N, 1 / N, -1, a logarithm to another base."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

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
        yield Mistake("missing-batch-mean", step, scaled(step, lambda net: net.samples), words)
        cause = "double-batch-mean" if step in ("error", "weight") else "bias-mean-not-sum"
        words = f"divided by the batch size of {{samples}} once too often{part}"
        yield Mistake(cause, step, scaled(step, lambda net: 1 / net.samples), words)
        yield Mistake("wrong-sign", step, scaled(step, lambda net: -1.0), f"the sign is turned{part}")
    to_base_10 = scaled("error", lambda net: 1 / np.log(10))
    yield Mistake("wrong-log-base", "error", to_base_10, "a factor of 1 / ln 10")
