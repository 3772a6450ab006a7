"""What holds for every transform."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import TRANSFORMS
from chainrule.data.transforms.transform import fit
from support.components import names

transforms = pytest.mark.parametrize("name", names(TRANSFORMS))
IMAGES = np.random.default_rng(0).integers(0, 256, (60, 9)).astype(np.uint8)
IMAGES[:, 4] = 7


@transforms
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inputs_are_image_times_scale_plus_shift(name, dtype):
    transform = fit(name, IMAGES[:40], 255)
    for array in (transform.scale, transform.shift):
        assert (array.shape, array.dtype) == ((9,), np.float64)
        assert np.isfinite(array).all()
    expected = IMAGES * transform.scale + transform.shift
    inputs = transform.astype(dtype)(IMAGES, np.empty(IMAGES.shape, dtype))
    np.testing.assert_allclose(inputs, expected, atol=40 * np.finfo(dtype).eps)
    assert transform.mean(IMAGES) == pytest.approx(expected.mean())


@transforms
def test_images_may_be_read_only_and_stay_as_they_are(name):
    images = IMAGES.copy()
    images.flags.writeable = False
    fit(name, images, 255)
    np.testing.assert_array_equal(images, IMAGES)


@transforms
def test_folded_into_the_first_layer_it_changes_no_score(name):
    transform, rng = fit(name, IMAGES, 255), np.random.default_rng(1)
    W, b = rng.normal(size=(2, 5, 9)), rng.normal(size=(2, 5))
    folded_W, folded_b = transform.folded(W, b)
    inputs = IMAGES * transform.scale + transform.shift
    np.testing.assert_allclose(
        IMAGES @ folded_W[1].T + folded_b[1], inputs @ W[1].T + b[1], rtol=0, atol=1e-10
    )


@transforms
def test_floats_come_to_the_same_as_bytes_of_the_same_values(name):
    of_bytes, of_floats = (fit(name, images, 255) for images in (IMAGES, IMAGES.astype(np.float32)))
    np.testing.assert_allclose(of_floats.scale, of_bytes.scale, rtol=1e-12)
    np.testing.assert_allclose(of_floats.shift, of_bytes.shift, rtol=1e-12, atol=1e-12)


@transforms
def test_a_column_of_floats_that_never_varies_stays_finite(name):
    images = np.full((50, 2), 0.1, np.float32)
    images[:, 1] = np.arange(50)
    transform = fit(name, images, 1.0)
    assert np.isfinite(transform.scale).all()
    inputs = transform.astype(np.float64)(images, np.empty(images.shape))
    assert abs(inputs[:, 0]).max() <= 2
