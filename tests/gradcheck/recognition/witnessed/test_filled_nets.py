"""A net that is filled with layers of sizes is the file's own only where nothing else may be meant to complete it."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.witnessed.filled_nets import filled
from support.adapters import defined

NET = """
class Net:
    def __init__(self):
        self.W = []
    def add_layer(self, n_in, n_out):
        self.W.append(make(n_in, n_out))
    def forward(self, X):
        self.A = X
        return self.through(X)
    def through(self, X):
        return X @ self.W[0]
    def predict_classes(self, X):
        return self.forward(X).argmax(1)
    def weights(self):
        return list(self.W)
    def summary(self):
        print(self.W)
    def fit(self, X, y, epochs):
        self.forward(X)
"""


@pytest.mark.parametrize(
    ("method", "is_files"),
    [
        ("", True),
        ("def add_output_layer(self, n_in, n_out):\n        self.add_layer(n_in, n_out)", False),
        ("def build(self):\n        self.W[-1].last = True", False),
        ("def build(self):\n        return self", False),
        ("def softmax(self):\n        self.W.append(0)", False),
        ("def _build(self):\n        self.last = True", True),
    ],
)
def test_another_public_method_may_be_meant_to_complete_it(method, is_files):
    file = defined(f"{NET}    {method}\n")
    nets = [*filled("Net()", "Net", file, Convention("rows", "one-hot", "in, out", "(K,)"))]
    assert [net.is_files for net in nets] == [is_files]
