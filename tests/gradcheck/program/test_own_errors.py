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
    assert list(own_errors(ast.parse(LOOP).body)) == ["Net.learn", "the loop on line 14"]


@pytest.mark.parametrize("handed", ["loss.slope(out, y)", "out - shift"])
def test_what_comes_from_elsewhere_is_none(handed):
    assert not list(own_errors(ast.parse(f"def learn(net, y):\n    net.backward({handed})").body))
