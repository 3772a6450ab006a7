"""Nets whose parameters are attributes: whole classes are checked, right ones and wrong ones."""

import pytest

from chainrule.gradcheck.files.file_check import Conditions
from chainrule.gradcheck.recognition.objects import attributes_read, results
from chainrule.gradcheck.sandbox.process import Limits
from support.adapters import defined
from support.checked_files import check_only

CONDITIONS = Conditions(Limits(seconds=60), untrusted=False)

SCORES = """
import numpy as np
def softmax(s):
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0)
"""
LOADS = """
class Net:
    def __init__(self, loss="ce"):
        self.data = np.load("cifar.npz")
        self.loss, self.K = loss, 10
        self.weights, self.bias = make(self.data)
    def cost(self, X, Y, lam):
        P = softmax(self.weights @ X + self.bias)
        loss = -np.sum(Y * np.log(P)) if self.loss == "ce" else 0
        return loss / X.shape[1] + lam * np.sum(self.weights**2)
    def gradients(self, X, Y, lam):
        G = (softmax(self.weights @ X + self.bias) - Y) / X.shape[1]
        return G @ X.T + 2 * lam * self.weights, G.sum(axis=1, keepdims=True)
"""
STEPS = """
class Net:
    def __init__(self, X, Y, settings, W, b):
        self.X, self.Y, self.eta, self.lam, self.W, self.b = X, Y, settings[0], settings[1], W, b
    def evaluate(self):
        self.P = softmax(self.W @ self.X + self.b)
    def compute_cost(self):
        self.J = -np.sum(self.Y * np.log(self.P)) / self.X.shape[1] + self.lam * np.sum(self.W**2)
        return [self.J, self.P]
    def compute_gradients(self):
        self.evaluate()
        G = (self.P - self.Y) / self.X.shape[1]
        self.grad_W = G @ self.X.T + 2 * self.lam * self.W
        self.grad_b = G.sum(axis=1, keepdims=True)
"""
UPDATES = """
class Net:
    def __init__(self, d, K, eta=0.1):
        self.W, self.b, self.eta = np.zeros((K, d)), np.zeros((K, 1)), eta
    def cost(self, X, Y):
        return -np.sum(Y * np.log(softmax(self.W @ X + self.b))) / X.shape[1]
    def train_batch(self, X, Y):
        G = (softmax(self.W @ X + self.b) - Y) / X.shape[1]
        self.W -= self.eta * (G @ X.T)
        self.b -= self.eta * G.sum(axis=1, keepdims=True)
"""
FIXED_BATCH = """
class Net:
    def __init__(self, d, K, batch_size=100):
        self.W, self.b, self.batch_size = np.ones((K, d)), np.zeros((K, 1)), batch_size
    def cost(self, X, Y):
        return -np.sum(Y * np.log(softmax(self.W @ X + self.b))) / X.shape[1]
    def gradients(self, X, Y):
        G = (softmax(self.W @ X + self.b) - Y) / self.batch_size
        return G @ X.T, G.sum(axis=1, keepdims=True)
"""


NETS = {"loads": LOADS, "steps": STEPS, "updates": UPDATES, "fixed batch": FIXED_BATCH}
WRONG = [("", "", "right"), (" - Y)", " + Y)", "wrong"), ("- self.Y)", "+ self.Y)", "wrong")]


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
@pytest.mark.parametrize(("old", "new", "verdict"), WRONG)
def test_a_class_in_its_own_style_is_checked(net, old, new, verdict, tmp_path):
    if old not in net:
        return
    path = tmp_path / "net.py"
    path.write_text(SCORES + (net.replace(old, new) if old else net))
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.verdict == verdict, str(outcome)


def test_what_one_method_leaves_the_next_need_not_be_given():
    file = defined(
        "class Net:\n    def cost(self, X):\n        self.P = self.W @ X\n        return self.P\n"
        "    def gradient(self, Y): return self.P - Y + self.lam\n"
    )
    cost, gradient = file.functions
    assert attributes_read(file, [cost, gradient]) == ["W", "lam"]
    assert attributes_read(file, [gradient]) == ["P", "lam"]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("self.grad_W = 1; self.db = 2", {"W": "grad_W", "b": "db"}),
        ("self.W_grad = 1; self.b_grad = 2", {"W": "W_grad", "b": "b_grad"}),
        ("self.dW = 1", {}),
    ],
)
def test_gradients_left_on_the_object_are_found_by_name(body, left):
    file = defined(f"class Net:\n    def gradient(self):\n        {body}\n")
    assert results(file, file.functions[0], {"W": "", "b": ""}) == left
