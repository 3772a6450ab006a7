"""Backward passes that take steps themselves, all with another rate than they are given."""

import pytest

from support.layers import checked

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


@pytest.mark.parametrize(
    ("step", "made"),
    [
        ("self.v = 0.9 * self.v + 0.1 * D; self.W -= lr * self.v", "self.v = 0.0 * self.W"),
        ("self.t += 1; self.W -= lr / (1 + 0.01 * self.t) * D", "self.t = 0"),
    ],
)
def test_where_all_steps_have_another_rate_they_are_not_checked_and_convict_nobody(step, made):
    momentum = f"""
class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        {made}
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, dout, lr):
        D, dx = self.x.T @ dout, dout @ self.W.T
        {step}
        return dx
"""
    outcome, reading = checked(momentum)
    assert outcome.right
    assert reading.unchecked == ("the gradient of W",)
    assert checked(momentum.replace("dout @ self.W.T", "2 * dout @ self.W.T"))[0].verdict == "wrong"
    assert checked(momentum.replace("self.x.T @ dout", "-self.x.T @ dout"))[0].verdict == "wrong"


@pytest.mark.parametrize(
    ("given", "rate", "is_known"),
    [("dout, lr", "2 * lr", True), ("dout", "2 * self.lr", True), ("dout", "0.02 * self.rates[0]", False)],
)
def test_a_multiple_of_the_rate_that_it_is_given_is_a_mistake_and_another_rate_is_none(given, rate, is_known):
    steps = DENSE.replace("(self, dout)", f"(self, {given})").replace("rate = 0.01", "pass")
    steps = steps.replace("0.01 * self.x", f"{rate} * self.x").replace("rate * dout", f"{rate} * dout")
    steps = steps.replace("n_out):", "n_out, lr=0.1):\n        self.lr, self.rates = lr, [0.5]", 1)
    outcome, reading = checked(steps)
    assert (outcome.verdict == "wrong") == is_known
    assert bool(reading.unchecked) != is_known
