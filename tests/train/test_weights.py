"""Weights on disk."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.errors import StoreError
from chainrule.train import weights


def test_round_trip_of_one_member(tmp_path):
    rng = np.random.default_rng(0)
    last = {
        "W1": rng.normal(size=(3, 4, 5)).astype(np.float32),
        "b1": rng.normal(size=(3, 4)).astype(np.float32),
    }
    best = {name: array + 1 for name, array in last.items()}
    weights.save(tmp_path / "m.safetensors", last, best, 1)
    loaded = weights.load(tmp_path / "m.safetensors")
    assert set(loaded) == {"last.W1", "last.b1", "best.W1", "best.b1"}
    np.testing.assert_array_equal(loaded["last.W1"], last["W1"][1])
    np.testing.assert_array_equal(loaded["best.b1"], best["b1"][1])


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff" * 100])
def test_damaged_files_are_said_to_be(tmp_path, content):
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"m\.safetensors: cannot be read"):
        weights.load(path)


def test_missing_files_are_said_to_be(tmp_path):
    with pytest.raises(StoreError, match="cannot be read"):
        weights.load(tmp_path / "none.safetensors")
