"""Every way in which other people lay out their code, by an adapter of at most five lines: right and wrong."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.program.source import read
from chainrule.gradcheck.sandbox.process import Limits
from support.checked_files import check_only
from support.places import SUBMISSIONS
from support.samples import one_in

CONDITIONS = Conditions(Limits(seconds=120), untrusted=False)

BROKEN = {
    "columns.py": ("G = P - Y", "G = Y - P"),
    "rows.py": ("+ reg * W", "+ 2 * reg * W"),
    "rows_one_hot.py": ("/ len(X)\n", "/ len(X) ** 2\n"),
    "bias_in_weights.py": ("dW[:, :-1] += 2 * lam * W[:, :-1]", "dW += 2 * lam * W"),
    "separate_arguments.py": ("* (H > 0)", "* (H >= 0)"),
    "parallel_lists.py": ("* (layers[i] > 0)", "* (layers[i] == 0)"),
    "dictionary.py": ("dZ1.sum(axis=0)", "dZ1.mean(axis=0)"),
    "dictionary_of_lists.py": ("G @ h.T + 2 * lam * W", "G @ h.T + lam * W"),
    "list_of_dictionaries.py": ('+ 2 * lam * layer["W"]', ""),
    "object_attributes.py": ("(self.forward(X) - Y) / X.shape[1]", "(self.forward(X) - Y)"),
    "module_globals.py": ("+ 2 * lam * W", "- 2 * lam * W"),
    "cost_takes_probabilities.py": ("G = (P - Y) / X.shape[1]", "G = P / X.shape[1]"),
    "cost_takes_cache.py": ("np.dot(dZ1, X.T) / m", "np.dot(dZ1, X.T)"),
    "last_layer_first.py": ("G.sum(axis=0), a.T @ G", "0 * G.sum(axis=0), a.T @ G"),
    "hinge.py": ("dW[:, y[i]] -= X[i]", "dW[:, y[i]] = -X[i]"),
    "batch_norm.py": ("G - G.mean(axis=0) - s_hat", "G - s_hat"),
    "batch_norm_plain.py": ("- s_hat * (G * s_hat).mean(axis=1, keepdims=True)", ""),
    "update_and_numeric.py": ("G @ X.T, ", "-G @ X.T, "),
    "one_layer.ipynb": ("G.sum(axis=1, keepdims=True)", "G.mean(axis=1, keepdims=True)"),
    "two_layers.ipynb": ("dS /= len(y)", "dS /= 50"),
    "old_format.ipynb": ("X.T.dot(active) / len(y)", "X.T.dot(active)"),
}
"""What to put in the place of what, so that the gradient is wrong."""

FILES = sorted([*SUBMISSIONS.glob("conventions/*.py"), *SUBMISSIONS.glob("notebooks/*.ipynb")])


def test_every_file_has_its_broken_twin():
    assert {path.name for path in FILES} == set(BROKEN)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_its_adapter_has_at_most_five_lines(path):
    nodes = [node for part in read(path).parts for node in ast.parse(part.text).body]
    (adapter,) = [
        node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == "chainrule_check"
    ]
    assert adapter.end_lineno - adapter.lineno <= 5


@pytest.mark.parametrize("path", one_in(2, FILES), ids=lambda path: path.name)
def test_it_is_right(path):
    outcome, assumed = check_only(path, CONDITIONS)
    assert outcome.verdict == "right", str(outcome)
    assert not assumed
    # Batch norm without an eps has no value for a single sample.
    single = "batch_norm_plain" in path.name
    assert [words.partition(" (")[0] for words in outcome.not_tried] == ["N of 1"] * single


@pytest.mark.parametrize("path", one_in(3, FILES), ids=lambda path: path.name)
def test_its_broken_twin_is_wrong(path, tmp_path):
    text, (old, new) = path.read_text(), BROKEN[path.name]
    assert text.count(old) == 1
    twin = tmp_path / path.name
    twin.write_text(text.replace(old, new))
    outcome, _ = check_only(twin, CONDITIONS)
    assert outcome.verdict == "wrong", str(outcome)
    assert outcome.causes


def test_what_is_found_in_a_cell_names_the_cell(tmp_path):
    old, new = BROKEN["one_layer.ipynb"]
    twin = tmp_path / "net.ipynb"
    twin.write_text((SUBMISSIONS / "notebooks" / "one_layer.ipynb").read_text().replace(old, new))
    outcome, _ = check_only(twin, CONDITIONS)
    assert "net.ipynb" in str(outcome.causes[0].line)
    assert "cell 3, line 3" in str(outcome.causes[0].line)


UPDATES_PARAMETERS = """
import numpy as np

def cost(p, X, Y):
    s = p["W"] @ X
    return -np.sum(Y * np.log(np.exp(s) / np.exp(s).sum(axis=0))) / X.shape[1]

def gradient(p, X, Y):
    s = p["W"] @ X
    dW = (np.exp(s) / np.exp(s).sum(axis=0) - Y) @ X.T / X.shape[1]
    p["W"] -= 0.1 * dW
    return {"W": dW}

def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    return dict(cost=cost, gradient=gradient, parameters={"W": rng.normal(size=(3, 6))}, data=(X, Y))
"""


def test_a_gradient_that_updates_the_parameters_is_told(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(UPDATES_PARAMETERS)
    outcome, _ = check_only(path, CONDITIONS)
    assert "parameters-mutated" in [cause.name for cause in outcome.causes]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("params[name] -= eta * grads[name]", "params[name] += eta * grads[name]", "update"),
        ("(above - cost(params, X, Y)) / (2 * h)", "(above - cost(params, X, Y)) / h", "numeric check"),
    ],
)
def test_update_and_own_numeric_gradient_are_checked_too(tmp_path, old, new, fault):
    text = (SUBMISSIONS / "conventions" / "update_and_numeric.py").read_text()
    assert old in text
    path = tmp_path / "net.py"
    path.write_text(text.replace(old, new))
    outcome, _ = check_only(path, CONDITIONS)
    assert (outcome.verdict, outcome.fault) == ("wrong", fault)
