"""How the functions of a file are called."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.calling import CannotCallError
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.parameters import ParameterSet
from chainrule.gradcheck.recognition.texts import adapter_texts
from support.adapters import W, calls, defined, plan


def call_of(arguments, **options):
    """How a cost of these arguments is called."""
    (only,) = calls(f"def cost({arguments}): ...\ndef gradient(X, y, W): ...", **options)
    return only["cost"]


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
        ("X, y, W, one_hot=False", "cost(X, y, W)"),
        ("X, y, W, sample_weight", "cost(X, y, W, np.linspace(0.5, 1.5, X.shape[0]))"),
        ("X, y, W, class_weights", "cost(X, y, W, np.linspace(0.5, 1.5, 3))"),
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


def test_no_forward_pass_stands_for_settings():
    text = "def cost(X, y, W, args):\n    return {}\ndef gradient(X, y, W): ...\ndef forward(X, W):\n    return {}"
    with pytest.raises(CannotCallError, match="cost: what is args"):
        calls(text.format("args(W)", "A"))
    (only,) = calls(text.format("args(W)", "A"), fill_in=True)
    assert only["cost"] == "cost(X, y, W, args)"
    # Unless it gives what is called so, or they are not looked at.
    (only,) = calls(text.format("args(W)", "A, args"))
    assert only["cost"] == "cost(X, y, W, forward(X, W)[1])"
    (only,) = calls(text.format("W", "A"))
    assert only["cost"] == "cost(X, y, W, None)"


def test_one_container_is_given_under_whatever_name_it_goes_by():
    whole = ParameterSet({"params": "{}"}, whole=True)
    text = "def cost(X, y, params): ...\ndef gradient(net, X, y): ..."
    (only,) = calls(text, parameters=whole)
    assert only == {"cost": "cost(X, y, params)", "gradient": "gradient(params, X, y)"}


@pytest.mark.parametrize(
    ("train", "handed"),
    [
        ("gradient(X, y, W, softmax(X @ W))", "softmax(X @ W)"),
        ("gradient(X, y, W, np.exp(batch @ W) - 1)", None),
        ("s = data @ weights\n    gradient(X, y, W, np.exp(s) - labels)", "np.exp(X @ W) - y"),
        ("s = X @ W\n    s -= 1\n    gradient(X, y, W, np.exp(s))", None),
    ],
)
def test_what_a_file_computes_for_an_argument_is_computed_with_what_there_is(train, handed):
    text = "def cost(X, y, W): ...\ndef gradient(X, y, W, P): ..."
    file = defined(f"import numpy as np\ndef softmax(s): ...\n{text}\ndef train(X, y, W):\n    {train}")
    own = replace(plan(text), file=file)
    if handed is None:
        with pytest.raises(CannotCallError, match="what is"):
            list(adapter_texts(own))
    else:
        (only,) = adapter_texts(own)
        assert only.calls["gradient"] == f"gradient(X, y, W, {handed})"


def test_the_number_of_layers_is_that_of_the_parameters():
    layers = replace(W, layers=2)
    (only,) = calls("def cost(X, y, W, L, lam): ...\ndef gradient(X, y, W, n_layers, lam): ...", layers)
    assert (only["cost"], only["gradient"]) == ("cost(X, y, W, 2, lam)", "gradient(X, y, W, 2, lam)")


def test_a_second_argument_called_like_inputs_is_what_the_file_hands_to_it():
    text = "def cost(X, y, W):\n    return x, 1\ndef gradient(X, y, x, W): ..."
    called = defined(f"{text}\nx, J = cost(X, y, W)\ngradient(X, y, x, W)")
    (first, *_) = adapter_texts(replace(plan(text), file=called))
    assert first.calls["gradient"] == "gradient(X, y, cost(X, y, W)[0], W)"
    (first, *_) = adapter_texts(plan(text))
    assert first.calls["gradient"] == "gradient(X, y, X, W)"


def test_arguments_that_count_get_the_sizes_and_arrays_of_such_names_do_not():
    text = "def cost(X, y, W, n_hid, num_labels): ...\ndef gradient(X, y, W, {}): ..."
    (call,) = calls(text.format("hidden_size"))
    assert call == {"cost": "cost(X, y, W, 5, 3)", "gradient": "gradient(X, y, W, 5)"}
    with pytest.raises(CannotCallError):
        calls(text.format("hidden"))


def test_of_several_forward_passes_a_gradient_gets_the_cache_of_its_own():
    text = "def cost(A, Y): ...\ndef gradient_dropout(X, Y, cache, W, keep_prob): ..."
    forwards = "def forward(X, W):\n    return A, c\ndef forward_dropout(X, W, keep_prob):\n    return A, c\n"
    train = (
        "def train(X, Y, W):\n    if a:\n        A, c = forward(X, W)\n"
        "    else:\n        A, c = forward_dropout(X, W, 0.8)\n"
        "    cost(A, Y)\n    gradient_dropout(X, Y, c, W, 0.8)"
    )
    named = {f.name.partition("_")[0]: f for f in defined(text).functions}
    own = replace(
        plan("def cost(A, Y): ..."),
        functions=Functions(**named),
        file=defined(text + "\n" + forwards + train),
    )
    (only,) = adapter_texts(replace(own, names=own.names._replace(inputs="X", labels="Y")))
    assert only.calls == {
        "cost": "cost(forward_dropout(X, W, 1.0)[0], Y)",
        "gradient": "gradient_dropout(X, Y, forward_dropout(X, W, 1.0)[1], W, 1.0)",
    }


def test_a_list_of_which_a_function_takes_the_last_is_handed_as_a_copy():
    text = "def cost(X, Y, W):\n    last = W.pop()\ndef gradient(X, Y, W): ..."
    listed = calls(text, parameters=ParameterSet({"W": "[1, 2]"}, layers=2))
    assert {each["cost"] for each in listed} == {"cost(X, Y, [*W])"}
    assert {each["gradient"] for each in listed} == {"gradient(X, Y, W)"}
