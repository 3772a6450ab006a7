"""Images flipped and shifted: as pixels by hand, how often, by what key, and that training sees them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from chainrule.data import datasets
from chainrule.data.augmentation import Augmentation, Augmented
from chainrule.data.prepared import prepare
from chainrule.data.splits import problems
from chainrule.data.tables import from_arrays
from chainrule.data.transforms.transform import cast
from chainrule.settings.settings import Settings
from chainrule.train.population import Training

SHAPE = (3, 4, 5)
IMAGES = np.random.default_rng(0).integers(0, 256, (400, 60), np.uint8)
NET = {
    "train": 200, "val": 50, "test": "test_batch", "preprocess": "center", "init": "he", "batch_size": 50, "epochs": 2,
    "shuffle": True, "learning_rate": 0.1,
}  # fmt: skip


def by_hand(images, flip, down, right):
    """Of images (n, D): pixel (i, j) is what lay so far above and to the left of it, or at the edge; flipped last."""
    _, height, width = SHAPE
    planes = images.reshape(len(images), *SHAPE)
    out = np.empty_like(planes)
    for i in range(height):
        for j in range(width):
            out[:, :, i, j] = planes[:, :, np.clip(i - down, 0, height - 1), np.clip(j - right, 0, width - 1)]
    return (out[..., ::-1] if flip else out).reshape(images.shape)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_every_image_is_one_of_those_by_hand_and_all_come_up(dtype):
    images = IMAGES.astype(dtype)
    seen = Augmentation(SHAPE, flip=True, shift=1, seed=0).of(images, update=3)
    assert seen.dtype == dtype
    ways = [(flip, down, right) for flip in (0, 1) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    found = np.array([(by_hand(images, *way) == seen).all(axis=1) for way in ways])
    assert found.any(axis=0).all()
    assert found.any(axis=1).all()


def test_half_are_flipped_and_without_a_shift_nothing_else_is_done():
    images = np.tile(np.arange(60, dtype=np.uint8), (4000, 1))
    seen = Augmentation(SHAPE, flip=True, shift=0, seed=1).of(images, 0)
    flipped = (seen == by_hand(images, 1, 0, 0)).all(axis=1)
    assert 0.45 < flipped.mean() < 0.55
    np.testing.assert_array_equal(seen[~flipped], images[~flipped])


def test_seed_and_update_are_the_key_and_a_smaller_minibatch_begins_alike():
    one = Augmentation(SHAPE, flip=True, shift=2, seed=1)
    np.testing.assert_array_equal(one.of(IMAGES, 5)[:7], one.of(IMAGES[:7], 5))
    for other, update in (
        (one, 6),
        (dataclasses.replace(one, seed=2), 5),
        (dataclasses.replace(one, seed=None), 5),
    ):
        assert (other.of(IMAGES, update) != one.of(IMAGES, 5)).any()


def test_minibatches_count_on():
    one = Augmentation(SHAPE, flip=True, shift=2, seed=1)
    convert, out = Augmented(one, cast, update=8), np.empty((400, 60))
    for update in (8, 9):
        np.testing.assert_array_equal(convert(IMAGES, out), one.of(IMAGES, update))


def begun(start=None, members=2, **augment):
    data = datasets.load("digits")
    own = [
        Settings.model_validate(NET | {"l2": l2} | ({"augment": augment} if augment else {}))
        for l2 in (0.0, 0.1)[:members]
    ]
    seen = prepare(own[0], data)
    return Training(own, 3, seen.splits, seen.transform, 10, np.float64, start)


def test_it_changes_training_goes_on_to_the_bit_and_members_are_as_if_alone():
    whole, plain, alone = begun(flip=True, shift=1), begun(), begun(members=1, flip=True, shift=1)
    assert whole.engine == "layers"
    for training in (whole, plain, alone):
        training.train_epoch()
    again = begun(whole.state().take([0, 1]), flip=True, shift=1)
    for training in (whole, plain, alone, again):
        training.train_epoch()
    W, others, one, same = (training.outcome().last["W1"] for training in (whole, plain, alone, again))
    assert np.abs(W - others).max() > 1e-3
    np.testing.assert_allclose(W[:1], one, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(W, same)
    assert begun(flip=True).outcome().histories[0].train_loss == begun().outcome().histories[0].train_loss


def test_a_table_is_no_image():
    X = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    table = from_arrays(X, ["a", "b"] * 15, name="sheet")
    own = {"train": "train", "val": 2, "test": "test", "batch_size": 5, "augment": {"flip": True}}
    lines = problems(Settings.model_validate(NET | own), table)
    assert "augment: sheet is a table, and only images are flipped and shifted; drop it" in lines
