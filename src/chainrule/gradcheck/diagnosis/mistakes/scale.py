"""Mistakes of a factor: N, 1 / N, -1, a logarithm to another base."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from chainrule.gradcheck.diagnosis.mistakes.mistake import Mistake, scaled


def everything() -> Iterator[Mistake]:
    for step in ("error", "weight", "bias", "gamma", "beta"):
        part = {"error": "", "weight": " in the weights' gradient", "bias": " in the bias's gradient"}.get(
            step, f" in {step}'s gradient"
        )
        yield Mistake(
            "missing-batch-mean", step, scaled(step, lambda net: net.samples),
            f"not divided by the batch size of {{samples}}{part}",
        )  # fmt: skip
        cause = "double-batch-mean" if step in ("error", "weight") else "bias-mean-not-sum"
        yield Mistake(
            cause, step, scaled(step, lambda net: 1 / net.samples),
            f"divided by the batch size of {{samples}} once too often{part}",
        )  # fmt: skip
        yield Mistake("wrong-sign", step, scaled(step, lambda net: -1.0), f"the sign is turned{part}")
    yield Mistake(
        "wrong-log-base", "error", scaled("error", lambda net: 1 / np.log(10)), "a factor of 1 / ln 10"
    )
