"""Splits by batch and by counts, and minibatches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.data.splits import Split, problems
from chainrule.errors import DataError
from chainrule.settings.settings import Settings

IMAGES = np.random.default_rng(0).integers(0, 256, (70, 6)).astype(np.uint8)
IMAGES[:, 5] = 9
DATASET = Dataset(
    name="tiny",
    images=IMAGES,
    labels=np.arange(70, dtype=np.uint8) % 4,
    classes=("a", "b", "c", "d"),
    shape=(1, 2, 3),
    max_value=255,
    batches={f"data_batch_{i}": range(10 * i - 10, 10 * i) for i in range(1, 6)}
    | {"test_batch": range(50, 70)},
    checksum="0",
    official=True,
    directory=None,
)


def settings(**changes: Any) -> Settings:
    base = {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center", "init": "he",
        "batch_size": 5, "epochs": 1, "shuffle": True, "learning_rate": 0.1,
    }  # fmt: skip
    return Settings.model_validate(base | changes)


def rows(part: Split) -> list[int]:
    """Which rows of the data set a split holds."""
    return [int(np.flatnonzero((image == IMAGES).all(axis=1))[0]) for image in part.images]


def test_by_batch():
    parts = prepare(settings(), DATASET).splits
    assert {name: rows(part) for name, part in parts.items()} == {
        "train": list(range(10)), "val": list(range(10, 20)), "test": list(range(50, 70)),
    }  # fmt: skip
    assert all(np.shares_memory(part.images, IMAGES) for part in parts.values())


def test_by_several_batches():
    parts = prepare(settings(train=["data_batch_3", "data_batch_1"]), DATASET).splits
    assert rows(parts["train"]) == [*range(10), *range(20, 30)]
    adjacent = prepare(settings(train=["data_batch_4", "data_batch_3"]), DATASET).splits
    assert rows(adjacent["train"]) == list(range(20, 40))
    assert np.shares_memory(adjacent["train"].images, IMAGES)


@given(st.integers(1, 49), st.integers(1, 49), st.integers(1, 20))
def test_by_counts(train, val, test):
    wanted = settings(train=train, val=val, test=test, batch_size=1)
    if train + val > 50:
        assert len(problems(wanted, DATASET)) == 1
        return
    parts = prepare(wanted, DATASET).splits
    assert rows(parts["train"]) == list(range(train))
    assert rows(parts["val"]) == list(range(50 - val, 50))
    assert rows(parts["test"]) == list(range(50, 50 + test))
    np.testing.assert_array_equal(parts["val"].labels, DATASET.labels[50 - val : 50])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"train": "data_batch_9"}, "train = 'data_batch_9': tiny has no such batch; did you mean"),
        ({"train": ["data_batch_1", "x"]}, "train = 'x': tiny has no such batch"),
        ({"val": "data_batch_1"}, "train = 'data_batch_1', val = 'data_batch_1': share samples"),
        ({"train": 45, "val": 6}, "train = 45, val = 6: share samples"),
        ({"train": 50, "val": "test_batch"}, "val = 'test_batch': test samples are for the test alone"),
        ({"val": 51}, "val = 51: tiny has 50 training samples"),
        ({"test": 21}, "test = 21: tiny has 20 test samples"),
        (
            {"batch_size": 3, "hidden": [4], "batch_norm": True},
            "batch_size = 3: the last minibatch of 10 samples holds 1",
        ),
        ({"batch_size": 11}, "batch_size = 11: train holds 10 samples"),
    ],
)
def test_what_cannot_be_split(changes, expected):
    with pytest.raises(DataError) as caught:
        prepare(settings(**changes), DATASET)
    assert any(line.startswith(expected) for line in caught.value.problems)


def test_all_problems_at_once():
    assert len(problems(settings(train="x", val=99, test=99), DATASET)) == 3
