"""The costs that are tried where a file has none, and what is said of gradients that are held against them."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.recognition import recognise
from chainrule.gradcheck.recognition.usual_costs import is_of_several, usual_costs
from chainrule.gradcheck.sandbox.process import Limits
from support.recognising import recognised, row_and_check

CONDITIONS = Conditions(Limits(seconds=120), untrusted=False)

P = np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]])
Y = np.eye(3)[[1, 0]]
CROSS_ENTROPY = np.log(2) + np.log(8)


def value(cost, outputs):
    names = {"np": np, "P": outputs, "Y": Y, "chosen": outputs[[0, 1], [1, 0]] if outputs is P else outputs}
    return eval(cost.format(np="np", P="P", Y="Y", N="2", chosen="chosen"), names)  # noqa: S307


@pytest.mark.parametrize("expected", [CROSS_ENTROPY, CROSS_ENTROPY / 2, CROSS_ENTROPY / 6])
def test_a_cross_entropy_is_a_sum_or_a_mean_over_samples_or_entries(expected):
    assert any(np.isclose(value(cost, P), expected) for cost in usual_costs() if "Y" in cost)


def test_outputs_may_lie_across_the_labels():
    across = [cost for cost in usual_costs() if ".T" in cost]
    assert any(np.isclose(value(cost, P.T), CROSS_ENTROPY) for cost in across)


def test_none_is_tried_twice():
    every = list(usual_costs())
    assert len(every) == len(set(every))


def test_a_cost_that_is_not_the_files_own_acquits(monkeypatch):
    # However busy the machine is.
    monkeypatch.setattr(recognise, "_MOST_SECONDS", 120.0)
    row, outcome = row_and_check(NETWORK)
    assert outcome.verdict == "right", str(outcome)
    assert (
        "the file has no cost: its gradient is that of 1 * (0.5 * np.sum((net.feedforward(x) - y) ** 2))"
        in row.notes
    )
    assert row.is_of_usual_cost


NETWORK = """
import numpy as np


class Network:
    def __init__(self, sizes):
        self.biases = [np.random.randn(y, 1) for y in sizes[1:]]
        self.weights = [np.random.randn(y, x) for x, y in zip(sizes[:-1], sizes[1:])]

    def feedforward(self, a):
        for w, b in zip(self.weights, self.biases):
            a = 1 / (1 + np.exp(-(w @ a + b)))
        return a

    def backprop(self, x, y):
        activations = [x]
        for w, b in zip(self.weights, self.biases):
            activations.append(1 / (1 + np.exp(-(w @ activations[-1] + b))))
        a = activations[-1]
        delta = (a - y) * a * (1 - a)
        nabla_b, nabla_w = [delta], [delta @ activations[-2].T]
        for l in range(2, len(self.weights) + 1):
            a = activations[-l]
            delta = self.weights[-l + 1].T @ delta * a * (1 - a)
            nabla_b.insert(0, delta)
            nabla_w.insert(0, delta @ activations[-l - 1].T)
        return nabla_b, nabla_w
"""


WITHOUT_A_COST = """
import numpy as np
data = np.loadtxt("no such file")
m, n = data.shape
def softmax(Z):
    return np.exp(Z) / sum(np.exp(Z))
def forward(W1, b1, W2, b2, X):
    A1 = np.tanh(W1 @ X + b1)
    A2 = softmax(W2 @ A1 + b2)
    return A1, A2
def backward(A1, A2, W2, X, Y):
    dZ2 = A2 - np.eye(len(A2))[:, Y]
    dZ1 = W2.T @ dZ2 * (1 - A1 ** 2)
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    return dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m, dZ2 @ A1.T / m, db2
"""


def test_the_cost_is_made_of_the_last_that_a_forward_pass_gives_and_the_number_of_samples_is_ours():
    row = recognised(WITHOUT_A_COST)
    assert "globals().update(m=X.shape[1]) or 1 / X.shape[1] * (-np.sum(np.log(forward(" in row.text
    assert row.notes[2].startswith("the file has no cost")
    assert not row.doubt


def test_a_bias_summed_over_all_beside_right_weights_is_asked_for_where_the_cost_is_assumed():
    row = recognised(WITHOUT_A_COST.replace("dZ2.sum(axis=1, keepdims=True)", "dZ2.sum()"))
    assert "the gradients of the weights are right, but the others are one number each" in row.doubt
    assert row.runs


ROWS = """
import numpy as np
class Net:
    def __init__(self, d, k):
        self.W, self.b = np.zeros((d, k)), np.zeros(k)
    def forward(self, X):
        e = np.exp(X @ self.W + self.b)
        self.p = e / e.sum(axis=1, keepdims=True)
        return self.p
    def backward(self, X, y):
        d = self.p.copy()
        d[np.arange(len(y)), y] -= 1
        self.dW, self.db = X.T @ d / len(y), d.sum(axis=0) / len(y)
"""


def test_integer_labels_beside_rows_choose_the_outputs_of_their_classes():
    row, check = row_and_check(ROWS)
    assert "np.log(net.forward(X)[np.arange(X.shape[0]), y])" in row.text
    assert check.right


def test_a_bias_summed_over_all_is_wrong_where_the_file_makes_it_an_array():
    row, check = row_and_check(ROWS.replace("d.sum(axis=0)", "d.sum()"))
    assert not row.doubt
    assert not check.right


def test_a_sum_over_all_may_be_right_where_there_may_be_one_output():
    of_several = [cost for cost in usual_costs() if is_of_several(cost)]
    assert of_several
    assert all("log" in cost and "1 - " not in cost for cost in of_several)


IN_A_DICTIONARY = """
import numpy as np
def forward(params, X):
    A1 = np.tanh(X @ params["W1"])
    return {"A1": A1, "A2": A1 @ params["W2"]}
def backward(params, cache, X, Y):
    d = cache["A2"] - Y
    return {"W2": cache["A1"].T @ d, "W1": X.T @ (d @ params["W2"].T * (1 - cache["A1"] ** 2))}
"""


def test_the_output_may_be_an_entry_of_a_dictionary():
    row = recognised(IN_A_DICTIONARY)
    assert "forward(params, X)['A2'] - Y" in row.text
    assert row.runs


@pytest.mark.usefixtures("little_time")
def test_a_wrong_gradient_beside_an_assumed_cost_is_not_judged():
    with pytest.raises(CheckError, match="is that of none of the usual costs"):
        recognised(WITHOUT_A_COST.replace("(1 - A1 ** 2)", "(1 - A1)"))
