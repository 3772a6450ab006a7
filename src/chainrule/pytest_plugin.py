"""For pytest: a fixture that checks a gradient and fails with the diagnosis."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def assert_gradient() -> Callable[..., None]:
    """:func:`chainrule.assert_gradient`, called as ``assert_gradient(cost, gradient, parameters, *data)``."""
    # Loaded when it is asked for: the plugin itself is loaded by every run of pytest.
    from chainrule.gradcheck import assert_gradient

    return assert_gradient
