"""Sizes whose names say nothing are told by the matrices that are made of them."""

import pytest

from chainrule.gradcheck.recognition.chained_sizes import chained_sizes
from chainrule.gradcheck.recognition.conventions import Convention
from support.recognising import loaded, rows

NET = """
import numpy as np

class Net:
    def __init__(self, {arguments}, rate):
        self.rate = rate
        {made}

    def run(self, inputs):
        self.h = np.tanh(self.V @ inputs)
        return self.W @ self.h

    def loss(self, inputs, targets):
        return 0.5 * np.sum((targets - self.run(inputs)) ** 2)

    def train(self, inputs, targets):
        e = targets - self.run(inputs)
        self.V += self.rate * (self.W.T @ e * (1 - self.h ** 2)) @ inputs.T
        self.W += self.rate * e @ self.h.T

net = Net(64, 30, 10, 0.1)
"""
TWO = "self.V, self.W = np.random.normal(0, 1, size=({1}, {0})), np.random.normal(0, 1, ({2}, {1}))"


@pytest.mark.parametrize(
    ("arguments", "made", "widths"),
    [
        ("n, m, k", TWO.format("n", "m", "k"), {"n": 6, "m": 5, "k": 3}),
        ("a, b, c", TWO.format("c", "b", "a"), {"c": 6, "b": 5, "a": 3}),
        ("a, b", "self.W = np.zeros((b, a))", {"a": 6, "b": 3}),
        ("a, n_in", "self.W = np.zeros((n_in, a))", {"n_in": 6, "a": 3}),
        ("n_in, n_out", "self.W = np.zeros((n_out, n_in))", {}),
        ("a, b, c, d", "self.W, self.V = np.zeros((b, a)), np.zeros((d, c))", {}),
        ("a, b, c", "self.W, self.V, self.U = np.zeros((b, a)), np.zeros((c, b)), np.zeros((a, c))", {}),
    ],
)
def test_sizes_follow_the_matrices_from_inputs_to_outputs(arguments, made, widths):
    file, _ = loaded(NET.format(arguments=arguments, made=made))
    assert chained_sizes(file.constructors["Net"], Convention(weights="out, in")) == widths


def test_of_a_single_matrix_the_layout_says_which_are_the_inputs():
    file, _ = loaded(NET.format(arguments="a, b", made="self.W = np.zeros((b, a))"))
    assert chained_sizes(file.constructors["Net"], Convention(weights="in, out")) == {"b": 6, "a": 3}


def test_a_net_of_such_sizes_is_checked_at_small_ones():
    (row,) = rows(NET.format(arguments="n, m, k", made=TWO.format("n", "m", "k")))
    assert not row.doubt
    assert "net = Net(n=6, m=5, k=3, rate=0.1)" in row.text
