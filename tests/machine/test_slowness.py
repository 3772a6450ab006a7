"""How slow this machine is at this moment."""

from __future__ import annotations

import pytest

from chainrule.machine.slowness import slowness


def test_it_is_the_time_that_passes_over_that_of_the_reference():
    seconds = iter([5.0, 5.026])
    assert slowness(lambda: next(seconds)) == pytest.approx(2.0)
