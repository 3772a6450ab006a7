"""Which files hold recurrent nets, and what their sequences and sizes are."""

import pytest

from chainrule.gradcheck.recognition.conventions import Sizes
from chainrule.gradcheck.recognition.sequences import (
    is_recurrent,
    of_characters,
    sequence_conventions,
    size_in,
    sizes_read,
)
from chainrule.gradcheck.recognition.speaking import speaking
from support.adapters import defined
from support.recognising import recognised

RECURRENT = """
import numpy as np
def loss(X, Y, h0, U, W, V, b, c):
    h, total = h0, 0.0
    for t in range(X.shape[1]):
        h = np.tanh(U @ X[:, [t]] + W @ h + b)
        scores = V @ h + c
        total += np.log(np.exp(scores).sum()) - (Y[:, [t]] * scores).sum()
    return total
def gradients(X, Y, h0, U, W, V, b, c):
    H = [h0]
    for t in range(X.shape[1]):
        H.append(np.tanh(U @ X[:, [t]] + W @ H[-1] + b))
    dU, dW, dV, db, dc, da = (np.zeros_like(p) for p in (U, W, V, b, c, h0))
    for t in reversed(range(X.shape[1])):
        e = np.exp(V @ H[t + 1] + c)
        g = e / e.sum() - Y[:, [t]]
        da = (V.T @ g + W.T @ da) * (1 - H[t + 1] ** 2)
        dU, dW, db = dU + da @ X[:, [t]].T, dW + da @ H[t].T, db + da
        dV, dc = dV + g @ H[t + 1].T, dc + g
    return dU, dW, dV, db, dc
"""
PLAIN = """
import numpy as np
def loss(X, Y, W1, b1, W2, b2):
    h = np.tanh(W1 @ X + b1)
    return ((W2 @ h + b2 - Y) ** 2).sum()
def gradients(X, Y, W1, b1, W2, b2):
    h = np.tanh(W1 @ X + b1)
    g = 2 * (W2 @ h + b2 - Y)
    a = W2.T @ g * (1 - h**2)
    return a @ X.T, a.sum(axis=1, keepdims=True), g @ h.T, g.sum(axis=1, keepdims=True)
"""


def test_files_recognised_one_after_the_other_do_not_disturb_each_other():
    alone = {text: recognised(text).text for text in (PLAIN, RECURRENT)}
    assert "h0" in alone[RECURRENT]
    assert "h0" not in alone[PLAIN]
    assert [recognised(text).text for text in (RECURRENT, PLAIN)] == [alone[RECURRENT], alone[PLAIN]]


def test_a_plain_net_is_not_recurrent():
    with speaking(defined(PLAIN)):
        assert not is_recurrent()


WITH_HELPER = """
import numpy as np

def dot(u, v):
    return u @ v

def compute_cost(X, y, w, b):
    return np.mean([np.log(1 + np.exp(-y[i] * (dot(X[i], w) + b))) for i in range(len(y))])

def compute_gradients(X, y, w, b):
    G = -y / (1 + np.exp(y * (dot(X, w) + b))) / len(y)
    return X.T @ G, G.sum()
"""


def test_letters_in_functions_that_have_nothing_to_do_with_each_other_are_no_recurrent_net():
    apart = WITH_HELPER.replace("dot(X[i], w)", "X[i] @ w").replace("dot(X, w)", "X @ w")
    for text, recurrent in ((WITH_HELPER, True), (apart, False)):
        with speaking(defined(text)):
            assert is_recurrent() is recurrent


def test_where_no_recurrent_net_runs_the_names_are_those_of_another():
    assert "W (in), b a number" in recognised(WITH_HELPER).notes[0]


def test_of_characters_there_are_as_many_inputs_as_classes():
    assert of_characters(Sizes(6, 5, 3)) == Sizes(4, 5, 4)
    assert of_characters(Sizes(6, 5, 80)) == Sizes(80, 5, 80)


def test_the_first_convention_is_that_of_columns():
    first, *others = sequence_conventions(Sizes())
    assert (first.samples, first.labels, first.weights, first.bias) == (
        "columns",
        "one-hot",
        "out, in",
        "(K, 1)",
    )
    assert first.state == "(K, 1)"
    assert first not in others


@pytest.mark.parametrize(
    ("name", "size"),
    [("seq_length", "7"), ("hidden_size", "5"), ("vocab_size", "4"), ("K", "4"), ("eta", ""), ("U", "")],
)
def test_sizes_are_those_of_the_convention(name, size):
    convention = sequence_conventions(of_characters(Sizes()))[0]
    assert size_in(name, convention) == size


def test_sizes_that_the_functions_read_from_the_module_are_given():
    file = defined(
        "hidden_size, eta = 100, 0.1\nvocab_size = 80\n"
        "def loss(inputs, hprev):\n    return hidden_size * eta\ndef other():\n    return vocab_size"
    )
    convention = sequence_conventions(Sizes())[0]
    assert sizes_read(file, [file.named("loss")], convention) == {"hidden_size": "5"}
