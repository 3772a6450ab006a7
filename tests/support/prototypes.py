"""A small problem that nets can learn, noisy class prototypes as uint8 images, and settings for it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from chainrule.data.splits import Split
from chainrule.settings.settings import Settings
from support.components import learned


def prototype_splits() -> dict[str, Split]:
    """12 inputs, 4 classes; 95 images to train on."""
    rng = np.random.default_rng(0)
    prototypes = rng.integers(0, 256, (4, 12))

    def part(count: int) -> Split:
        labels = rng.integers(0, 4, count).astype(np.uint8)
        noisy = prototypes[labels] + rng.normal(0, 60, (count, 12))
        return Split(noisy.clip(0, 255).astype(np.uint8), labels)

    return {"train": part(95), "val": part(40), "test": part(50)}


def learned_splits(splits: dict[str, Split], loss: str) -> tuple[dict[str, Split], int]:
    """The same with what the loss learns, and how many outputs a net has."""
    parts = {
        name: dataclasses.replace(part, labels=learned(loss, part.labels)[0]) for name, part in splits.items()
    }
    return parts, learned(loss, np.arange(1))[1] or 4


def prototype_settings(**changes: Any) -> Settings:
    """A net of one layer, minibatches of 10, three epochs; or as ``changes`` say."""
    base = {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center",
        "init": {"normal": 0.1}, "batch_size": 10, "epochs": 3, "shuffle": True, "learning_rate": 0.1,
    }  # fmt: skip
    return Settings.model_validate(base | changes)
