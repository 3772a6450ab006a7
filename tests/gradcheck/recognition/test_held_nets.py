"""Recurrent nets that another object holds."""

import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.held_nets import as_arguments, held_nets
from chainrule.gradcheck.recognition.speaking import speaking
from chainrule.gradcheck.sandbox.process import Limits
from support.adapters import defined
from support.checked_files import check_only

CONDITIONS = Conditions(Limits(seconds=60), untrusted=False, explained=False)

LOADED = """
import numpy as np

class Text:
    def __init__(self, path="books/text.txt"):
        self.text = open(path).read()
        self.K = len(set(self.text))

class Net:
    def __init__(self, K, m=100):
        self.m = m
        self.U, self.W, self.V = np.ones((m, K)), np.ones((m, m)), np.ones((K, m))
        self.b, self.c = np.zeros((m, 1)), np.zeros((K, 1))

class Trainer:
    def __init__(self, net, book, eta=0.1):
        self.net, self.book, self.eta = net, book, eta

    def forward(self, X, Y, prev_hidden):
        H, P, cost = [prev_hidden], np.zeros((self.book.K, X.shape[1])), 0
        for t in range(X.shape[1]):
            H.append(np.tanh(self.net.U @ X[:, [t]] + self.net.W @ H[-1] + self.net.b))
            e = np.exp(self.net.V @ H[-1] + self.net.c)
            P[:, [t]] = e / e.sum()
            cost -= np.log(P[:, t] @ Y[:, t])
        return P, H, cost

    def backward(self, X, Y, P, H):
        BEGIN
        for name in ("U", "W", "V", "b", "c"):
            setattr(net, "grad_" + name, np.zeros_like(getattr(net, name)))
        da = np.zeros((self.net.m, 1))
        for t in reversed(range(X.shape[1])):
            g = P[:, [t]] - Y[:, [t]]
            da = (net.V.T @ g + net.W.T @ da) * (1 - H[t + 1] ** 2)
            net.grad_V += g @ H[t + 1].T
            net.grad_c += g
            net.grad_U += da @ X[:, [t]].T
            net.grad_W += da @ H[t].T
            net.grad_b += da
""".replace("BEGIN", "net = self.net")

ROWS = Convention("rows", "one-hot", "in, out", "(K,)", state="(K,)")
HELD = """
class Trainer:
    def loss(self, x, y, h0):
        return self.text.K + y - self.net.Wy * tanh(self.net.Wx * x + self.net.Wh * h0 + self.net.bh) + self.net.by
"""


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("", "", "right"),
        ("net.W.T @ da", "net.W @ da", "wrong"),
        ("da @ H[t].T", "da @ H[t + 1].T", "wrong"),
        ("(1 - H[t + 1] ** 2)", "(1 - H[t + 1])", "wrong"),
    ],
)
def test_a_net_that_a_trainer_holds_is_checked(old, new, verdict, tmp_path):
    path = tmp_path / "net.py"
    path.write_text(LOADED.replace(old, new) if old else LOADED)
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.verdict == verdict, str(outcome)


def test_parameters_are_put_on_the_net_that_is_held():
    file = defined(HELD)
    with speaking(file):
        given, *_ = held_nets(file, file.functions, ROWS)
        asked = as_arguments(file, file.functions)
        assert {a.name for a in asked.arguments} == {"Wy", "Wx", "Wh", "bh", "by"}
    assert given.inner == "net"
    assert given.net == "Trainer()"
    assert {*given.put} == {*given.values} == {"Wy", "Wx", "Wh", "bh", "by"}


def test_what_is_not_known_of_another_object_leaves_the_one_that_its_constructor_makes():
    file = defined(HELD.replace("self.text.K", "self.text.unknown"))
    with speaking(file):
        assert {given.net for given in held_nets(file, file.functions, ROWS)} == {"Trainer()"}


def test_elsewhere_there_are_none():
    file = defined(HELD)
    assert list(held_nets(file, file.functions, Convention())) == []
