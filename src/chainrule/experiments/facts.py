"""What the numbers of an experiment rest on: data, seeds, versions, machine, command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.data.datasets import DATASETS, Dataset
from chainrule.experiments.verdicts import UNOFFICIAL
from chainrule.machine import environment


def describe(dataset: Dataset, seeds: Sequence[int], replicates: int, command: str) -> dict[str, Any]:
    """A description that is equal for equal runs on one machine: no times, no paths of data."""
    return {
        "dataset": {
            "name": dataset.name,
            "checksum": dataset.checksum,
            "official": dataset.official,
            "widened_by": widened(dataset),
        },
        "seeds": list(seeds),
        "search_replicates": replicates,
        **environment.describe(command),
    }


def widened(dataset: Dataset) -> float:
    """What intervals widen by, each way, on this data: of anybody's own table nothing is published."""
    return 0.0 if dataset.official or dataset.name not in DATASETS else UNOFFICIAL
