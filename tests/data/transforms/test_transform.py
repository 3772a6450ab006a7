"""Transforms by their definition, fitted on the training images alone."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.transforms.transform import fit

IMAGES = np.random.default_rng(0).integers(0, 256, (70, 12)).astype(np.uint8)
IMAGES[:, 5] = 7


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_transforms_by_their_definition(dtype):
    train = IMAGES[:40]
    scaled = IMAGES / 255
    deviation = train.std(axis=0)
    expected = {
        "scale_to_unit": scaled,
        "center": scaled - scaled[:40].mean(axis=0),
        "standardize_all": (IMAGES - train.mean()) / train.std(),
        "standardize": (IMAGES - train.mean(axis=0)) / np.where(deviation > 0, deviation, 1),
    }
    for name, values in expected.items():
        transform = fit(name, train, 255)
        out = transform.astype(dtype)(IMAGES, np.empty(IMAGES.shape, dtype))
        assert out.dtype == dtype
        np.testing.assert_allclose(out, values, atol=4 * np.finfo(dtype).eps * 10)
        assert transform.mean(IMAGES) == pytest.approx(values.mean())
    assert not expected["standardize"][:, 5].any()


def test_the_fit_sees_the_training_images_only():
    first, second = (fit("center", images, 255) for images in (IMAGES[:40], IMAGES[:30]))
    assert not np.allclose(first.shift, second.shift)


def test_inputs_that_never_vary_are_not_divided_by_nothing():
    same = np.full((9, 4), 7, np.uint8)
    for name in ("standardize", "standardize_all"):
        transform = fit(name, same, 255)
        assert (transform.scale.tolist(), transform.shift.tolist()) == ([1.0] * 4, [-7.0] * 4)
