"""Attributes that another method than the constructor gives."""

import pytest

from chainrule.gradcheck.recognition.given_later import given_later
from support.adapters import defined

NET = """
class Net:
    def __init__(self, d):
        self.d, self.rate = d, 0.1
        self.begin()
    def begin(self): self.steps = 0
    def train(self, X, epochs=10, batchnorm=False):
        self.X, self.batchnorm, self.kind, self.rate = X, batchnorm, "he", 0.5
        self.W, self.steps, self.history, self.best = 1.0, 3, [], None
"""


@pytest.mark.parametrize(
    ("names", "later"),
    [
        (["batchnorm", "kind"], {"batchnorm": "False", "kind": "'he'"}),
        (["d", "rate", "steps"], {}),
        (["X", "W", "history", "best", "other"], {}),
    ],
)
def test_what_is_written_down_elsewhere_and_not_in_the_constructor_is_given(names, later):
    assert given_later(defined(NET), "Net", names) == later
