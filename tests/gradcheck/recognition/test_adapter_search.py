"""Adapters tried until one fits."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.adapter_search import AdapterSearch
from chainrule.gradcheck.recognition.choices import by_gradient
from chainrule.gradcheck.recognition.refusals import refusal
from support.recognising import loaded, recognised

TWO = """
import numpy as np

def cost_sum(X, Y, W, lam):
    return np.sum((W @ X - Y) ** 2) + lam * np.sum(W ** 2)

def cost_mean(X, Y, W, lam):
    return np.sum((W @ X - Y) ** 2) / X.shape[1] + lam * np.sum(W ** 2)

def loss(X, Y, W):
    return np.sum((W @ X - Y) ** 2) / X.shape[1]

def gradients(X, Y, W, lam):
    return 2 * (W @ X - Y) @ X.T / X.shape[1] + 2 * lam * W
"""


def found(text: str, most: float = 60.0) -> SimpleNamespace:
    file, namespace = definitions(Source((Part("net.py", text),))), {}
    exec(text, namespace)
    search = AdapterSearch(file, namespace, {}, 0)
    (functions, *_) = group = by_gradient(file)[0]
    result = search.best(group, 60.0, most)
    costs = [fitting and fitting.candidate.functions.cost.name for fitting in (result.best, result.rival)]
    return SimpleNamespace(
        costs=costs,
        search=search,
        errors=result.errors,
        best=result.best,
        may_agree=result.may_agree,
        why=str(refusal(search, functions, result)),
    )


def test_nothing_is_convicted_before_all_that_may_be_meant_has_been_tried():
    wrong = TWO.replace("return 2 * (W", "return 3 * (W")
    in_time, out_of_time = found(wrong), found(wrong, most=-1.0)
    assert not in_time.may_agree
    assert out_of_time.may_agree
    assert "there was no time left to try all that may be meant" in out_of_time.why
    right = found(TWO.replace("cost_sum", "other").replace("cost_mean", "cost"), most=-1.0)
    assert right.best.fitness.agrees
    assert not right.may_agree


def test_the_first_cost_counts_and_one_of_which_the_gradient_is_rivals_it():
    assert found(TWO).costs == ["cost_sum", "cost_mean"]


def test_a_cost_without_the_penalty_that_the_gradient_takes_is_no_rival():
    forgotten = TWO.replace(" + 2 * lam * W", "").replace("cost_mean", "mean")
    assert found(forgotten).costs == ["cost_sum", None]


def test_a_cost_that_takes_l2_and_does_not_use_it_counts_after_one_that_does():
    unused = TWO.replace("def loss(X, Y, W):", "def cost(X, Y, W, lam):").replace(
        "cost_mean", "penalised_cost"
    )
    assert found(unused.replace("cost_sum", "skipped")).costs == ["penalised_cost", None]


def test_the_layout_that_fits_is_kept_for_the_next_gradient_and_what_fails_is_not_tried_again():
    first = found(TWO)
    assert first.search.convention is not None
    assert first.search.convention.samples == "columns"
    failing = found(
        TWO.replace("def cost_sum(X, Y, W, lam):", "def cost_sum(X, Y, W, lam):\n    return np.nosuch(W)")
    )
    assert failing.costs[0] == "cost_mean"
    assert failing.search.failed
    assert np.ndim(failing.errors) == 1


WITH_STATISTICS = """
import numpy as np
def forward(X, W, b, gamma, beta):
    S = W @ X + b
    mu, var = S.mean(axis=1, keepdims=True), S.var(axis=1, keepdims=True)
    S_hat = (S - mu) / np.sqrt(var + 1e-5)
    return gamma * S_hat + beta, S_hat, mu, var
def cost(X, Y, W, b, gamma, beta):
    return np.sum((forward(X, W, b, gamma, beta)[0] - Y) ** 2) / (2 * X.shape[1])
def gradients(X, Y, W, b, gamma, beta):
    out, S_hat, mu, var = forward(X, W, b, gamma, beta)
    G, n = (out - Y) / X.shape[1], X.shape[1]
    del_gamma, del_beta = (G * S_hat).sum(axis=1, keepdims=True), G.sum(axis=1, keepdims=True)
    G = G * gamma
    G = (G - G.mean(axis=1, keepdims=True) - S_hat * (G * S_hat).mean(axis=1, keepdims=True)) / np.sqrt(var + 1e-5)
    del_W, del_b = G @ X.T, G.sum(axis=1, keepdims=True)
    return np.array(del_W), del_b, del_gamma, del_beta, mu, var
"""


@pytest.mark.parametrize(
    ("old", "new", "agrees"),
    [("", "", True), (" - S_hat * (G * S_hat).mean(axis=1, keepdims=True)", "", False)],
)
def test_gradients_that_come_with_other_values_are_told_by_their_names(old, new, agrees):
    best = found(WITH_STATISTICS.replace(old, new) if old else WITH_STATISTICS).best
    assert best.fitness.runs
    assert best.fitness.agrees == agrees
    assert best.candidate.adapter.calls["gradient"].endswith("[0:4]")


LOOPS = """
import numpy as np
def loss_and_grads(X, y, W, b):
    H = [X]
    for i in range(len(W) - 1):
        H.append(np.tanh(W[i].dot(H[i]) + b[i]))
    P = 1 / (1 + np.exp(-(W[-1].dot(H[-1]) + b[-1])))
    J = -np.mean(y * np.log(P) + (1 - y) * np.log(1 - P))
    dW, db = [None] * len(W), [None] * len(b)
    G = (P - y) / X.shape[1]
    for i in reversed(range(len(W))):
        dW[i] = G.dot(H[i].T)
        db[i] = np.sum(G, axis=1, keepdims=True)
        if i > 0:
            G = W[i].T.dot(G) * (1 - H[i] ** 2)
    return J, dW, db
"""


def test_a_net_of_a_single_layer_does_not_stand_for_deeper_ones_that_run() -> None:
    right, wrong = found(LOOPS), found(LOOPS.replace("(1 - H[i] ** 2)", "H[i] * (1 - H[i])"))
    assert right.best.fitness.agrees
    assert right.best.candidate.plan.convention.single
    assert not wrong.best.fitness.agrees
    assert {each.best.candidate.plan.parameters.layers for each in (right, wrong)} == {2}


USED = """
import numpy as np

def start(d, h):
    return {"U": np.ones((d, h)), "v": np.ones(h)}

def risk(p, x, s):
    return np.mean((np.tanh(x @ p["U"]) @ p["v"] - s) ** 2)

def go(p, x, s, lr):
    t = np.tanh(x @ p["U"])
    d = 2 * (t @ p["v"] - s) / len(s)
    e = np.outer(d, p["v"]) * (1 - t * t)
    p["v"] -= lr * t.T @ d
    p["U"] -= lr * x.T @ e
"""
UPDATE = """    p["v"] -= lr * t.T @ d\n"""
STALE = USED.replace(UPDATE, "").replace("    e = np", f"{UPDATE}    e = np")
TOGETHER = "\ndef main(x, s):\n    p = start(2, 3)\n    go(p, x, s, 0.1)\n    risk(p, x, s)\n"
APART = "\ndef main(x, s):\n    p = start(2, 3)\n    go(p, x, s, 0.1)\n"


def test_what_only_its_use_tells_is_checked():
    assert found(USED + TOGETHER).costs == found(USED + APART).costs == ["risk", None]


def test_what_only_its_use_tells_convicts_where_the_file_uses_both_together():
    assert found(STALE + TOGETHER).costs == ["risk", None]
    assert found(STALE + APART).costs == [None, None]


ONE_SAMPLE = """
import numpy as np

def cost(x, y, w, b):
    return 0.5 * (np.tanh(w @ x + b) - y) ** 2

def gradient(x, y, w, b):
    a = np.tanh(w @ x + b)
    d = (a - y) * (1 - a ** 2)
    return d * x, d
"""


def test_what_takes_no_several_samples_is_called_with_one():
    result = found(ONE_SAMPLE)
    first = result.best
    assert result.search.convention is None
    assert first.candidate.plan.convention.words == "X (d,), labels 0 or 1, W (in), b a number"
    assert first.fitness.best
    assert not found(ONE_SAMPLE.replace("1 - a ** 2", "1 - a")).best.fitness.agrees


def test_losses_of_several_samples_are_not_one_of_a_single_one():
    text = ONE_SAMPLE.replace("w @ x", "x @ w").replace("return d * x, d", "return x.T @ d, d.sum()")
    assert not found(text).best.fitness.cost


SWITCHED = """
import numpy as np

class Net:
    def __init__(self, lam, svm=False):
        self.lam, self.svm = lam, svm

    def compute_cost(self, X, Y, W):
        s = W @ X
        penalty = self.lam * np.sum(W ** 2)
        if self.svm:
            margins = np.maximum(0, s - np.sum(s * Y, axis=0) + 1) * (1 - Y)
            return np.sum(margins) / X.shape[1] + penalty
        P = np.exp(s) / np.sum(np.exp(s), axis=0)
        return -np.sum(Y * np.log(P)) / X.shape[1] + penalty

    def compute_gradients_svm(self, X, Y, W):
        s = W @ X
        G = (s - np.sum(s * Y, axis=0) + 1 > 0) * (1.0 - Y)
        G -= Y * np.sum(G, axis=0)
        return G @ X.T / X.shape[1] + 2 * self.lam * W
"""


@pytest.mark.parametrize(
    ("name", "factor", "agrees", "switched"),
    [
        ("compute_gradients_svm", "2 * ", True, True),
        ("compute_gradients", "2 * ", True, True),
        ("compute_gradients_svm", "", False, True),
        ("compute_gradients", "", False, False),
    ],
)
def test_a_gradient_of_the_cost_that_a_switch_chooses_is_that_costs(name, factor, agrees, switched):
    text = SWITCHED.replace("compute_gradients_svm", name).replace("2 * self.lam", f"{factor}self.lam")
    best = found(text).best
    assert best.fitness.agrees is agrees
    assert ("svm=True" in best.candidate.adapter.text) is switched


ONE = """
import numpy as np

def cost(x, y, W, b):
    return 0.5 * np.sum((W @ x + b - y) ** 2)

def gradient(x, y, W, b):
    d = W @ x + b - y
    return d @ x.T, d
"""


@pytest.mark.parametrize(
    ("text", "samples", "is_rivalled"),
    [
        (ONE, "column", True),
        (ONE.replace("- y\n", "+ y\n"), "columns", False),
        (ONE.replace("return d @ x.T, d", "s = d.sum(axis=0)\n    return d @ x.T, d"), "columns", False),
        (ONE.replace("return d @ x.T, d", "return d @ x.T, d.sum(axis=1, keepdims=True)"), "columns", False),
    ],
    ids=["one sample", "wrong", "several samples", "sum over them"],
)
def test_what_is_right_for_a_single_sample_alone_is_not_held_against_several(text, samples, is_rivalled):
    result = found(text)
    assert result.best.candidate.plan.convention.samples == samples
    assert (result.costs[1] is not None) == is_rivalled


SWITCHED_OFF = """
import numpy as np

class Net:
    def __init__(self):
        self.w, self.b, self.gamma, self.beta = [], [], [], []
        self.norm, self.eta, self.lam = False, 0.1, 0.1

    def forward(self, X):
        out = [X]
        for layer in range(len(self.w)):
            S = self.w[layer] @ out[-1] + self.b[layer]
            if self.norm:
                S = self.gamma[layer] * S + self.beta[layer]
            out.append(np.maximum(S, 0) if layer < len(self.w) - 1 else S)
        return out

    def backward(self, out, X, Y):
        n = X.shape[1]
        loss = np.sum((out[-1] - Y) ** 2) / n
        cost = loss + self.lam * sum(np.sum(w**2) for w in self.w)
        G = 2 * (out[-1] - Y) / n
        w_grads, b_grads = [None] * len(self.w), [None] * len(self.w)
        for layer in range(len(self.w) - 1, -1, -1):
            w_grads[layer] = G @ out[layer].T + 2 * self.lam * self.w[layer]
            b_grads[layer] = G.sum(axis=1, keepdims=True)
            G = (self.w[layer].T @ G) * (out[layer] > 0)
        for layer in range(len(self.w)):
            self.w[layer] = self.w[layer] - self.eta * w_grads[layer]
        return loss, cost, w_grads, b_grads
"""


def test_scales_and_shifts_that_nothing_depends_on_are_left_out_and_named():
    row = recognised(SWITCHED_OFF)
    assert row.unchecked == ["batch norm with gamma and beta, which is switched off"]


def test_a_step_that_gives_a_list_other_arrays_changes_none_of_the_parameters():
    _, names = loaded(SWITCHED_OFF)
    outcome = check(declared(recognised(SWITCHED_OFF).text, names, np.random.default_rng(0)))
    assert outcome.right
    assert outcome.causes == ()
