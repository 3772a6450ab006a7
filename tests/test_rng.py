"""Random streams are keyed."""

from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chainrule.rng import counted, stream

keys = st.tuples(st.integers(0, 2**40), st.sampled_from(["W", "b", "order"]), st.integers(0, 1000))


@given(keys, keys)
def test_equal_keys_equal_draws_and_other_keys_other_draws(first, second):
    a, b = stream(*first).standard_normal(8), stream(*second).standard_normal(8)
    assert np.array_equal(a, b) is (first == second)


def test_the_draws_of_a_key_are_pinned():
    """Results that were published with a seed must come back: this may change with the record version only."""
    np.testing.assert_allclose(stream(0, "W", 1).standard_normal(3), PINNED, rtol=1e-12)


PINNED = [0.29873379585801857, -0.8610700424886298, 0.08592086302461197]


def philox(key, counter):
    """Philox 4x64 with ten rounds as its paper has it, of whole numbers."""
    low = 2**64 - 1
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * counter[0], 0xCA5A826395121157 * counter[2]
        counter = [
            (second >> 64) ^ counter[1] ^ key[0],
            second & low,
            (first >> 64) ^ counter[3] ^ key[1],
            first & low,
        ]
        key = [(key[0] + 0x9E3779B97F4A7C15) & low, (key[1] + 0xBB67AE8584CAA73B) & low]
    return counter


def test_numbers_that_are_counted_are_those_of_philox_so_that_any_engine_can_make_them():
    word = int.from_bytes(hashlib.sha256(b"dropout").digest()[:8], "little")
    key = np.random.SeedSequence([7, word]).generate_state(2, np.uint64).tolist()
    blocks = [philox(key, [block, 0, 2, 30]) for block in (1, 2)]
    expected = [half for block in blocks for word in block for half in (word % 2**32, word >> 32)]
    assert counted(7, "dropout", 2, 30, 15).tolist() == expected[:15]


@given(keys, keys, st.integers(0, 50), st.integers(0, 50))
def test_counted_numbers_differ_where_any_part_of_their_key_does(first, second, step, other):
    a, b = counted(*first, step, 9), counted(*second, other, 9)
    assert np.array_equal(a, b) is ((first, step) == (second, other))
