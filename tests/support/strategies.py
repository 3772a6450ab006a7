"""Whole searches by a strategy, whose nets score by a formula."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import TypeAdapter

from chainrule.records.searches import Rung, Trial
from chainrule.searches.space import read_space
from chainrule.searches.strategies import AnyStrategy
from support.searching import L2

EPOCHS = 27


def space(**document: Any):
    read, problems = read_space(document)
    assert problems == []
    return read


def strategy(**document: Any):
    return TypeAdapter(AnyStrategy).validate_python(document)


def accuracy(values: dict[str, Any]) -> float:
    """Best at l2 = 1e-3 and a rate of 0.2."""
    return 0.5 - 0.02 * abs(np.log10(values["l2"]) + 3) - 0.1 * abs(values.get("learning_rate", 0.2) - 0.2)


def answered(one, searched, seed: int = 0, most: int = 1000, score=accuracy) -> list[Trial]:
    """Every trial of a whole search whose nets score as :func:`accuracy` says."""
    told: list[Trial] = []
    while len(told) < most and (batch := one.ask(searched, told, seed, EPOCHS)):
        told = [
            each.model_copy(update={"state": "pruned"})
            if each.state == "running" and each.number not in batch.survivors
            else each
            for each in told
        ]
        told += [
            Trial(number=len(told) + i, values=v, scores=[], mean=None, error=None, rungs=[], state="running")
            for i, v in enumerate(batch.fresh)
        ]
        end = batch.until or EPOCHS
        for each in [each for each in told if each.state == "running"]:
            mean = score(each.values)
            told[each.number] = each.model_copy(
                update={
                    "scores": [mean],
                    "mean": mean,
                    "rungs": [*each.rungs, Rung(epochs=end, mean=mean, error=0.01)],
                    "state": "complete" if end == EPOCHS else "running",
                }
            )
    return told


BOTH = {"l2": L2, "learning_rate": [0.1, 0.2, 0.4]}
