"""The numbers of :func:`chainrule.rng.counted` in compiled code: Philox 4x64 in ten rounds (Salmon, 2011).

A counter of four words, of which the first counts blocks, becomes four words of random bits. A round multiplies two of
the words by constants, to 128 bits each, and mixes the halves with the other words and the key, which moves on. NumPy
counts up before it draws, so that its first block is that of 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from chainrule.arrays import Array
from chainrule.train.engines.parts import part

IN_BLOCK = 8
"""Numbers of 32 bits."""

_FIRST, _SECOND = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_FIRST_KEY, _SECOND_KEY = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ROUNDS = 10
_LOW, _HALF, _NOTHING, _ONE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(0), np.uint64(1)


def _upper_half(typing: Any, a: Any, b: Any) -> Any:
    """The upper 64 bits of a product, in LLVM's terms: nothing else here knows 128."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word, both = ir.IntType(64), ir.IntType(128)
        product = builder.mul(*(builder.zext(argument, both) for argument in arguments))
        return builder.trunc(builder.lshr(product, ir.Constant(both, 64)), word)

    return types.uint64(types.uint64, types.uint64), code


_upper: Any = intrinsic(_upper_half)


@part
def _block(number: Any, index: Any, step: Any, key: Any, out: Any) -> None:
    """The four words of a block into ``out``; all words are uint64."""
    a, b, c, d = number + _ONE, _NOTHING, index, step
    first, second = key[0], key[1]
    for _ in range(_ROUNDS):
        a, b, c, d = _upper(_SECOND, c) ^ b ^ first, c * _SECOND, _upper(_FIRST, a) ^ d ^ second, a * _FIRST
        first += _FIRST_KEY
        second += _SECOND_KEY
    out[0], out[1], out[2], out[3] = a, b, c, d


@part
def leave_out(
    h: Array, slopes: Array, n: int, at: int, count: int, unit: int, layer: int, step: int, key: Any, least: Any,
    scale: Any, words: Any,
) -> None:  # fmt: skip
    """Dropout of ``count`` lanes from ``at`` on, in place: h and the slopes times m of :mod:`chainrule.nn.dropout`.

    Args:
        h, slopes: (samples, lanes).
        n: samples.
        at, count: which lanes; the first is unit ``unit`` of its member.
        layer: from 1 on.
        step: which update.
        key: of the member's seed, (2,) uint64.
        least: who draws less is left out, uint64.
        scale: the others are multiplied by it.
        words: room for four.
    """
    zero = h.dtype.type(0)
    for v in range(count):
        start = (unit + v) * n
        for block in range(start // IN_BLOCK, (start + n - 1) // IN_BLOCK + 1):
            _block(np.uint64(block), np.uint64(layer), np.uint64(step), key, words)
            before = block * IN_BLOCK - start
            for j in range(max(0, -before), min(IN_BLOCK, n - before)):
                drawn = words[j // 2] >> (_HALF * np.uint64(j % 2)) & _LOW
                m = scale if drawn >= least else zero
                h[before + j, at + v] *= m
                slopes[before + j, at + v] *= m
