"""Where a file computes the error of its outputs itself: labels are subtracted, and it is handed to a backward pass."""

import ast

import pytest

from chainrule.gradcheck.program.own_errors import own_errors

LOOP = """
class Net:
    def learn(self, x, targets):
        p = self.forward(x)
        p[range(len(x)), targets] -= 1
        self.last.backward(p)

    def backward(self, g):
        return self.last.backward(g)

def shown(out, y):
    return out - y

for epoch in range(3):
    net.backprop(net.run(X) - Y)
"""


def test_functions_and_loops_are_named():
    assert own_errors(ast.parse(LOOP).body) == ["Net.learn", "the loop on line 14"]


@pytest.mark.parametrize("handed", ["loss.slope(out, y)", "out - shift"])
def test_what_comes_from_elsewhere_is_none(handed):
    assert not own_errors(ast.parse(f"def learn(net, y):\n    net.backward({handed})").body)


def test_an_error_is_one_whatever_labels_are_called_and_whoever_computes_it():
    fit = """
def fit(net, inputs, expected):
    out = net.forward(inputs)
    diff = out - expected
    for layer in net.layers:
        diff = layer.backward(diff ** 2 / len(out))
"""
    assert own_errors(ast.parse(fit).body) == ["fit"]
    helped = """
def signal(out, y):
    return abs(out - y)
def fit(net, x, y, shift):
    out = net.forward(x - shift)
    delta = signal(out, y)
    net.backward(delta)
    return accuracy(out, y)
"""
    assert own_errors(ast.parse(helped).body) == ["signal"]
    random = (
        "def compared(layer, x):\n    g = normal(x.shape)\n    return layer.backward(g) - slopes(layer, x)"
    )
    assert not own_errors(ast.parse(random).body)
