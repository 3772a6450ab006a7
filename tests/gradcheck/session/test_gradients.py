"""The gradients of this process, asked one after the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.session.gradients import SessionGradients
from chainrule.gradcheck.session.sources import Defined


def declaring(**functions):
    return lambda rng: {"parameters": np.ones(2), **functions}


def broken(w):
    raise ValueError("no")


def test_the_gradient_that_was_chosen_answers():
    namespace = {
        "chainrule_check_first": declaring(cost=lambda w: w.sum(), gradient=lambda w: w),
        "chainrule_check_second": declaring(cost=lambda w: 2 * w.sum(), gradient=broken),
    }
    cells = {__file__: "In [7]"}
    session = SessionGradients(Path("notebook"), Defined(Definitions(), cells), namespace, 0)
    assert [g.gradient for g in session.gradients] == ["first", "second"]
    for place, wanted in enumerate([2.0, 4.0]):
        session.choose(place)
        assert session.cost([np.ones(2)], []) == wanted
    with pytest.raises(CheckError, match=r"^In \[7\], line \d+, in broken: ValueError: no$"):
        session.gradient([np.ones(2)], [])
