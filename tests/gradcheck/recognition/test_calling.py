"""How the functions of a file are called together."""

import ast

import pytest

from chainrule.gradcheck.program.signatures import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.calling import (
    AdapterPlan,
    CannotCallError,
    DataNames,
    Functions,
    adapter_texts,
    data_names,
)
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.parameters import ParameterSet

W = ParameterSet({"W": "np.ones((3, 6))"})
ROWS = Convention("rows", "integers", "in, out", "(K,)")


def functions(text):
    """The functions of a text by what they are called: cost, gradient, forward, numeric."""
    return Functions(**{f.name: f for f in definitions(Source((Part("net.py", text),))).functions})


def plan(text, parameters=W, convention=ROWS, *, numpy="np", fill_in=False):
    given = functions(text)
    return AdapterPlan(given, data_names(given), parameters, convention, numpy, fill_in)


def calls(*arguments, **options):
    return [adapter.calls for adapter in adapter_texts(plan(*arguments, **options))]


def call_of(arguments, **options):
    """How a cost of these arguments is called."""
    (only,) = calls(f"def cost({arguments}): ...\ndef gradient(X, y, W): ...", **options)
    return only["cost"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def cost(X, Y, W, lam): ...", DataNames("X", "Y", "", "lam")),
        ("def cost(X, y, W): ...\ndef gradient(data, t, W, reg): ...", DataNames("X", "y", "", "reg")),
        ("def cost(W): ...", DataNames()),
        ("def cost(X, y, Y, W): ...", DataNames("X", "Y", "y", "")),
        ("def cost(X, y_one_hot, y, W): ...", DataNames("X", "y_one_hot", "y", "")),
    ],
)
def test_data_are_called_what_the_functions_call_them_the_costs_first(text, names):
    assert data_names(functions(text)) == names
    assert names.given == [name for name in names if name]


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        ("X, y, W", "cost(X, y, W)"),
        ("W, X, y", "cost(W, X, y)"),
        ("X, y, W, *, lam", "cost(X, y, W, lam=lam)"),
        ("X, y, W, eps=1e-5", "cost(X, y, W)"),
        ("X, y, eps=1e-5, lam=0.0, W=None", "cost(X, y, lam=lam, W=W)"),
        ("X, y, W, N", "cost(X, y, W, X.shape[0])"),
        ("X, y, W, K", "cost(X, y, W, 3)"),
        ("X, y, weights", "cost(X, y, W)"),
    ],
)
def test_arguments_get_what_their_names_mean(arguments, call):
    assert call_of(arguments) == call


def test_samples_are_counted_where_they_lie():
    assert call_of("X, y, W, N", convention=Convention()) == "cost(X, y, W, X.shape[1])"


@pytest.mark.parametrize(
    ("arguments", "unknown"), [("X, y, W, Q", "Q"), ("X, y, W, h", "h"), ("X, y, W, b", "b")]
)
def test_an_argument_of_unknown_meaning_is_refused_or_left_to_be_filled_in(arguments, unknown):
    with pytest.raises(CannotCallError, match=f"cost: what is {unknown}"):
        call_of(arguments)
    assert call_of(arguments, fill_in=True) == f"cost(X, y, W, {unknown})"


def test_a_numeric_gradient_gets_a_step():
    (only,) = calls("def cost(X, y, W): ...\ndef gradient(X, y, W): ...\ndef numeric(X, y, W, h): ...")
    assert only["numeric"] == "numeric(X, y, W, 1e-6)"


def handed_on(returns, wanted="P"):
    text = f"def cost(X, y, W): ...\ndef gradient(X, y, W, {wanted}): ...\ndef forward(X, W):\n    {returns}"
    return [call["gradient"].removeprefix("gradient(X, y, W, ").removesuffix(")") for call in calls(text)]


@pytest.mark.parametrize(
    ("returns", "wanted", "handed"),
    [
        ("return H, P", "P", ["forward(X, W)[1]"]),
        ("return H, probabilities", "P", ["forward(X, W)[1]"]),
        ("return A", "P", ["forward(X, W)", "forward(X, W)[0]", "forward(X, W)[1]"]),
        ("return A, B", "P", ["forward(X, W)[0]", "forward(X, W)[1]", "forward(X, W)"]),
        ("return P, H", "H, P", ["forward(X, W)[1], forward(X, W)[0]"]),
        ("return A", "H, P", ["forward(X, W)[0], forward(X, W)[1]", "forward(X, W)[1], forward(X, W)[0]"]),
    ],
)
def test_what_a_forward_pass_returns_is_handed_on_by_name_or_in_every_way(returns, wanted, handed):
    assert handed_on(returns, wanted) == handed


def test_a_cost_without_a_gradient_beside_it_gives_it_back_as_its_second_value():
    (only,) = calls("def cost(X, y, W): ...")
    assert only == {"cost": "cost(X, y, W)", "gradient": "cost(X, y, W)[1]"}


def test_parameters_that_the_module_keeps_are_put_there_before_a_call():
    kept = ParameterSet({"W": "1", "b": "2"}, kept=True)
    (only,) = calls("def cost(X, y): ...\ndef gradient(X, y): ...", parameters=kept)
    assert only["cost"] == "globals().update(W=W, b=b) or cost(X, y)"


def test_one_container_is_given_under_whatever_name_it_goes_by():
    whole = ParameterSet({"params": "{}"}, whole=True)
    text = "def cost(X, y, params): ...\ndef gradient(net, X, y): ..."
    (only,) = calls(text, parameters=whole)
    assert only == {"cost": "cost(X, y, params)", "gradient": "gradient(params, X, y)"}


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
