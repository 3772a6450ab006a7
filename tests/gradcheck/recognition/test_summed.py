"""Gradients that are one number where their parameter has several entries."""

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.fitness import Fitness
from chainrule.gradcheck.recognition.summed import agrees_but_sums, are_summed
from chainrule.gradcheck.recognition.usual_costs import usual_costs
from support.recognising import row_and_check

PARTLY = Fitness(cost=True, shapes=1, depends=True, penalised=True, agrees=True)


def program(gradient_of_b):
    parameters = {"W": np.ones((3, 4)), "b": np.ones((3, 1))}
    return LocalProgram(lambda p: 0.0, lambda p: {"W": p["W"], "b": gradient_of_b}, parameters, ())


def test_what_has_another_shape_is_one_number():
    assert agrees_but_sums(PARTLY, lambda: program(np.ones((1, 1))))
    assert not agrees_but_sums(PARTLY, lambda: program(np.ones(4)))
    assert not agrees_but_sums(PARTLY._replace(agrees=False), lambda: program(np.ones((1, 1))))


def test_the_file_makes_several_entries_of_it_in_a_net_of_classes():
    of_classes = next(cost for cost in usual_costs() if are_summed(program(np.float64(1)), cost, {"b"}))
    assert not are_summed(program(np.float64(1)), of_classes, {"c"})
    assert not are_summed(program(np.ones((3, 1))), of_classes, {"b"})
    assert not are_summed(program(np.float64(1)), "", {"b"})


NET = """
import numpy as np

class Net:
    def __init__(self, inputs=784, hidden=10, outputs=10):
        self.W1 = np.random.uniform(-0.5, 0.5, (hidden, inputs))
        self.b1 = np.random.uniform(-0.5, 0.5, (hidden, 1))
        self.W2 = np.random.uniform(-0.5, 0.5, (outputs, hidden))
        self.b2 = np.random.uniform(-0.5, 0.5, (outputs, 1))

    def forward_propagation(self, X):
        Z1 = self.W1 @ X + self.b1
        A1 = np.maximum(Z1, 0)
        E = np.exp(self.W2 @ A1 + self.b2)
        A2 = E / E.sum(axis=0)
        return Z1, A1, A2

    def backward_propagation(self, X, Y, Z1, A1, A2):
        m = X.shape[1]
        dZ2 = A2 - Y
        dW2, db2 = dZ2 @ A1.T / m, np.sum(dZ2) / m
        dZ1 = self.W2.T @ dZ2 * (Z1 > 0)
        dW1, db1 = dZ1 @ X.T / m, np.sum(dZ1) / m
        return dW1, db1, dW2, db2
"""


def test_such_a_sum_is_wrong_though_the_cost_was_assumed():
    row, outcome = row_and_check(NET)
    assert not row.is_assumed
    assert "np.sum(Y * np.log(net.forward_propagation(X)[2]))" in row.cost
    assert outcome.verdict == "wrong"
