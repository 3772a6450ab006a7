"""Ways to damage a file anywhere in its bytes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Draws = np.random.Generator
Change = Callable[[bytes, Draws], bytes]

EXTREMES = (0, 1, 2**7, 2**8 - 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**60, 2**63, 2**64 - 1)


def place(data: bytes, draws: Draws) -> int:
    return int(draws.integers(len(data) + 1))


def _span(data: bytes, draws: Draws) -> tuple[int, int]:
    start = place(data, draws)
    return start, min(len(data), start + int(2 ** draws.uniform(0, 12)))


def flipped(data: bytes, draws: Draws) -> bytes:
    """Some bits turned over."""
    changed = bytearray(data)
    for _ in range(int(draws.integers(1, 9)) if data else 0):
        changed[draws.integers(len(data))] ^= 1 << int(draws.integers(8))
    return bytes(changed)


def overwritten(data: bytes, draws: Draws) -> bytes:
    """Some bytes at random in the place of others."""
    start, stop = _span(data, draws)
    return data[:start] + draws.bytes(stop - start) + data[stop:]


def cut(data: bytes, draws: Draws) -> bytes:
    """The end is gone."""
    return data[: place(data, draws)]


def shrunk(data: bytes, draws: Draws) -> bytes:
    """A part in between is gone."""
    start, stop = _span(data, draws)
    return data[:start] + data[stop:]


def grown(data: bytes, draws: Draws) -> bytes:
    """A part stands there many times."""
    start, stop = _span(data, draws)
    return data[:stop] + data[start:stop] * int(2 ** draws.uniform(0, 8)) + data[stop:]


def longer(data: bytes, draws: Draws) -> bytes:
    """Something follows the end."""
    return data + draws.bytes(int(2 ** draws.uniform(0, 12)))


def resized(data: bytes, draws: Draws) -> bytes:
    """Where a length may stand, another one does."""
    size = int(draws.choice([1, 2, 4, 8]))
    value = int(draws.choice(np.array(EXTREMES, dtype=object))) % 2 ** (8 * size)
    field = value.to_bytes(size, "little" if draws.random() < 0.7 else "big")
    # Lengths stand at the beginning and at the end of most forms.
    near = int(draws.integers(64))
    start = [near, max(0, len(data) - 64 + near), place(data, draws)][int(draws.integers(3))]
    return data[:start] + field + data[start + size :]


def spliced(data: bytes, draws: Draws) -> bytes:
    """The beginning, then another part of it again."""
    return data[: place(data, draws)] + data[place(data, draws) :]


ANYWHERE = (flipped, overwritten, cut, shrunk, grown, longer, resized, spliced)
