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


NORMALISED = """
def forward(X, W, b, gamma, beta, kept_mean, kept_var, batch_norm=False): ...
def cost(X, Y, W, b, gamma, beta, mean, var, batch_norm=False):
    P = forward(X, W, b, gamma, beta, mean, var, batch_norm)
def gradient(X, Y, W, b, gamma, beta, batch_norm=False):
    P = forward(X, W, b, gamma, beta, None, None, batch_norm)
"""
KEPT, ON = {"mean": "None", "var": "None"}, {"batch_norm": "True"}


@pytest.mark.parametrize(
    ("old", "new", "ways"),
    [
        ("", "", [KEPT | ON, KEPT]),
        ("batch_norm=False", "batch_norm=True", [KEPT]),
        ("None, None", "X.mean(1), X.var(1)", [ON, {}]),
        ("gradient(X, Y", "gradient(X, Y, mean, var", [ON, {}]),
        ("gamma", "theta", [KEPT]),
    ],
)
def test_batch_norm_takes_what_a_batch_gives_and_is_switched_on(old, new, ways):
    file = defined(NORMALISED.replace(old, new) if old else NORMALISED)
    assert told(next(choices(file)), file) == ways


def test_a_mode_that_is_a_number_is_that_of_training():
    text = """
def forward(X, W, test): ...
def cost(X, Y, W, test):
    P = forward(X, W, test)
def gradient(X, Y, W, test):
    P = forward(X, W, test)
cost(X, Y, W, 1)
gradient(X, Y, W, 0)
"""
    file = defined(text)
    assert told(next(choices(file)), file) == [{"test": "0"}]
