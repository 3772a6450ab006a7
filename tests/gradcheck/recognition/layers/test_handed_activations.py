"""Activations that a layer is given, and how it asks for their derivative."""

import pytest

from support.layers import checked, read

DENSE = """
class Dense:
    def __init__(self, n_in, n_out, {name}):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)
        self.{name} = {name}
    def forward(self, x):
        self.x, self.z = x, x @ self.W + self.b
        return {forward}
    def backward(self, dout):
        dz = dout * {backward}
        self.dW, self.db = self.x.T @ dz, dz.sum(axis=0)
        return dz @ self.W.T
"""


@pytest.mark.parametrize(
    ("name", "forward", "backward"),
    [
        ("activation", "self.activation(self.z)", "self.activation(self.z, derivative=True)"),
        ("act", "self.act(self.z, False)", "self.act(self.z, True)"),
        ("act_fn", "self.act_fn(self.z)", "self.act_fn.derivative(self.z)"),
        ("phi", "self.phi.forward(self.z)", "self.phi.prime(self.z)"),
    ],
)
def test_an_activation_gives_its_derivative_as_it_is_asked(name, forward, backward):
    text = DENSE.format(name=name, forward=forward, backward=backward)
    outcome, reading = checked(text)
    assert outcome.right
    assert not reading.unchecked
    wrong = text.replace("dz.sum(axis=0)", "dz.mean(axis=0)")
    assert checked(wrong)[0].verdict == "wrong"


def test_what_is_taken_at_what_it_gave_is_no_mistake():
    at_output = DENSE.format(name="act", forward="self.act(self.z)", backward="self.act.prime(self.a)")
    at_output = at_output.replace(
        "return self.act(self.z)", "self.a = self.act(self.z)\n        return self.a"
    )
    ((reading,), _) = read(at_output)
    assert not reading.text
    assert "was assumed" in reading.why


def test_what_is_asked_for_anything_else_has_no_stand_in():
    other = DENSE.format(name="act", forward="self.act.through(self.z)", backward="self.act.prime(self.z)")
    ((reading,), _) = read(other)
    assert not reading.text
