"""Dictionaries of parameters that have the same keys."""

import pytest

from support.layers import checked

CELL = """
def sigma(z): return 1 / (1 + np.exp(-z))
class Cell:
    def __init__(self, n_in, n_hidden):
        self.Wx = {k: np.random.randn(n_in, n_hidden) for k in ("keep", "new")}
        self.Wh = {k: np.random.randn(n_hidden, n_hidden) for k in ("keep", "new")}
        self.b = {k: np.zeros(n_hidden) for k in ("keep", "new")}
    def forward(self, x, h_prev):
        z = {k: x @ self.Wx[k] + h_prev @ self.Wh[k] + self.b[k] for k in self.Wx}
        a, u = sigma(z["keep"]), np.tanh(z["new"])
        h = a * h_prev + (1 - a) * u
        return h, (x, h_prev, a, u)
    def backward(self, dh, cache):
        x, h_prev, a, u = cache
        dz = {"keep": dh * (h_prev - u) * a * (1 - a), "new": dh * (1 - a) * (1 - u ** 2)}
        grads = {"Wx": {}, "Wh": {}, "b": {}}
        dx, dh_prev = 0, dh * a
        for k in dz:
            grads["Wx"][k] = x.T @ dz[k]
            grads["Wh"][k] = h_prev.T @ dz[k]
            grads["b"][k] = dz[k].sum(axis=0)
            dx = dx + dz[k] @ self.Wx[k].T
            dh_prev = dh_prev + dz[k] @ self.Wh[k].T
        return dx, dh_prev, grads
"""
ON_THE_OBJECT = (
    CELL.replace('grads = {"Wx": {}, "Wh": {}, "b": {}}', "self.dWx, self.dWh, self.db = {}, {}, {}")
    .replace('grads["Wx"]', "self.dWx")
    .replace('grads["Wh"]', "self.dWh")
    .replace('grads["b"]', "self.db")
    .replace("dh_prev, grads", "dh_prev")
)
MADE_BEFORE = ON_THE_OBJECT.replace("self.dWx, self.dWh, self.db = {}, {}, {}", "pass").replace(
    "    def forward", "        self.dWx, self.dWh, self.db = {}, {}, {}\n    def forward"
)
OF_ANY_NAME = ON_THE_OBJECT.replace("Wx", "params").replace("Wh", "others")
KEYS = ["Wx_keep", "Wx_new", "Wh_keep", "Wh_new", "b_keep", "b_new"]


@pytest.mark.parametrize("text", [CELL, ON_THE_OBJECT, MADE_BEFORE])
def test_each_of_several_dictionaries_with_the_same_keys_is_checked(text):
    outcome, _ = checked(text)
    assert outcome.verdict == "right"
    assert {*KEYS} <= {of.name for of in outcome.tensors}


@pytest.mark.parametrize("text", [CELL, ON_THE_OBJECT, MADE_BEFORE, OF_ANY_NAME])
def test_what_is_wrong_in_a_later_one_is_found(text):
    outcome, _ = checked(text.replace("h_prev.T @ dz[k]", "2 * h_prev.T @ dz[k]"))
    assert outcome.verdict == "wrong"
    wrong = {of.name for of in outcome.tensors if of.verdict == "wrong"}
    assert wrong in ({"Wh_keep", "Wh_new"}, {"others_keep", "others_new"})


def test_momenta_and_parameters_in_one_dictionary_keep_their_names():
    text = """
class Dense:
    def __init__(self, n_in, n_out):
        self.params = {"W": np.random.randn(n_in, n_out), "b": np.zeros(n_out)}
        self.velocity = {"W": np.zeros((n_in, n_out)), "b": np.zeros(n_out)}
    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]
    def backward(self, dout):
        self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0)}
        return dout @ self.params["W"].T
"""
    outcome, _ = checked(text)
    assert outcome.verdict == "right"
    assert {"W", "b"} <= {of.name for of in outcome.tensors}
