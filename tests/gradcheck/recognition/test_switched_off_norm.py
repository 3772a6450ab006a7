"""Nets that know of batch norm, and have it switched off where they are checked."""

import numpy as np

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.adapter import declared
from support.recognising import loaded, recognised

NET = """
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
    row = recognised(NET)
    assert row.unchecked == ["batch norm with gamma and beta, which is switched off"]


def test_a_step_that_gives_a_list_other_arrays_changes_none_of_the_parameters():
    _, names = loaded(NET)
    outcome = check(declared(recognised(NET).text, names, np.random.default_rng(0)))
    assert outcome.right
    assert outcome.causes == ()
