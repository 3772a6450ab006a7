"""Settings that a constructor, or a function, is given together: recognised right, and a wrong twin wrong."""

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.recognition.constructing import every_way
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.held_settings import CannotMakeError, with_attributes
from support.adapters import defined
from support.recognising import recognised, row_and_check

FIELDS = """
import numpy as np
class GDparams:
    def __init__(self, n_batch, eta, lam, num_lay):
        self.n_batch, self.eta, self.lam, self.num_lay = n_batch, eta, lam, num_lay
def forward(X, W, b):
    hs = []
    for i in range(len(W)):
        hs.append(X)
        s = W[i] @ X + b[i]
        X = np.maximum(s, 0)
    E = np.exp(s - s.max(axis=0))
    return E / E.sum(axis=0), hs
def dropout_forward(X, W_1, W_2, b_1, b_2):
    h = np.maximum(W_1 @ X + b_1, 0)
    return W_2 @ (h * (np.random.rand(*h.shape) < 0.9)) + b_2, h
def compute_cost(X, Y, W, b, lam):
    P, _ = forward(X, W, b)
    return -np.sum(Y * np.log(P)) / X.shape[1] + lam * sum(np.sum(w ** 2) for w in W)
def compute_gradients(X, Y, P, h, W, b, GDparams):
    grads_W, grads_b = [], []
    G = (P - Y) / X.shape[1]
    for i in reversed(range(GDparams.num_lay)):
        grads_W.append(G @ h[i].T + 2 * GDparams.lam * W[i])
        grads_b.append(G.sum(axis=1, keepdims=True))
        G = (W[i].T @ G) * (h[i] > 0)
    return grads_W[::-1], grads_b[::-1]
def train(X, Y, W, b, GDparams, drop, W_1, W_2, b_1, b_2):
    if drop:
        P, h = dropout_forward(X, W_1, W_2, b_1, b_2)
    else:
        P, h = forward(X, W, b)
    return compute_gradients(X, Y, P, h, W, b, GDparams)
"""
KEYS = """
import numpy as np
def score(x, w, hyper_params):
    return 0.5 * np.sum((x @ w) ** 2)
def compute_loss(X, y, w, hyper_params):
    r = X @ w - y
    return r @ r / len(y) + hyper_params["lambda"] * w @ w
def compute_gradient(X, y, w, hyper_params):
    return 2 * X.T @ (X @ w - y) / len(y) + 2 * hyper_params["lambda"] * w
"""
MADE = """
import numpy as np
class Net:
    def __init__(self, widths, batch_size, GDparams):
        self.lam = GDparams["lambda"]
        self.count = len(widths) - 1
        self.W = [np.random.randn(b, a) for a, b in zip(widths, widths[1:])]
    def probabilities(self, X):
        self.H = [X]
        for i in range(self.count - 1):
            self.H.append(np.tanh(self.W[i] @ self.H[-1]))
        E = np.exp(self.W[-1] @ self.H[-1])
        return E / E.sum(axis=0)
    def cost(self, X, Y):
        P = self.probabilities(X)
        return -np.sum(Y * np.log(P)) / X.shape[1] + self.lam * sum((w ** 2).sum() for w in self.W)
    def gradients(self, X, Y):
        G, grads = (self.probabilities(X) - Y) / X.shape[1], []
        for i in range(self.count - 1, -1, -1):
            grads.insert(0, G @ self.H[i].T + 2 * self.lam * self.W[i])
            G = (self.W[i].T @ G) * (1 - self.H[i] ** 2)
        return grads
"""
FIXED = """
import pickle
import numpy as np
class Classifier:
    def __init__(self):
        with open("no/such/file", "rb") as file:
            self.X = pickle.load(file)
        self.d = self.X.shape[0]
        self.nodes = [self.d, 50, 30, 10]
        self.k = len(self.nodes) - 1
        self.W, self.b = [], []
        for i in range(self.k):
            self.W.append(np.random.normal(0, 0.1, (self.nodes[i + 1], self.nodes[i])))
            self.b.append(np.zeros((self.nodes[i + 1], 1)))
        self.lam = 0.005
    def evaluate(self, X):
        hs = [X]
        for l in range(self.k - 1):
            hs.append(np.maximum(0, self.W[l] @ hs[l] + self.b[l]))
        E = np.exp(self.W[self.k - 1] @ hs[-1] + self.b[self.k - 1])
        return E / E.sum(axis=0), hs
    def compute_cost(self, X, Y):
        P, _ = self.evaluate(X)
        loss = -np.sum(Y * np.log(P)) / X.shape[1]
        return loss + self.lam * sum(np.sum(w ** 2) for w in self.W), loss
    def compute_gradients(self, X, Y):
        P, hs = self.evaluate(X)
        G, grad_W, grad_b = (P - Y) / X.shape[1], [], []
        for l in range(self.k - 1, -1, -1):
            grad_W.append(G @ hs[l].T + 2 * self.lam * self.W[l])
            grad_b.append(G.sum(axis=1, keepdims=True))
            G = (self.W[l].T @ G) * (hs[l] > 0)
        return grad_W, grad_b
"""
PROGRAMS = {
    "attributes": (FIELDS, "2 * GDparams.lam", "GDparams.lam"),
    "keys": (KEYS, '2 * hyper_params["lambda"]', 'hyper_params["lambda"]'),
    "of a constructor": (MADE, "(1 - self.H[i] ** 2)", "(1 - self.H[i])"),
    "sizes of a constructor": (FIXED, "2 * self.lam", "self.lam"),
}

ROWS = Convention("rows", "integers", "in, out", "(K,)")


def made(first_line):
    file = defined(f"class Net:\n    def __init__(self, rates):\n        {first_line}\n        self.W = 1\n")
    return every_way(file.constructors["Net"], ROWS, file)[0]


@pytest.mark.parametrize(
    ("first_line", "given"),
    [
        ("self.eta_min, self.eta_max, self.cycles = rates", "(0.01, 0.01, 1,)"),
        ("batch_size, lr, lam = rates", "(7, 0.01, 0.1,)"),
        ("(self.hidden_size, self.reg) = rates", "(5, 0.1,)"),
    ],
)
def test_settings_one_after_the_other_are_told_by_what_they_are_called(first_line, given):
    assert made(first_line) == f"Net(rates={given})"


def test_one_that_is_not_known_makes_no_object():
    with pytest.raises(CannotMakeError):
        made("self.eta, self.q = rates")


def test_an_object_has_the_attributes_that_are_read():
    assert with_attributes("config", ["lr", "hidden_size"], ROWS) == (
        'type("Config", (), dict(lr=0.01, hidden_size=5))()'
    )
    with pytest.raises(CannotMakeError):
        with_attributes("config", ["q"], ROWS)


@pytest.mark.parametrize(("text", "right", "wrong"), PROGRAMS.values(), ids=PROGRAMS)
def test_what_is_given_together_is_right_or_wrong(text, right, wrong):
    assert right in text
    assert row_and_check(text)[1].right
    assert not row_and_check(text.replace(right, wrong))[1].right


def test_the_count_of_a_constructor_follows_the_depth():
    depths = {
        variant.text.partition(") - 1")[0][-12:]
        for variant in recognised(FIXED).variants
        if "k=len" in variant.text
    }
    assert any("5, 4, 3" in text for text in depths)


def test_a_penalty_that_only_the_settings_of_the_gradient_have_convicts_nobody():
    """Beside a loss that knows none it may be meant."""
    loss = KEYS.replace(' + hyper_params["lambda"] * w @ w', "").replace(
        "loss(X, y, w, hyper_params)", "loss(X, y, w)"
    )
    row, check = row_and_check(loss)
    assert check.right
    assert "lambda" in row.text


def test_what_a_function_cannot_be_given_is_named():
    text = KEYS.replace("X, y, w, hyper_params", "X, y, w, quux").replace('hyper_params["lambda"]', "quux")
    with pytest.raises(
        CheckError, match=r"were found, but not what to call them with \(.*: what is quux\?\)"
    ):
        recognised(text)
