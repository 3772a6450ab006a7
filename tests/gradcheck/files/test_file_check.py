"""A file checked: each of its gradients against the cost that belongs to it."""

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


NO_COST = """
import numpy as np
class Line:
    def __init__(self, d): self.w = np.random.randn(d, 1)
    def forward(self, X):
        self.X, self.out = X, X @ self.w
        return self.out
    def backward(self, y): return self.X.T @ (self.out - y)
"""


def test_a_file_without_a_cost_is_right_if_its_cost_is_the_one_that_was_assumed(tmp_path):
    (tmp_path / "net.py").write_text(NO_COST)
    outcome = check_file(tmp_path / "net.py", CONDITIONS, tmp_path)
    assert outcome.headline == "the gradient is right, if its cost is the one that was assumed (see the note)"
    assert outcome.right
    (row,) = outcome.rows
    both = FileCheck((row, GradientRow(2, "second", "cost", "", replace(row.check, assumed_cost=False))))
    words = "1 right, if its cost is the one that was assumed (see the note): Line.backward; 1 right: second"
    assert both.headline == f"2 gradients, {words}"


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
