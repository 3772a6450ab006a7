"""Nets that are made empty, and their layers."""

import pytest

from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.stacks import compositions, stack
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


def test_layers_may_keep_the_size_of_their_inputs():
    assert compositions(ROWS, defined(CLASSES)) == [
        "[Linear(6, 5), ReLU(), Linear(5, 3)]", "[Linear(6, 6), ReLU()]",
    ]  # fmt: skip


def test_where_no_class_asks_for_sizes_those_that_ask_for_nothing_are_stacked():
    text = "class Base:\n    def forward(self, x): ...\n    def backward(self, g): ...\n"
    text += "class Pool(Base):\n    def __init__(self, k=2): ...\n" + text.split("\n", 1)[1]
    assert compositions(ROWS, defined(text)) == ["[Pool(), Pool()]"]
    assert not compositions(ROWS, defined("class Net:\n    def forward(self, x): ..."))
