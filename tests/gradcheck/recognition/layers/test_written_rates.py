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
    ("given", "rate"), [("dout, lr", "2 * lr"), ("dout", "2 * self.lr"), ("dout", "0.02 * self.rates[0]")]
)
def test_a_multiple_of_the_rate_that_it_is_given_is_a_wrong_factor(given, rate):
    steps = DENSE.replace("(self, dout)", f"({'self, ' + given})").replace(
        "0.01 * self.x", f"{rate} * self.x"
    )
    steps = steps.replace("rate * dout", f"{rate} * dout").replace("rate = 0.01", "pass")
    steps = steps.replace("n_out):", "n_out, lr=0.1):\n        self.lr, self.rates = lr, [0.5]", 1)
    outcome, reading = checked(steps)
    is_of_another = "rates" in rate
    assert outcome.right == is_of_another
    assert bool(reading.unchecked) == is_of_another
