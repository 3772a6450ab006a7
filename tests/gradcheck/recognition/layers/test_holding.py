"""Arguments that hold more than one array."""

import pytest

from chainrule.gradcheck.recognition.layers.holding import (
    arrays_held,
    holds_pairs,
    is_capital,
    says_what_counts,
)
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from support.adapters import defined
from support.layers import checked

FILE = """
def cost(theta, data, edges, M, K):
    mu, tau = theta
    return sum(x @ mu - y for x, y in data) + sum(mu[i] * r for i, r in edges) + np.zeros(K) * M
def grad(theta, data, edges, M, K):
    mu, tau = theta
    return mu, tau
"""


def test_what_an_argument_holds_is_told_by_its_use():
    file = defined(FILE)
    layer = LayerPair(file.named("cost"), file.named("grad"), takes_the_same=True)
    assert arrays_held("theta", layer, lambda name: False) == ("mu", "tau")
    assert arrays_held("theta", layer._replace(takes_the_same=False), lambda name: False) == ()
    assert arrays_held("theta", layer._replace(takes_the_same=False), lambda name: True) == ("mu", "tau")
    assert [name for name in ("theta", "data", "edges") if holds_pairs(name, layer, file)] == ["data"]
    assert [name for name in ("M", "K", "data") if is_capital(name, layer, file)] == ["M"]


def test_a_mask_is_told_by_its_use_beside_its_name():
    texts = [FILE, FILE.replace("* M", "@ M"), FILE.replace("M", "weight"), FILE.replace("M", "observed")]
    files = map(defined, texts)
    layers = [(LayerPair(f.named("cost"), f.named("grad"), takes_the_same=True), f) for f in files]
    told = [says_what_counts(n, *of) for n, of in zip(("M", "M", "weight", "observed"), layers, strict=True)]
    assert told == [True, False, False, False]


CELL = """
class cell:
    def forward(self, input, kernel, recurrent_kernel):
        x, h_prev = input
        return np.tanh(x @ kernel + h_prev @ recurrent_kernel)
    def backward(self, out_grad, input, kernel, recurrent_kernel):
        x, h_prev = input
        d = out_grad * (1 - self.forward(input, kernel, recurrent_kernel) ** 2)
        in_grad = [d @ kernel.T, d @ recurrent_kernel.T]
        kernel_grad, recurrent_kernel_grad = x.T @ d, h_prev.T @ d
        return in_grad, kernel_grad, recurrent_kernel_grad
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_inputs_may_come_with_a_state_as_one_argument(wrong):
    outcome, reading = checked(CELL.replace("h_prev.T @ d", "h_prev.T @ out_grad") if wrong else CELL)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert {tensor.name for tensor in outcome.tensors} == {"x", "h_prev", "kernel", "recurrent_kernel"}
    assert not reading.unchecked
