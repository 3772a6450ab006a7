"""Minibatches and their order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.batches import batches, epoch_order
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import fit

PART = Split(
    np.random.default_rng(0).integers(0, 256, (70, 6)).astype(np.uint8), np.arange(70, dtype=np.uint8) % 4
)


@given(st.integers(1, 70), st.integers(1, 80), st.booleans())
def test_batches_give_every_sample_once(count, size, shuffle):
    part = Split(PART.images[:count], PART.labels[:count])
    order = epoch_order(0, 0, count) if shuffle else None
    transform = fit("scale_to_unit", part.images, 255)
    seen = [(x.copy(), y) for x, y, _ in batches(part, transform.astype(np.float64), size, np.float64, order)]
    sizes = [len(y) for _, y in seen]
    assert sizes[:-1] == [size] * (len(sizes) - 1)
    assert 1 <= sizes[-1] <= size
    index = np.arange(count) if order is None else order
    np.testing.assert_allclose(np.concatenate([x for x, _ in seen]), part.images[index] / 255)
    np.testing.assert_array_equal(np.concatenate([y for _, y in seen]), part.labels[index])


@given(st.integers(0, 9), st.integers(0, 9), st.integers(20, 50))
def test_an_order_is_a_permutation_of_its_own_seed_and_epoch(seed, epoch, count):
    order = epoch_order(seed, epoch, count)
    assert sorted(order) == list(range(count))
    np.testing.assert_array_equal(order, epoch_order(seed, epoch, count))
    assert (order != epoch_order(seed, epoch + 1, count)).any()
    assert (order != epoch_order(seed + 1, epoch, count)).any()
