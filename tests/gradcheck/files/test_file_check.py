"""A file checked: each of its gradients, at several depths, against the cost that belongs to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.files import file_check
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file, up_to_interruption
from chainrule.gradcheck.files.file_outcome import FileCheck, GradientRow
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.result import Cause
from chainrule.gradcheck.sandbox.process import Limits
from support.checked_files import check_only

CONDITIONS = Conditions(Limits(seconds=120), untrusted=False)

TWO_COSTS = """
import numpy as np

def compute_cost(X, Y, W):
    return np.sum((W @ X - Y) ** 2) / X.shape[1]

def compute_cost_with_penalty(X, Y, W):
    return compute_cost(X, Y, W) + 0.1 * np.sum(W ** 2)

def compute_gradients(X, Y, W):
    return 2 * (W @ X - Y) @ X.T / X.shape[1] + 0.2 * W
"""


def source_of(gradients):
    return SimpleNamespace(
        path=Path("net.py"),
        gradients=gradients,
        choose=lambda place: None,
        take_turn=lambda part: None,
        caller=SimpleNamespace(adapter="say how"),
    )


def test_behind_an_interruption_nothing_is_asked():
    outcomes = (
        Check("wrong", "gradient", (), interrupted=interrupted) for interrupted in (False, True, False)
    )
    rows = [*up_to_interruption(GradientRow(1, "", "", "", outcome) for outcome in outcomes)]
    assert [FileCheck((row,)).interrupted for row in rows] == [False, True]


def test_what_was_found_in_one_gradient_is_known_to_those_behind_it(monkeypatch):
    causes, known = [Cause("wrong-sign", (name,), 0.9, "", "") for name in "xyz"], []

    def check(program, *, of_parts=(), **terms):
        known.append([*of_parts])
        own = causes[len(known) - 4 : len(known) - 3] if terms["explained"] else []
        return Check("wrong", "gradient", (), causes=tuple(own))

    monkeypatch.setattr(file_check, "check", check)
    gradient = Recognised("g", "c", "an adapter", "", [], [], "", [])
    source = source_of([gradient] * 3)
    file_check.rows_of_all(source, None, CONDITIONS)
    # Those are the verdicts alone, then each is explained.
    assert known == [[], [], [], [], causes[:1], causes[:2]]


def test_a_gradient_whose_cost_was_assumed_is_never_wrong(monkeypatch):
    monkeypatch.setattr(file_check, "check", lambda *_, **__: Check("wrong", "gradient", ()))
    gradient = Recognised("g", "squared error", "an adapter", "", [], [], "", [], is_assumed=True)
    source = source_of([gradient])
    with pytest.raises(CheckError, match="may not be the cost that is meant; say how"):
        file_check.rows_of_all(source, None, CONDITIONS)


def test_where_the_gradient_is_that_of_another_cost_than_the_first_it_asks(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(TWO_COSTS)
    said = "it is the gradient of compute_cost_with_penalty, not of compute_cost; if {} is meant: --pick {}"
    with pytest.raises(CheckError) as error:
        check_file(path, CONDITIONS)
    assert error.value.problems == (
        f"net.py: compute_gradients: {said.format('compute_cost', 1)}",
        f"net.py: compute_gradients: {said.format('compute_cost_with_penalty', 2)}",
    )
    assert check_file(path, replace(CONDITIONS, pick=1)).verdict == "wrong"
    assert check_file(path, replace(CONDITIONS, pick=2)).verdict == "right"


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


SUMMED = """
import numpy as np

def compute_cost(X, Y, W, b):
    return 0.5 * np.sum((W @ X + b - Y) ** 2) / X.shape[1]

def compute_gradients(X, Y, W, b):
    E = (W @ X + b - Y) / X.shape[1]
    return E @ X.T, np.sum(E)
"""


def test_what_agrees_with_one_output_and_not_with_several_is_asked_about_unless_the_file_says_which(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(SUMMED)
    with pytest.raises(CheckError, match=r"not with X .*: --pick 2"):
        check_file(path, CONDITIONS)
    path.write_text(SUMMED + "b = 0.0\n")
    assert check_only(path, CONDITIONS)[0].right


def test_what_agrees_with_numbers_and_not_with_one_hot_labels_is_asked_about(tmp_path):
    path = tmp_path / "net.py"
    right = SUMMED.replace("np.sum(E)", "np.sum(E, axis=1, keepdims=True)")
    path.write_text(right)
    assert check_only(path, CONDITIONS)[0].right
    path.write_text(right.replace(") / X.shape[1]\n    return E", ") / Y.size\n    return E"))
    with pytest.raises(
        CheckError, match=r"it is right with X .*, labels integers .*, and not with X .*: --pick 2"
    ):
        check_file(path, CONDITIONS)


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
