"""What dJ/dout is drawn as where a backward pass is not linear in it."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.layers.dout_forms import WHOLE, other_forms
from chainrule.gradcheck.recognition.layers.plans import evaluated

ADAPTER = """
def chainrule_check(rng):
    x, R = rng.normal(size=5), rng.normal(size=5)
    return dict(parameters=dict(x=x), data=(R,), cost=lambda x, R: R @ x, gradient=lambda x, R: dict(x={}))
"""


@pytest.mark.parametrize(
    ("given", "douts"),
    [
        ("2 * R", 0),
        ("np.clip(R, -0.1, 0.1)", 1),
        ("R * (R == R[np.flatnonzero(R)[0]])", 5),
        ("R * R.sum()", 5),
    ],
)
def test_what_is_not_linear_is_tried_with_another(given, douts):
    program = declared(ADAPTER.format(given), {"np": np}, np.random.default_rng(0))
    assert len(other_forms(program)) == douts


def test_one_entry_alone_is_not_0():
    program = declared(ADAPTER.format("R * R.sum()"), {"np": np}, np.random.default_rng(0))
    drawn = [
        evaluated(form.of("(5,)", "np"), {"np": np}, {"rng": np.random.default_rng(0)})
        for form in other_forms(program)
    ]
    assert [*map(np.flatnonzero, drawn)] == [[0], [1], [2], [3], [4]]
    assert all(form.said and form.unchecked for form in other_forms(program))
    assert WHOLE.of("(2, 3)", "np") == "rng.normal(size=(2, 3))"
