"""e^x of many numbers at once: float32 in vectors, where NumPy's function in compiled code takes them one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from chainrule.arrays import Array
from chainrule.nn.exponential import exponential, logistic
from chainrule.train.engines.parts import PART, part

_BITS = np.float32(1 / np.log(2))
_LN_2 = np.float32(np.log(2))
_HALF, _ONE = np.float32(0.5), np.float32(1)
_LOWEST = np.float32(-87)
"""e^x is no normal float32 much below, and 0 is taken for it."""

_2, _3, _4, _5, _6, _7 = (np.float32(1 / count) for count in (2, 6, 24, 120, 720, 5040))


@overload(exponential, jit_options=PART)
def _exponential_of_type(x: Any) -> Any:
    def exact(x: Any) -> Any:
        return np.exp(x)

    def of_float32(x: Any) -> Any:
        # x = n ln 2 + r with |r| at most ln 2 / 2, so e^x = 2^n e^r; 2^n has n in its bits, e^r is Taylor's series.
        low = x if x > _LOWEST else _LOWEST
        n = np.int32(low * _BITS - _HALF)
        r = low - np.float32(n) * _LN_2
        series = _ONE + r * (_ONE + r * (_2 + r * (_3 + r * (_4 + r * (_5 + r * (_6 + r * _7))))))
        power = np.int32(np.int32(n + np.int32(127)) << np.int32(23)).view(np.float32)
        nothing = np.float32(0) if x <= _LOWEST else x
        return series * power if x > _LOWEST else nothing

    return of_float32 if x == types.float32 else exact


register_jitable(**PART)(logistic)


@part
def exponentials(x: Array) -> None:
    """e^x in place of x (count,), of which none is positive."""
    for i in range(len(x)):
        x[i] = exponential(x[i])
