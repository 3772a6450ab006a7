"""The text of an adapter."""

import ast
from dataclasses import replace

import pytest

from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.parameters import ParameterSet
from chainrule.gradcheck.recognition.texts import adapter_texts
from support.adapters import ROWS, calls, plan
from support.recognising import row_and_check


@pytest.mark.parametrize(
    ("convention", "numpy", "drawn"),
    [
        (ROWS, "np", "X, y = rng.normal(size=(7, 6)), rng.integers(3, size=7)"),
        (Convention(), "np", "X, y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]"),
        (Convention("rows"), "n", "X, y = rng.normal(size=(7, 6)), n.eye(3)[rng.integers(3, size=7)]"),
        (
            Convention("rows"),
            "",
            "import numpy as np; X, y = rng.normal(size=(7, 6)), np.eye(3)[rng.integers(3, size=7)]",
        ),
    ],
)
def test_an_adapter_is_a_function_of_at_most_five_lines_after_its_head(convention, numpy, drawn):
    text = "def cost(X, y, W, lam): ...\ndef gradient(X, y, W, lam): ..."
    (adapter,) = adapter_texts(plan(text, convention=convention, numpy=numpy))
    (function,) = ast.parse(adapter.text).body
    assert function.name == "chainrule_check"
    assert function.end_lineno - function.lineno <= 5
    lines = [line.strip() for line in adapter.text.splitlines()]
    assert lines[1:4] == [
        drawn,
        "parameters = dict(W=np.ones((3, 6)))",
        "return dict(parameters=parameters, data=(X, y, 0.1),",
    ]


@pytest.mark.parametrize(
    ("returns", "wanted"),
    [
        ("1", [(0, "[1]"), (1, "[0]")]),
        ("loss, dW", [(0, "[1]")]),
        ("grads, cost", [(1, "[0]")]),
        ("loss, cost, dW, scores", [(0, "[2]"), (1, "[2]")]),
        ("J, dW, db", [(0, "[1:3]")]),
    ],
)
def test_a_cost_without_a_gradient_beside_it_gives_both_by_their_names(returns, wanted):
    text = f"def cost(X, y, W):\n    return {returns}"
    call = "cost(X, y, W)"
    assert calls(text) == [{"cost": f"{call}[{at}]", "gradient": f"{call}{part}"} for at, part in wanted]


def test_gradients_that_do_not_stand_together_are_picked():
    (only,) = calls("def cost(X, y, W):\n    return dW, loss, db")
    assert only["gradient"] == "[part for place, part in enumerate(cost(X, y, W)) if place in (0, 2)]"


@pytest.mark.parametrize(
    ("returns", "costs"),
    [
        ("loss", [""]),
        ("loss, loss + 2", ["[0]", "[1]"]),
        ("loss, cost", ["[0]", "[1]"]),
        ("P, loss", ["[1]"]),
    ],
)
def test_what_has_no_name_may_be_the_cost_as_well(returns, costs):
    given = calls(f"def cost(X, y, W):\n    return {returns}\ndef gradient(X, y, W): ...")
    assert [each["cost"] for each in given] == [f"cost(X, y, W){at}" for at in costs]


def test_a_usual_cost_is_made_of_what_forward_gives():
    given = plan("def cost(X): ...\ndef gradient(X, y, W): ...")
    usual = given.functions._replace(usual_cost="1 / {N} * (-{np}.sum({Y} * {np}.log({P})))")
    (adapter,) = adapter_texts(replace(given, functions=usual))
    assert adapter.calls["cost"] == "1 / X.shape[0] * (-np.sum(y * np.log(cost(X))))"


def test_parameters_that_the_module_keeps_are_put_there_before_a_call():
    kept = ParameterSet({"W": "1", "b": "2"}, kept=True)
    (adapter,) = adapter_texts(plan("def cost(X, y): ...\ndef gradient(X, y): ...", parameters=kept))
    assert "cost=lambda W, b, X, y: globals().update(W=W, b=b) or cost(X, y)," in adapter.text


@pytest.mark.parametrize(
    ("returns", "named"),
    [
        (("grad_W", "grad_b", "grad_gamma"), True),
        (("gradW", "dgamma", "dbeta", "gradb"), True),
        (("grad_W", "grad_b"), False),
        (("dW1", "db1", "dW2"), False),
        (("grad_W", "grad_W", "grad_b"), False),
        (("grad_W", "grad_b", "grad_X"), False),
    ],
)
def test_gradients_of_three_kinds_come_back_under_their_names(returns, named):
    text = f"def cost(W, X, y):\n    return 1\ndef gradient(W, X, y):\n    return {', '.join(returns)}\n"
    assert calls(text)[0]["gradient"].startswith(f"dict(zip({returns}, ") == named


FORGOTTEN = """
import numpy as np

def forward(X, W, b):
    s = np.exp(W @ X + b)
    return s / s.sum(axis=0)

def cost(X, Y, W, b):
    return -np.sum(Y * np.log(forward(X, W, b))) / X.shape[1]

def compute_gradients(X, Y, W):
    G = (forward(X, W, b) - Y) / X.shape[1]
    return G @ X.T, G.sum(axis=1, keepdims=True)

W, b = start(3072, 10)
"""


def test_a_parameter_that_one_function_takes_and_another_reads_from_the_module_is_put_there():
    row, checked = row_and_check(FORGOTTEN)
    assert "globals().update(b=b) or compute_gradients(X, Y, W)" in row.text
    assert checked.verdict == "right"
    assert (
        row_and_check(FORGOTTEN.replace("G.sum(axis=1, keepdims=True)", "G.sum() * np.ones((3, 1))"))[
            1
        ].verdict
        == "wrong"
    )


MATRICES = """
import numpy as np
def load(name):
    return np.asmatrix(np.load(name)).T
def evaluate(X, W, b):
    e = np.exp(W * X + b)
    return e / e.sum(axis=0)
def compute_cost(X, Y, W, b, lam):
    P = evaluate(X, W, b)
    losses = [-np.log((Y[:, i].T * P[:, i])[0, 0]) for i in range(X.shape[1])]
    return sum(losses) / X.shape[1] + lam * np.sum(np.square(W))
def compute_gradients(X, Y, W, b, lam):
    G = (evaluate(X, W, b) - Y) / X.shape[1]
    return G * X.T + 2 * lam * W, G * np.ones((X.shape[1], 1))
"""


def test_arrays_are_matrices_where_the_file_makes_such():
    row, outcome = row_and_check(MATRICES)
    assert outcome.verdict == "right"
    assert "(np.asmatrix(W), np.asmatrix(b), np.asmatrix(X), np.asmatrix(Y), lam)" in row.text
    assert row_and_check(MATRICES.replace("+ 2 * lam", "+ lam"))[1].verdict == "wrong"


def test_gradients_of_two_parameters_that_come_in_another_order_are_told_by_their_names():
    row, outcome = row_and_check(
        """
import numpy as np
def cost(X, y, w, b):
    return ((X @ w + b - y) ** 2).sum() / (2 * len(y))
def gradient(X, y, w, b):
    m, err = len(y), X @ w + b - y
    dj_dw, dj_db = X.T @ err / m, err.sum()
    return dj_db / m, dj_dw
"""
    )
    assert outcome.verdict == "right"
    assert "dict(zip(('dj_db', 'dj_dw'), gradient(X, y, w, b)))" in row.text


def test_an_l2_of_the_module_is_varied():
    text = """
import numpy as np
LAMBDA = 0.0
def cost(X, Y, W):
    return np.sum((X @ W - Y) ** 2) / len(X) + LAMBDA * np.sum(W * W)
def gradient(X, Y, W):
    return 2 * X.T @ (X @ W - Y) / len(X) + 2 * LAMBDA * W
"""
    assert row_and_check(text)[1].verdict == "right"
    assert row_and_check(text.replace(" + 2 * LAMBDA * W", ""))[1].verdict == "wrong"
