"""Passes of one object are called one after the other, as the file calls them."""

from support.witnessing import found, verdict_of

SPREAD = """
import numpy as np

class Spread:
    def __init__(self, ties, width):
        self.mixing = ties / ties.sum(axis=1, keepdims=True)
        assert len(ties) == 11
        self.A = np.random.randn(5, width)

    def forward(self, held):
        self.kept = self.mixing @ held["values"]
        return np.tanh(self.kept @ self.A)

    def backward(self, dout):
        g = dout * (1 - np.tanh(self.kept @ self.A) ** 2)
        self.dA = self.kept.T @ g

if __name__ == "__main__":
    layer = Spread(np.eye(11) + np.ones((11, 11)), 3)
    for _ in range(2):
        out = layer.forward({"values": np.random.randn(11, 5)})
        layer.backward(out ** 3)
        layer.A -= 0.01 * layer.dA
"""


def test_passes_of_an_object_that_the_file_alone_can_make_may_be_right():
    (row,), namespace = found(SPREAD)
    assert (row.gradient, row.unchecked) == ("Spread.forward / Spread.backward", [])
    assert verdict_of(row, namespace) == "right"
    assert found(SPREAD.replace("(1 - np.tanh", "(2 - np.tanh"))[0] == []
