"""What a file itself gives to arguments whose names say nothing."""

import pytest

from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.given_values import told
from support.adapters import defined

TEXT = """
def compute_cost(X, Y, W, zeta): ...
def compute_gradients(X, Y, W, zeta): ...
"""


@pytest.mark.parametrize(
    ("calls", "ways"),
    [
        ("compute_cost(X, Y, W, 0.7); compute_gradients(X, Y, W, 0)", [{"zeta": "0.7"}]),
        ("compute_cost(X, Y, W, True)", [{"zeta": "True"}, {"zeta": "False"}]),
        ("compute_cost(X, Y, W, 'this')", [{}]),
        ("compute_cost(X, Y, W, 0.7); compute_cost(X, Y, W, 2 * X)", [{}]),
        ("", [{}]),
    ],
)
def test_numbers_and_switches_are_given(calls, ways):
    file = defined(TEXT + calls)
    assert told(next(choices(file)), file) == ways
