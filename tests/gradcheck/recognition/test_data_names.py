"""What data functions ask for."""

import pytest

from chainrule.gradcheck.recognition.data_names import (
    DataNames,
    beside_l2,
    called,
    counts_read,
    data_names,
    default_mode,
    read_from_module,
)
from support.adapters import defined, functions


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def cost(X, Y, W, lam): ...", DataNames("X", "Y", "", "lam")),
        ("def cost(X, y, W): ...\ndef gradient(data, t, W, reg): ...", DataNames("X", "y", "", "reg")),
        ("def cost(W): ...", DataNames()),
        ("def cost(X, y, Y, W): ...", DataNames("X", "Y", "y", "")),
        ("def cost(X, y_one_hot, y, W): ...", DataNames("X", "y_one_hot", "y", "")),
        ("def cost(X, Y, W, training=True): ...", DataNames("X", "Y", mode="training")),
        (
            "def cost(X, Y, W, mode='train'): ...\ndef gradient(X, Y, W): ...",
            DataNames("X", "Y", mode="mode"),
        ),
        ("def cost(X, Y, W, train=True): ...\ndef gradient(X, Y, W, train=False): ...", DataNames("X", "Y")),
        ("def cost(X, Y, W, verbose=True, kind='relu'): ...", DataNames("X", "Y")),
        ("def cost(X, y, W, onehot=False): ...", DataNames("X", "y", "", "")),
        ("def cost(bilder, etiketter, vikter): ...", DataNames("bilder", "etiketter", "", "")),
    ],
)
def test_data_are_called_what_the_functions_call_them_the_costs_first(text, names):
    assert data_names(functions(text).given) == [names]
    assert names.given == [name for name in names if name]


@pytest.mark.parametrize(
    ("wanted", "reached"), [("P", ["cost", "gradient", "forward"]), ("W", ["cost", "gradient"])]
)
def test_what_the_file_itself_hands_on_is_asked_for_its_data_too(wanted, reached):
    text = f"def cost(X, Y): ...\ndef gradient({wanted}): ...\ndef forward(inputs): ...\ngradient(forward(1))"
    given = functions(text)._replace(forward=None)
    assert [function.name for function in called(given, defined(text))] == reached


def test_a_mode_is_given_as_it_is_by_default():
    own = functions("def cost(X, Y, W, phase='test'): ...").given
    assert default_mode(own, data_names(own)[0].mode) == "'test'"


def test_l2_is_left_out_where_it_is_not_asked_for():
    given = functions("def cost(X, Y): ...\ndef gradient(X, Y, W, lam): ...").given
    assert data_names(given, with_l2=False) == [DataNames("X", "Y")]


def test_an_expression_of_the_file_is_asked_for_its_data_too():
    text = "def cost(P, Y): ...\ndef gradient(X, Y, W): ...\ndef train(X, W, b):\n    P = X @ W + b\n    cost(P, 1)"
    file = defined(text)
    given = functions("def cost(P, Y): ...\ndef gradient(X, Y, W): ...")
    asked = {argument.name for function in called(given, file) for argument in function.arguments}
    assert asked == {"P", "Y", "X", "W", "b"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("X = load()\ny = X\ndef cost(W):\n    return X @ W - y", ["y", "X"]),
        ("X = load()\ndef cost(W):\n    return scores(W)\ndef scores(W):\n    return X @ W", ["X"]),
        ("X = load()\ndef cost(W, X):\n    return X @ W", []),
        ("def cost(W):\n    return X @ W", []),
    ],
)
def test_data_that_are_read_from_the_module(text, names):
    file = defined(text)
    assert read_from_module(file, [file.named("cost")]) == names


def test_a_number_of_samples_that_is_written_down_is_that_of_the_data_where_the_cost_reads_it():
    file = defined(
        "num_examples, m = 200, 50\ndef cost(W): return num_examples * m\ndef gradient(W): return m\n"
    )
    assert counts_read(file, file.functions) == ["num_examples"]
    file = defined("num_examples = 200\ndef cost(W): return 1\ndef gradient(W): return num_examples\n")
    assert counts_read(file, file.functions) == []


@pytest.mark.parametrize(
    ("text", "l2", "others"),
    [
        ("def cost(X, Y, W, alpha, lam): ...\ndef gradient(X, Y, W, alpha): ...", "lam", {"alpha": "0.2"}),
        ("def cost(X, Y, W, lam): ...\ndef gradient(X, Y, W, reg): ...", "lam", {}),
        (
            "def cost(W, args):\n    return args.lam\ndef gradient(W, args):\n    return args.decay, args.alpha",
            "lam",
            {"alpha": "0.2", "decay": "0.25"},
        ),
    ],
)
def test_what_is_called_like_l2_beside_it_has_a_number_of_its_own(text, l2, others):
    assert beside_l2(functions(text), defined(text), l2) == others
