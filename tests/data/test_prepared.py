"""What nets of some settings see of a data set, and that it is made once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from chainrule.data import datasets
from chainrule.data.prepared import prepare
from chainrule.data.transforms import sums
from chainrule.errors import DataError
from chainrule.settings.settings import Settings


def settings(**changes):
    base = {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "standardize",
        "init": "he", "batch_size": 50, "epochs": 1, "shuffle": True, "learning_rate": 0.1,
    }  # fmt: skip
    return Settings.model_validate(base | changes)


@pytest.fixture
def passes(monkeypatch):
    """The images of every pass over a split."""
    seen, real = [], sums.column_sums

    def counted(images):
        seen.append(len(images))
        return real(images)

    monkeypatch.setattr(sums, "column_sums", counted)
    return seen


def digits(**changes):
    return dataclasses.replace(datasets.load("digits"), **changes)


def test_splits_transform_and_means():
    seen = prepare(settings(), digits())
    x = digits().images[:300].astype(np.float64)
    deviation = x.std(axis=0)
    expected = (x - x.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    found = seen.transform.astype(np.float64)(seen.splits["train"].images, np.empty(x.shape))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert list(seen.means) == ["train", "val", "test"]
    assert seen.means["train"] == pytest.approx(0, abs=1e-12)


def test_all_inputs_may_share_one_mean_and_deviation():
    seen = prepare(settings(preprocess="standardize_all"), digits())
    x = digits().images[:300].astype(np.float64)
    measured = seen.transform.astype(np.float64)(seen.splits["train"].images, np.empty(x.shape))
    np.testing.assert_allclose(measured, (x - x.mean()) / x.std(), atol=1e-12)


def test_what_differs_in_nothing_that_matters_is_made_once(passes):
    data = digits(checksum="made once")
    seen = prepare(settings(), data)
    assert prepare(settings(l2=0.1, hidden=[5], epochs=3), digits(checksum="made once")) is seen
    assert passes == [300]
    assert seen.means is prepare(settings(batch_size=10), data).means
    assert passes == [300, 300, 300, 297]


@pytest.mark.parametrize(
    "changes", [{"train": "data_batch_3"}, {"val": 10}, {"test": 10}, {"preprocess": "center"}]
)
def test_what_differs_is_made_anew(changes):
    data = digits(checksum="made anew")
    assert prepare(settings(**changes), data) is not prepare(settings(), data)


def test_data_sets_are_equal_when_name_and_checksum_are():
    assert digits() == digits(images=digits().images[:5])
    assert digits() != digits(checksum="other")
    assert digits() != digits(name="other")
    assert digits() != "digits"


def test_other_data_of_the_same_name_are_seen():
    images = np.flip(digits().images, axis=0)
    other = prepare(settings(), digits(images=images, checksum="turned"))
    np.testing.assert_array_equal(other.splits["train"].images, images[:300])
    assert not np.array_equal(other.transform.shift, prepare(settings(), digits()).transform.shift)


def test_settings_that_cannot_be_are_refused_though_their_splits_are_known():
    assert prepare(settings(), digits())
    with pytest.raises(DataError, match="batch_size = 700"):
        prepare(settings(batch_size=700), digits())
