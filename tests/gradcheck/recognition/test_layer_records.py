"""Lists that say of each layer how large it is and what it is made of."""

import pytest

from chainrule.gradcheck.recognition.layer_records import layer_records, with_text
from support.adapters import defined
from support.recognising import recognised

COMPARES = """
def apply(Z, kind, activation):
    return Z if kind == "tanh" or activation == "tanh" else -Z if kind == "relu" or activation == "relu" else 2 * Z
"""
CLASS = (
    COMPARES
    + """
class Net:
    def __init__(self, n_inputs, layers): ...
"""
)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("[(32, 'tanh'), (10, 'linear')]", "[(5, 'tanh'), (3, 'linear')]"),
        ("[('tanh', 784, 32), ('linear', 32, 10)]", "[('tanh', 6, 5), ('linear', 5, 3)]"),
        ("[(32, apply), (10, identity)]", "[(5, apply), (3, identity)]"),
        ("[{'units': 32, 'act': 'tanh'}, {'units': 10, 'act': 'linear'}]",
         "[{'units': 5, 'act': 'tanh'}, {'units': 3, 'act': 'linear'}]"),
        ("[{'n_out': 32, 'n_in': 784, 'f': 'tanh'}]", "[{'n_out': 5, 'n_in': 6, 'f': 'tanh'}, "
         "{'n_out': 3, 'n_in': 5, 'f': 'tanh'}]"),
    ],
)  # fmt: skip
def test_lists_are_written_as_the_file_writes_them(given, written):
    records = layer_records(defined(f"{CLASS}net = Net(784, {given})"), "layers")
    assert records.written([6, 5, 3]) == written


@pytest.mark.parametrize(
    "given",
    ["[32, 10]", "[(32, 10)]", "[(32, 'tanh', 0.5)]", "[Dense(3, 4)]", "[(3, 2, 5, 'tanh')]", "[]", "sizes"],
)
def test_other_lists_are_none_such(given):
    assert layer_records(defined(f"{CLASS}net = Net(784, {given})"), "layers") is None


def test_the_inputs_may_have_a_record_of_their_own():
    records = layer_records(defined(f"{CLASS}net = Net(784, [(784, None), (10, 'tanh')])"), "layers")
    assert records.written([6, 5, 3], with_inputs=True) == "[(6, None), (5, None), (3, 'tanh')]"


def test_texts_are_those_that_the_file_compares():
    records = layer_records(defined(f"{CLASS}net = Net(784, [(32, 'tanh'), (10, 'linear')])"), "layers")
    assert records.others == ["'relu'"]
    assert records.written([6, 5, 3], "'relu'") == "[(5, 'relu'), (3, 'linear')]"
    assert with_text("[{'n': 5, 'f': 'tanh'}, {'n': 3, 'f': 'tanh'}]", "'relu'") == (
        "[{'n': 5, 'f': 'relu'}, {'n': 3, 'f': 'tanh'}]"
    )


def test_a_list_that_is_written_nowhere_is_told_by_the_keys_that_are_looked_up():
    text = (
        COMPARES
        + """
def init(specs):
    for spec in specs:
        spec["n_in"], spec["n_out"]
def forward(X, specs):
    for spec in specs:
        X = apply(X, "", spec["activation"])
"""
    )
    records = layer_records(defined(text), "specs")
    assert records.key == "activation"
    assert records.written([6, 3]) == "[{'n_in': 6, 'n_out': 3, 'activation': 'tanh'}]"
    assert (
        layer_records(defined(text.replace('spec["n_out"]', 'spec["n_out"], spec["what"]')), "specs") is None
    )


NET = """
import numpy as np

class Net:
    def __init__(self, n_inputs, layers):
        self.W, self.kinds = [], []
        for units, kind in layers:
            self.W.append(np.random.randn(units, n_inputs))
            self.kinds.append(kind)
            n_inputs = units

    def forward(self, X):
        self.A, self.slopes = [X], []
        for W, kind in zip(self.W, self.kinds):
            Z = W @ self.A[-1]
            if kind == "tanh":
                self.A.append(np.tanh(Z))
                self.slopes.append(1 - self.A[-1] ** 2)
            elif kind == "square":
                self.A.append(Z ** 2)
                self.slopes.append(2 * Z)
            else:
                self.A.append(Z)
                self.slopes.append(np.ones_like(Z))
        return self.A[-1]

    def loss(self, X, Y):
        return np.sum((self.forward(X) - Y) ** 2)

    def gradient(self, X, Y):
        G, gradients = 2 * (self.forward(X) - Y), []
        for l in reversed(range(len(self.W))):
            G = G * self.slopes[l]
            gradients.insert(0, G @ self.A[l].T)
            G = self.W[l].T @ G
        return gradients

net = Net(784, [(32, "tanh"), (10, "linear")])
"""


def test_a_net_is_made_of_them_and_the_other_texts_are_tried():
    row = recognised(NET)
    assert "Net(n_inputs=6, layers=[(5, 'tanh'), (3, 'linear')])" in row.text
    (variant,) = [v for v in row.variants if v.value == "'square'"]
    assert variant.convicts
    assert "[(5, 'square'), (3, 'linear')]" in variant.text
