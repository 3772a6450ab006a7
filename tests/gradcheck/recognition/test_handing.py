"""What a function gets that a forward pass makes."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.recognition.candidates import candidates
from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.conventions import Sizes
from chainrule.gradcheck.recognition.sequences import sequence_conventions
from chainrule.gradcheck.recognition.speaking import speaking
from chainrule.gradcheck.recognition.texts import adapter_texts
from support.adapters import calls, defined, plan

PASSES = """
def forward(X, y, W): return loss, P, H
def cost(X, y, W): return forward(X, y, W)[0]
def gradient(X, y, W, P, H): ...
loss, P, H = forward(X, y, W)
gradient(X, y, W, P, H)
"""


def test_what_the_file_hands_on_is_handed_on():
    (first, *_) = calls(PASSES)
    assert first["gradient"] == "gradient(X, y, W, forward(X, y, W)[1], forward(X, y, W)[2])"


def test_of_a_recurrent_net_the_forward_pass_runs_once():
    convention = sequence_conventions(Sizes())[0]
    (first, *_) = calls(PASSES, convention=convention)
    assert first["gradient"] == "gradient(X, y, W, (passed1 := forward(X, y, W))[1], passed1[2])"


@pytest.mark.parametrize(
    ("rest", "number"),
    [
        ("def other(X, C=1e-3): ...", "0.001"),
        ("cost(W, X, y, 0)\ngradient(W, X, y, 0.5)", "0.5"),
        ("def other(X, C=0.1): ...\ncost(W, X, y, 7)", "0.1"),
    ],
)
def test_a_number_of_the_file_is_the_same_for_cost_and_gradient(rest, number):
    file = defined(f"def cost(W, X, y, C): ...\ndef gradient(W, X, y, C): ...\n{rest}")
    texts = [c.adapter.text for c in candidates(file, list(choices(file)), {})]
    assert texts
    for text in texts:
        assert f"cost(W, X, y, {number})" in text
        assert f"gradient(W, X, y, {number})" in text


def test_what_is_no_number_everywhere_is_not_taken_for_one():
    file = defined(
        "def cost(W, X, y, C): ...\ndef gradient(W, X, y, C): ...\ncost(W, X, y, 7)\ngradient(W, X, y, f(X))"
    )
    assert list(candidates(file, list(choices(file)), {})) == []


def test_a_cache_that_is_none_by_default_is_handed_on_where_the_file_does_so():
    text = (
        "def cost(W, X, y): ...\ndef gradient(W, X, y, cache=None): ...\n"
        "def forward(W, X):\n    return P, kept\n"
        "P, c = forward(W, X)\ngradient(W, X, y, c)"
    )
    file = defined(text)
    given = {c.adapter.calls.get("gradient") for c in candidates(file, list(choices(file)), {})}
    assert {"gradient(W, X, y)", "gradient(W, X, y, forward(W, X)[1])"} <= given


def test_what_a_function_reads_of_a_file_is_not_handed_on():
    text = (
        "def cost(W, X, y): ...\ndef gradient(W, X, y, H): ...\n"
        "def load(path='debug.npz'): ...\n"
        "data = load()\ngradient(W, X, y, data['H'])"
    )
    file = defined(text)
    assert list(candidates(file, list(choices(file)), {})) == []


def test_what_is_called_like_inputs_gets_what_the_file_hands_on_from_the_forward_pass():
    text = (
        "def forward_pass(X, Y, W):\n    return P, activations, loss\n"
        "def backward_pass(Y, P, X, W): ...\n"
        "P, activations, loss = forward_pass(data, Y, W)\nbackward_pass(Y, P, activations, W)"
    )
    file = defined(text)
    wanted = "backward_pass(Y, forward_pass(X, Y, W)[0], forward_pass(X, Y, W)[1], W)"
    # Up to the one that is wanted: there are thousands.
    assert any(c.adapter.calls.get("gradient") == wanted for c in candidates(file, list(choices(file)), {}))


WITHOUT_A_CLASS = "def cost(X, y, W): ...\ndef gradient(self, X, y):\n    return X.T @ (X @ self.W - y)"


def test_a_method_without_its_class_gets_an_object_that_holds_what_it_reads():
    (first, *_) = calls(WITHOUT_A_CLASS)
    assert first["gradient"] == "gradient(type('self', (), dict(W=W)), X, y)"


@pytest.mark.parametrize("text", [("self.W", "self.kept"), ("return", "self.W = 1; return"), ("self.W", "W")])
def test_but_none_where_this_is_not_known(text):
    file = defined(WITHOUT_A_CLASS.replace(*text))
    assert list(candidates(file, list(choices(file)), {})) == []


COMPUTED = """
def forward(X, W): return P
def cost(X, y, W, share): return forward(X, W)
def gradient(X, y, W, share): ...
def read(file): return X, y
def main(file):
    images, labels = read(file)
    count = labels.size
    share = HANDED
    cost(images, labels, W, share)
    gradient(images, labels, W, share)
"""


def adapters(text):
    file = defined(text)
    return [c.adapter.text for c in candidates(file, list(choices(file)), {})]


def test_what_a_file_computes_from_its_data_is_computed_from_those_at_hand():
    texts = adapters(COMPUTED.replace("HANDED", "1 / count"))
    assert texts
    assert all(text.count("1 / y.size") == 2 for text in texts)


def test_what_a_file_computes_of_what_is_not_known_is_no_forward_pass():
    assert adapters(COMPUTED.replace("HANDED", "1 / file")) == []


def test_a_first_state_is_the_one_that_the_file_begins_with_or_goes_on_with():
    text = (
        "def start(): return h, u, w, v\n"
        "def evaluate(X, Y, h, u, w, v): return P, H, loss\n"
        "def compute_gradients(P, H, X, Y, u, w, v): return du, dw, dv, H\n"
        "h, u, w, v = start()\n"
        "P, H, loss = evaluate(X, Y, h, u, w, v)\n"
        "du, dw, dv, h = compute_gradients(P, H, X, Y, u, w, v)\n"
    )
    file = defined(text)
    with speaking(file):
        first = next(candidates(file, list(choices(file)), {}))
    assert first.adapter.calls["cost"] == "evaluate(X, Y, h, u, w, v)[2]"


BRANCHES = """
def forward(X, W, normed): ...
def cost(X, y, W, normed, mean=None): ...
def gradient(X, y, W, P, mean, normed): ...
P = forward(X, W, False)
gradient(X, y, W, P, None, False)
Q, mean = forward(X, W, True)
gradient(X, y, W, Q, mean, normed=True)
"""


@pytest.mark.parametrize(
    ("switch", "given"),
    [("True", "forward(X, W, True)[0], forward(X, W, True)[1]"), ("False", "forward(X, W, False), None")],
)
def test_what_the_file_hands_on_depends_on_a_switch(switch, given):
    chosen = replace(plan(BRANCHES), options={"normed": switch})
    (first, *_) = (adapter.calls for adapter in adapter_texts(chosen))
    assert first["gradient"] == f"gradient(X, y, W, {given}, {switch})"


def test_a_forward_pass_that_is_guessed_gets_what_the_file_hands_to_it():
    text = """
def forward(X, W, kept): return P, H
def cost(X, y, W): ...
def gradient(X, y, W, P, H): ...
forward(X, W, np.zeros(3))
"""
    (first, *_) = calls(text)
    assert (
        first["gradient"] == "gradient(X, y, W, forward(X, W, np.zeros(3))[0], forward(X, W, np.zeros(3))[1])"
    )


@pytest.mark.parametrize(
    "passing",
    [
        'cache = {}; cache["Z1"] = W @ X; cache["A1"] = sigmoid(cache["Z1"]); return cache',
        'cache = {"Z1": W @ X}; cache["A1"] = sigmoid(cache["Z1"]); return cache',
        'Z = W @ X; return {"Z1": Z, "A1": sigmoid(Z)}',
    ],
)
def test_of_a_dictionary_of_a_forward_pass_the_cost_gets_the_output(passing):
    (first, *_) = calls(
        f"def forward(X, W): {passing}\n"
        "def cost(y, y_hat): ...\n"
        'def gradient(X, y, W, cache, m_batch): return cache["A1"] - y\n'
    )
    assert first["cost"] == "cost(y, forward(X, W)['A1'])"
    assert first["gradient"] == "gradient(X, y, W, forward(X, W), X.shape[0])"
