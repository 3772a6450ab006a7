"""What a first run of a layer tells."""

import pytest

from support.layers import checked, read

DROPPING = """
class Dense:
    def __init__(self, n_in, n_out, rate):
        self.W, self.rate = np.random.randn(n_in, n_out), rate
    def forward(self, x):
        self.mask = np.random.rand(*x.shape) > self.rate
        x *= self.mask / (1 - self.rate)
        self.x = x
        return x @ self.W
    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T * self.mask / (1 - self.rate)
"""


@pytest.mark.parametrize(
    ("right", "wrong"), [("W.T * self.mask", "W.T"), ("self.x.T @ dout", "2 * self.x.T @ dout")]
)
def test_a_pass_that_changes_its_inputs_gets_its_own_each_time(right, wrong):
    outcome, reading = checked(DROPPING)
    assert outcome.right, reading.text
    assert right in DROPPING
    assert checked(DROPPING.replace(right, wrong))[0].verdict == "wrong"


def test_what_ends_the_program_is_no_verdict():
    text = """
class Act:
    def __init__(self, activation):
        self.activation = activation
    def forward(self, x):
        self.x = x
        if self.activation == "relu":
            return np.maximum(x, 0)
        print("unknown")
        exit()
    def backward(self, d):
        if self.activation == "relu":
            return d * (self.x > 0)
        exit()
"""
    assert checked(text)[0].right
    (reading,), _ = read(text.replace("return np.maximum(x, 0)", "exit()"))
    assert not reading.text


def test_a_list_of_numbers_is_one_output_and_no_loss():
    text = """
import math

class Softmax:
    def forward(self, x):
        e = [math.exp(v) for v in x]
        return [v / sum(e) for v in e]
    def backward(self, grad):
        return grad
"""
    (reading,), _ = read(text)
    assert not reading.text
    assert "handed on unchanged" in reading.why


@pytest.mark.parametrize("form", ["[{}]", "({})"])
def test_several_numbers_are_one_output_where_the_way_back_looks_up_each(form):
    text = f"""
class Sums:
    def forward(self, x):
        self.x = x
        return {form.format("np.sum(x ** 2), np.sum(x)")}
    def backward(self, dout):
        return dout[0] * 2 * self.x + dout[1]
"""
    assert checked(text)[0].right
    assert checked(text.replace("* 2 *", "*"))[0].verdict == "wrong"
    assert checked(text.replace("dout[0]", "dout").replace(" + dout[1]", ""))[0].right
