"""Switches by which cost and gradient choose: what is wrong with either value is wrong."""

import pytest

from support.recognising import recognised

CHOOSING = """
import numpy as np

def compute_cost(X, Y, W, b, lam, cubed=False):
    R = W @ X + b - Y
    fit = np.sum(R**3) if cubed == True else np.sum(R**2)
    return fit / X.shape[1] + lam * np.sum(W**2)

def compute_gradients(X, Y, W, b, lam, cubed=False):
    R = W @ X + b - Y
    if cubed is False:
        G = 2 * R / X.shape[1]
    else:
        G = 3 * R**2 / X.shape[1]
    return G @ X.T + 2 * lam * W, G.sum(axis=1, keepdims=True)
"""
KEPT = """
import numpy as np

class Net:
    def __init__(self, d, K, cubed=False):
        self.W, self.is_cubed = np.zeros((K, d)), cubed
    def cost(self, X, Y):
        R = self.W @ X - Y
        return np.sum(R**3 if self.is_cubed else R**2)
    def gradient(self, X, Y):
        R = self.W @ X - Y
        return (3 * R**2 if self.is_cubed else 2 * R) @ X.T
"""

MODULE = """
import numpy as np

cubed = False

class Net:
    def __init__(self, d, K):
        self.W = np.zeros((K, d))
    def cost(self, X, Y):
        R = self.W @ X - Y
        return np.sum(R**3 if cubed else R**2)
    def gradient(self, X, Y):
        R = self.W @ X - Y
        return (3 * R**2 if cubed else 2 * R) @ X.T
"""


def convicts(text, name="cubed"):
    (variant,) = (v for v in recognised(text).variants if v.varied.startswith(name))
    assert (variant.value, variant.why) == ("True", "")
    return variant.convicts


@pytest.mark.parametrize("text", [CHOOSING, KEPT, MODULE])
def test_both_choose(text):
    assert convicts(text)


@pytest.mark.parametrize(
    ("old", "new"), [("if cubed is False", "if X.size"), ("if cubed == True", "if len([cubed]) * cubed")]
)
def test_one_of_both_does_not(old, new):
    assert not convicts(CHOOSING.replace(old, new))


def test_a_switch_of_the_module_is_set_at_each_call():
    row = recognised(MODULE)
    assert row.text.count("globals().update(cubed=False)") == 2
    (variant,) = row.variants
    assert variant.text.count("globals().update(cubed=True)") == 2


def test_how_labels_lie_is_no_choice():
    assert not convicts(CHOOSING.replace("cubed", "is_one_hot"), "is_one_hot")


PARTS = """
import numpy as np

def forward(X, W, cubed=False):
    R = W @ X
    if cubed:
        return R**3, 3 * R**2, R
    return R, np.ones_like(R)

def compute_cost(X, Y, W, lam, cubed=False):
    return np.sum(Y * forward(X, W, cubed)[0]) + lam * np.sum(W**2)

def compute_gradients(X, Y, W, slope, lam, cubed=False):
    if cubed:
        slope = slope * 1
    return (Y * slope) @ X.T + 2 * lam * W

R, slope = forward(X, W, False)
compute_gradients(X, Y, W, slope, lam)
"""


def test_a_part_of_which_the_file_does_not_say_which_it_is_convicts_nobody():
    assert not convicts(PARTS)
    told = "\nR, slope, _ = forward(X, W, True)\ncompute_gradients(X, Y, W, slope, lam, True)"
    assert convicts(PARTS + told)
