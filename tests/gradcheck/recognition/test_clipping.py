"""Gradients that are clipped."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.clipping import bound, is_reached


def program(gradient, start):
    text = (
        "def chainrule_check(rng):\n"
        f"    return dict(parameters=dict(W=np.array({start}), b=np.array({start})), data=(),\n"
        "                cost=lambda W, b: ((W**2).sum() + (b**2).sum()) / 2,\n"
        f"                gradient=lambda W, b: {gradient})"
    )
    return declared(text, {"np": np}, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("gradient", "at"),
    [
        ("[np.clip(g, -5, 5) for g in (W, b)]", 5.0),
        ("[np.clip(g, -0.25, 0.25) for g in (W, b)]", 0.25),
        ("[W, b]", None),
        ("[np.tanh(W) / 3, np.tanh(b) / 3]", None),
        ("1 / 0", None),
    ],
)
def test_a_bound_is_a_written_number_at_which_large_gradients_stop(gradient, at):
    assert bound(program(gradient, [0.617, -0.823])) == at


@pytest.mark.parametrize(("start", "reached"), [([0.5, -4.9], False), ([0.5, -5.3], True)])
def test_it_is_reached_where_an_entry_lies_at_it(start, reached):
    assert is_reached(program("[np.clip(g, -5, 5) for g in (W, b)]", start), 5.0) is reached
