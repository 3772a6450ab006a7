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


PAIR = DENSE.replace("{name})", "{name}, {name}_prime)").replace(
    "self.{name} =", "self.{name}_prime = {name}_prime\n        self.{name} ="
)
AT_INPUTS = PAIR.format(name="act", forward="self.act(self.z)", backward="self.act_prime(self.z)")
AT_OUTPUTS = AT_INPUTS.replace("return self.act(self.z)", "self.a = self.act(self.z)\n        return self.a")
AT_OUTPUTS = AT_OUTPUTS.replace("act_prime(self.z)", "act_prime(self.a)")
IN_PORTUGUESE = AT_INPUTS.replace("act_prime", "ativacao_derivada").replace("act", "ativacao", 1)
IN_PORTUGUESE = IN_PORTUGUESE.replace("self.act = act", "self.act = ativacao")
TANH = "def tanh(x):\n    return np.tanh(x)\ndef tanh_prime({0}):\n    return 1 - np.tanh({0})**2\n"


@pytest.mark.parametrize("text", [AT_INPUTS, AT_OUTPUTS, IN_PORTUGUESE, TANH.format("x") + AT_INPUTS])
def test_an_activation_and_its_derivative_are_handed_together(text):
    label = "Dense.forward / Dense.backward"
    outcome, reading = checked(text, label)
    assert outcome.right
    assert not reading.unchecked
    for part, wrong in (("dz.sum(axis=0)", "dz.mean(axis=0)"), ("dz @ self.W.T", "dout @ self.W.T")):
        assert checked(text.replace(part, wrong), label)[0].verdict == "wrong"


def test_the_derivative_of_the_file_is_not_excused_by_one_of_ours():
    (*_, reading), _ = read(TANH.format("x") + AT_OUTPUTS)
    assert not reading.text
    assert "was assumed" in reading.why


def test_a_loss_is_no_activation():
    ((reading,), _) = read(AT_INPUTS.replace("act", "loss"))
    assert not reading.text
