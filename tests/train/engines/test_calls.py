"""Calls by an address are told the types that the function there was compiled for, or are not compiled."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it
from numba.core.errors import TypingError

from chainrule.train.engines.calls import call


@pytest.mark.parametrize(
    ("lanes", "slopes"),
    [(2.0, np.zeros((1, 2), np.float32)), (2, np.zeros((1, 2))), (2, np.zeros(2, np.float32))],
)
def test_a_call_with_other_types_is_not_compiled(lanes, slopes):
    @njit
    def calls(address, values, lanes, slopes):
        call("activation", address, (values, 1, lanes, slopes))

    with pytest.raises(TypingError, match="activation takes"):
        calls(0, np.zeros((1, 2), np.float32), lanes, slopes)
