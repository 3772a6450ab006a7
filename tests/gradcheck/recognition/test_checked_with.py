"""Gradients that are checked with others."""

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.program.definitions import Imported, definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.recognise import recognise
from chainrule.gradcheck.sandbox.process import Limits
from support.recognising import rows

COMPARED = """
import numpy as np
class Net:
    def __init__(self, d, k): self.W = np.ones((k, d))
    def compute_cost(self, X, Y): return np.sum((self.W @ X - Y) ** 2)
    def compute_gradients(self, X, Y): return 2 * (self.W @ X - Y) @ X.T
def compute_grads_num(X, Y, net, h): ...
def ComputeGradients(X, Y, net, batch_size):
    return net.compute_gradients(X[:, :batch_size], Y), compute_grads_num(X, Y, net, 1e-5)
"""


def test_what_compares_a_checked_gradient_with_a_numeric_one_is_none_of_its_own():
    assert [row.gradient for row in rows(COMPARED)] == ["Net.compute_gradients"]


PRINTING = """
import numpy as np

def forward(X, W, b):
    return W @ X + b

def compute_cost(X, Y, W, b, lam, gamma=None, beta=None):
    out = forward(X, W, b) if gamma is None else gamma * forward(X, W, b) + beta
    return ((out - Y) ** 2).sum() / X.shape[1] + lam * (W ** 2).sum()

def compute_gradients(X, Y, W, b, lam):
    g = 2 * (forward(X, W, b) - Y) / X.shape[1]
    return g @ X.T + 2 * lam * W, g.sum(axis=1, keepdims=True)

def difference_of_gradients(X, Y, W, b, lam):
    dW, db = compute_gradients(X, Y, W, b, lam)
    print(abs(dW - differences_of(compute_cost, W)).max())
"""


def test_a_cost_without_what_its_gradient_does_not_take_and_what_prints_differences_is_no_gradient():
    (row,) = rows(PRINTING)
    assert (row.gradient, row.cost, row.runs) == ("compute_gradients", "compute_cost", True)
    assert "gamma" not in row.text


LOSS = """
import numpy as np

class Loss:
    def __init__(self):
        self.y = self.t = None
    def forward(self, x, t):
        self.y, self.t = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y)) / len(x)
    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)
"""
HOLDING = """
class Net:
    def __init__(self, d, K):
        self.W, self.last = np.random.randn(d, K), Loss()
    def loss(self, x, t):
        return self.last.forward(x @ self.W, t)
    def gradient(self, x, t):
        self.loss(x, t)
        self.x = x
        return {"W": x.T @ self.last.backward(1)}
"""


def test_what_a_net_has_for_its_loss_is_checked_with_it():
    loss, net = (Source((Part(name, text),)) for name, text in (("loss.py", LOSS), ("net.py", HOLDING)))
    namespace = {}
    exec(LOSS + HOLDING, namespace)
    (row,) = recognise(definitions(net, [Imported(loss, frozenset({"*"}))]), namespace, seed=0)
    assert row.gradient == "Net.gradient"


PENALISED = """
import numpy as np
def compute_cost(W, X, Y): return 0.5 * np.sum((X @ W - Y) ** 2) / len(X)
def compute_gradients(W, X, Y): return X.T @ (X @ W - Y) / len(X)
def compute_cost_l2(W, X, Y, lam): return compute_cost(W, X, Y) + 0.5 * lam * np.sum(W**2)
def compute_gradients_l2(W, X, Y, lam, lr):
    dW = compute_gradients(W, X, Y) + 2 * lam * W
    return dW, -lr * dW
"""


def test_a_gradient_with_a_rate_that_calls_a_checked_one_is_not_passed_over(tmp_path):
    (tmp_path / "penalised.py").write_text(PENALISED)
    outcome = check_file(
        tmp_path / "penalised.py", Conditions(Limits(seconds=120), untrusted=False), tmp_path
    )
    assert {row.gradient: row.verdict for row in outcome.rows}.keys() == {
        "compute_gradients",
        "compute_gradients_l2",
    }
