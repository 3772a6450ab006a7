"""Gradients that are right, tried with other settings and at other depths."""

from __future__ import annotations

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.sandbox.process import Limits
from support.checked_files import check_only

CONDITIONS = Conditions(Limits(seconds=120), untrusted=False)

DEEP = """
import numpy as np

def forward(X, Ws, bs):
    H = [X]
    for W, b in zip(Ws[:-1], bs[:-1]):
        H.append(np.tanh(W @ H[-1] + b))
    return H, Ws[-1] @ H[-1] + bs[-1]

def compute_cost(X, Y, Ws, bs):
    return np.sum((forward(X, Ws, bs)[1] - Y) ** 2) / X.shape[1]

def compute_gradients(X, Y, Ws, bs):
    H, S = forward(X, Ws, bs)
    G, grad_W, grad_b = 2 * (S - Y) / X.shape[1], [], []
    for l in reversed(range(len(Ws))):
        grad_W.insert(0, G @ H[l].T)
        grad_b.insert(0, np.sum(G, axis=1, keepdims=True))
        G = (Ws[l].T @ G) * (1 - H[l] ** 2)
    return grad_W, grad_b
"""


def test_a_net_of_lists_is_tried_at_other_depths(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(DEEP)
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.verdict == "right", str(outcome)
    assert "nets of depth 1, 2 and 3" in outcome.tried
    path.write_text(DEEP.replace("(1 - H[l] ** 2)", "(1 - H[min(l, 1)] ** 2 if l < 2 else 1)"))
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.verdict == "wrong"
    assert any("not with nets of depth 3" in note for note in outcome.notes)


OPTION = """
import numpy as np

def compute_cost(X, Y, W, kind="squared"):
    R = W @ X - Y
    if kind == "squared":
        return np.sum(R**2)
    elif kind == "fourth":
        return np.sum(R**4)

def compute_gradients(X, Y, W, kind="squared"):
    R = W @ X - Y
    return (2 * R if kind == "squared" else 4 * R**3) @ X.T
"""


def test_options_that_cost_and_gradient_both_take_are_tried_and_others_are_named(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(OPTION)
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.right, str(outcome)
    assert "kind of 'fourth' and 'squared'" in outcome.tried
    path.write_text(OPTION.replace("4 * R**3", "3 * R**3"))
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.verdict == "wrong"
    assert "right with kind of 'squared', not with kind of 'fourth': the figures are those" in outcome.notes
    both = 'def compute_gradients(X, Y, W, kind="squared")'
    alone = OPTION.replace(both, "def compute_gradients(X, Y, W)")
    path.write_text(alone.replace('if kind == "squared" else 4 * R**3', "+ 0"))
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.right, str(outcome)
    (said,) = outcome.not_tried
    assert said.startswith("kind of 'fourth' (cost and gradient do not both take it")


OBJECT = """
import numpy as np

class Net:
    def __init__(self, d, K, kind="squared", scores="linear"):
        self.W, self.kind, self.scores = np.random.randn(K, d), kind, scores

    def forward(self, X):
        return self.W @ X if self.scores == "linear" else np.tanh(self.W @ X)

    def compute_cost(self, X, Y):
        R = self.forward(X) - Y
        return np.sum(R**2) if self.kind == "squared" else np.sum(R**4)

    def compute_gradients(self, X, Y):
        R = self.forward(X) - Y
        slope = 2 * R if self.kind == "squared" else 3 * R**3
        return slope @ X.T
"""


def test_an_option_of_an_object_is_wrong_where_no_other_may_belong_to_it(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(OBJECT + 'Net(6, 3).kind == "fourth"')
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.verdict == "wrong"
    assert "right with kind of 'squared', not with kind of 'fourth': the figures are those" in outcome.notes
    path.write_text(OBJECT + 'Net(6, 3).kind == "fourth" or Net(6, 3).scores == "tanh"')
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.right
    # It runs and disagrees: that is not right without a word.
    disagreeing = ["kind of 'fourth'", "scores of 'tanh'"]
    assert [said.partition(" (")[0] for said in outcome.not_tried] == disagreeing == [*outcome.unchecked]


def test_an_option_that_is_a_part_and_cannot_be_tried_is_in_the_headline(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(OPTION.replace("else 4 * R**3", "else 4 * R**nosuch"))
    outcome, _ = check_only(path, CONDITIONS)
    assert (outcome.verdict, outcome.unchecked) == ("right", ("kind of 'fourth'",))


CUT = """
import numpy as np

class Padded:
    def __init__(self, n_in, n_out, pad=1):
        self.W, self.pad = np.random.randn(n_in, n_out), pad

    def forward(self, x):
        self.x = np.pad(x, ((self.pad, self.pad), (0, 0)))
        return self.x @ self.W

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return (dout @ self.W.T)[self.pad:-self.pad]
"""


def test_what_has_another_shape_with_another_setting_is_not_written_for_that(tmp_path):
    path = tmp_path / "padded.py"
    path.write_text(CUT)
    outcome, _ = check_only(path, CONDITIONS)
    assert (outcome.verdict, outcome.unchecked) == ("right", ("pad of 0",))
    assert "pad of 0 (the gradient of x has another shape there)" in outcome.not_tried
