"""Backward passes that take steps themselves, at rates that are written in them or that an optimizer makes."""

import pytest

from support.layers import checked, read

DENSE = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        rate = 0.01
        dx = dout @ self.W.T
        self.W -= 0.01 * self.x.T @ dout
        self.b = self.b - rate * dout.sum(axis=0)
        return dx
"""


def test_a_gradient_that_is_taken_at_a_written_rate_is_checked():
    outcome, reading = checked(DENSE)
    assert outcome.right
    assert {t.name for t in outcome.tensors} == {"x", "W", "b"}
    assert "a rate of 0.01, divided by that" in " ".join(reading.notes)
    assert not reading.unchecked
    assert checked(DENSE.replace("dout.sum(", "dout.mean("))[0].verdict == "wrong"


@pytest.mark.parametrize("number", ["0.5", "2"])
def test_a_number_that_may_belong_to_the_gradient_is_no_rate(number):
    outcome, reading = checked(DENSE.replace("self.W -= 0.01", f"self.W -= {number}"))
    assert outcome.right
    assert {t.name for t in outcome.tensors} == {"x", "b"}
    assert reading.unchecked == ("the gradient of W",)


def test_the_steps_of_an_optimizer_convict_nobody():
    adam = DENSE.replace("def backward(self, dout):", "def backward(self, dout, lr):").replace(
        "self.W -= 0.01 * self.x.T @ dout",
        "dW = self.x.T @ dout\n        self.W -= lr * dW / (np.sqrt(dW**2) + 1e-8)",
    )
    (reading,), _ = read(adam.replace("rate * dout", "lr * dout"))
    assert not reading.text
    assert "in no proportion" in reading.why
