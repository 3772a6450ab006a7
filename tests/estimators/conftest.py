"""A table that a small net learns at once."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="session")
def table():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 3))
    return X, np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")
