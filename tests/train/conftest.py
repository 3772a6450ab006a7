"""A small problem that nets can learn: noisy class prototypes as uint8 images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from chainrule.data.splits import Split
from chainrule.data.transforms.transform import fit
from chainrule.settings.settings import Settings
from chainrule.train.journal import PopulationOutcome
from chainrule.train.population import train
from support.prototypes import prototype_settings, prototype_splits


@pytest.fixture(scope="session")
def splits() -> dict[str, Split]:
    return prototype_splits()


@pytest.fixture
def settings() -> Callable[..., Settings]:
    return prototype_settings


@pytest.fixture(params=["layers", "compiled"])
def engine(request: pytest.FixtureRequest) -> str:
    """Everything that trains here does so by the layers, and again by compiled code."""
    if request.param == "compiled":
        request.getfixturevalue("compiling")
    return str(request.param)


@pytest.fixture
def run(engine: str, splits: dict[str, Split]) -> Callable[..., PopulationOutcome]:
    def train_members(
        *members: Settings, seed: int = 0, dtype: type = np.float64, **more: Any
    ) -> PopulationOutcome:
        transform = fit(members[0].preprocess, splits["train"].images, 255)
        return train(members, seed, splits, transform, 4, dtype=dtype, **more)

    return train_members
