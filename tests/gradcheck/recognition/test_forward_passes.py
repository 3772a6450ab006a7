"""Of several forward passes one belongs to cost and gradient."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.forward_passes import are_of_other_passes, distance
from support.adapters import defined

NET = """
def forward(X, W):
    return W @ X, (X,)

def forward_wide(X, W):
    return 2 * W @ X, (X,)

def cost(P, Y): ...

def gradient(cache, Y, W): ...

def train(X, Y, W):
    P, cache = forward_wide(X, W)
    kept = cost(P, Y)
    return gradient(cache, Y, W)

def test(X, Y, W):
    return cost(forward(X, W)[0], Y)
"""
NOT_KEPT = NET.replace("    kept = cost(P, Y)\n", "")


def given(text):
    file = defined(text)
    return file.named("cost"), file.named("gradient"), file


def test_what_gives_to_cost_and_gradient_comes_before_what_is_called_more_like_the_gradient():
    cost, gradient, file = given(NET)
    nearest = min(file.handed["cost", "P"], key=lambda handed: distance(handed, cost, gradient, file))
    assert nearest.function == "forward_wide"


def test_without_it_the_name_says_which():
    cost, gradient, file = given(NOT_KEPT.replace("gradient(cache", "gradient_wide(cache"))
    every = defined(NET).handed["cost", "P"]
    gradient = file.named("gradient_wide")
    assert min(every, key=lambda each: distance(each, cost, gradient, file)).function == "forward_wide"


@pytest.mark.parametrize(
    ("text", "are_other"),
    [
        (NET, False),
        (NOT_KEPT, True),
        (NOT_KEPT.replace("2 * W @ X", "2 * forward(X, W)[0]"), False),
        (NOT_KEPT.replace("W): ...", "W):\n    return forward(cache, W)"), False),
        (NOT_KEPT.replace("forward_wide(X, W)", "make_mask(W)"), False),
    ],
    ids=["in one body", "apart", "one uses the other", "the gradient uses the other", "no forward pass"],
)
def test_cost_and_gradient_of_passes_that_have_nothing_in_common_are_told(text, are_other):
    assert are_of_other_passes(*given(text)) == are_other


@pytest.mark.parametrize(("text", "is_guessed"), [(NET, False), (NOT_KEPT, True)])
def test_they_convict_nobody(text, is_guessed):
    every = [f for f in choices(defined(text)) if f.gradient is not None and f.gradient.name == "gradient"]
    assert every
    assert all(functions.is_assumed == is_guessed for functions in every)
