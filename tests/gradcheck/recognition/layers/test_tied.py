"""Arguments that are given the same: the gradient of keys and values may be that of both together."""

import re

from support.layers import checked, read

ATTENTION = """
def soft(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

class Attention:
    def __init__(self, dim):
        self.W = np.random.randn(dim, dim)
    def forward(self, query, key, value):
        self.q, self.k, self.v = query, key, value
        self.h = value @ self.W
        self.p = soft(query @ key.swapaxes(1, 2))
        return self.p @ self.h
    def backward(self, dout):
        dp = dout @ self.h.swapaxes(1, 2)
        ds = self.p * (dp - (dp * self.p).sum(axis=-1, keepdims=True))
        dh = self.p.swapaxes(1, 2) @ dout
        self.dW = np.einsum("bsi,bsj->ij", self.v, dh)
        dq, dk, dv = ds @ self.k, ds.swapaxes(1, 2) @ self.q, dh @ self.W.T
        if np.array_equal(self.q, self.k):
            return dq + dk + dv
        return dq, dk + dv
"""


def test_the_gradient_of_keys_may_be_that_of_the_values_as_well():
    outcome, reading = checked(ATTENTION)
    assert outcome.right
    assert "the same as key" in reading.notes[0]
    assert len(reading.unchecked) == 1
    assert reading.unchecked[0].startswith("key and value")
    assert checked(ATTENTION.replace("ds @ self.k, ds", "2 * ds @ self.k, ds"))[0].verdict == "wrong"


def test_what_is_wrong_with_the_same_as_well_stays_wrong():
    assert checked(ATTENTION.replace("dq, dk + dv", "dq, dk - dv"))[0].verdict == "wrong"


def test_lines_for_inputs_that_are_the_same_are_tried():
    ((reading,), _) = read(ATTENTION)
    (variant,) = [v for v in reading.variants if v.value == "those of query"]
    assert variant.convicts
    assert "layer.forward(query, query, query)" in variant.text


def test_keys_and_values_are_known_by_their_use():
    renamed = re.sub(r"\bkey\b", "left", re.sub(r"\bvalue\b", "right", ATTENTION))
    assert checked(renamed)[0].right


def test_other_arguments_are_not_given_the_same():
    added = "def add_forward(a, b):\n    return a * a + b, a\n"
    added += "def add_backward(dout, a):\n    return (2 * a + 1) * dout\n"
    assert checked(added)[0].verdict == "wrong"
