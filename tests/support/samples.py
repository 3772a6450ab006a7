"""Lists that are long: a part in the suite, the rest in ``make test-corpus``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def one_in(every: int, values: Iterable[Any]) -> list[Any]:
    """Parameters of a test: one in so many is tried by the suite, the others by ``make test-corpus``."""
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)),
            marks=[pytest.mark.corpus] if number % every else [],
        )
        for number, value in enumerate(values)
    ]
