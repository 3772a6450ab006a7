"""Nets that are made empty, and their layers."""

import pytest

from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.stacks import stack
from support.adapters import defined

ROWS = Convention("rows", "integers", "in, out", "(K,)")

CLASSES = """
class Linear:
    def __init__(self, n_in, n_out): self.W = make(n_in, n_out)
class ReLU:
    def forward(self, X): ...
    def backward(self, G): ...
"""


@pytest.mark.parametrize(
    ("body", "rest", "layers"),
    [
        ("self.layers = []", "", "[Linear(6, 5), ReLU(), Linear(5, 3)]"),
        (
            "self.layers = []",
            "    def add(self, layer): ...\nnet = Net()\nnet.add(Linear(784, 10))\nnet.add(ReLU())",
            "[Linear(6, 3), ReLU()]",
        ),
        ("self.layers = []\n        self.layers.append(Linear(6, 3))", "", None),
        ("self.losses = []", "", None),
    ],
)
def test_a_net_that_is_made_empty_is_given_layers(body, rest, layers):
    file = defined(f"{CLASSES}\nclass Net:\n    def __init__(self):\n        {body}\n{rest}\n")
    assert stack(file.constructors["Net"], ROWS, file) == ({} if layers is None else {"layers": layers})
