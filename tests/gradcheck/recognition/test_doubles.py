"""Filters that an object holds in two shapes, and whose gradients come back in both."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.containers import ParameterSet
from chainrule.gradcheck.recognition.doubles import doubles, with_double, without_double
from chainrule.gradcheck.recognition.speaking import speaking
from support.adapters import defined
from support.recognising import recognised

NET = """
import numpy as np

class PatchNet:
    def __init__(self, f, nf, nh, K, n_p):
        self.nf, self.n_p = nf, n_p
        self.Fs = np.random.randn(f, f, 3, nf)
        self.Fs_flat = self.Fs.reshape(f * f * 3, nf)
        self.W1, self.b1 = np.random.randn(nh, n_p * nf), np.zeros((nh, 1))
        self.W2, self.b2 = np.random.randn(K, nh), np.zeros((K, 1))

    def forward(self, MX):
        h = np.tanh(np.einsum("pdn,df->pfn", MX, self.Fs_flat)).reshape(self.n_p * self.nf, -1)
        x = np.tanh(self.W1 @ h + self.b1)
        e = np.exp(self.W2 @ x + self.b2)
        return h, x, e / e.sum(axis=0)

    def compute_cost(self, MX, Y):
        return -np.log((Y * self.forward(MX)[2]).sum(axis=0)).mean()

    def compute_gradients(self, MX, Y):
        h, x, P = self.forward(MX)
        G = (P - Y) / MX.shape[2]
        grads = {"W2": G @ x.T, "b2": G.sum(axis=1, keepdims=True)}
        G = self.W2.T @ G * (1 - x**2)
        grads |= {"W1": G @ h.T, "b1": G.sum(axis=1, keepdims=True)}
        G = (self.W1.T @ G * (1 - h**2)).reshape(self.n_p, self.nf, -1)
        grads["Fs_flat"] = np.einsum("pdn,pfn->df", MX, G)
        grads["Fs"] = grads["Fs_flat"].reshape(self.Fs.shape)
        return grads
"""


def test_one_of_two_gradients_that_are_the_same_is_compared():
    row = recognised(NET)
    assert not row.doubt
    assert "if key not in ('Fs', 'dFs', 'grad_Fs')" in row.text


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('grads["Fs_flat"].reshape(self.Fs.shape)', 'grads["Fs_flat"].reshape(self.Fs.shape, order="F")'),
        ('grads["Fs_flat"].reshape(self.Fs.shape)', '2 * grads["Fs_flat"].reshape(self.Fs.shape)'),
        ("return grads", 'return grads | {"Fs_flat": 2 * grads["Fs_flat"]}'),
    ],
)
def test_where_they_differ_neither_acquits_the_other(right, wrong):
    assert "which are the same filters, differ" in recognised(NET.replace(right, wrong)).doubt


def test_what_is_put_on_the_object_but_is_no_parameter_is_a_double():
    own = ParameterSet({"W1": "", "Fs_flat": ""}, put=("W1", "Fs_flat", "Fs"))
    with speaking(defined("def forward(MX, Fs, Fs_flat, W1): ...")):
        assert doubles(own) == ("Fs_flat", "Fs")
        assert doubles(ParameterSet({"W1": "", "Fs": ""}, put=("W1", "Fs"))) is None


def test_each_of_the_two_is_left_out_by_name():
    given = {"W1": np.zeros(2), "dFs_flat": np.zeros((12, 2)), "dFs": np.ones((2, 2, 3, 2))}
    names = {"given": given, "Fs_flat": np.zeros((12, 2))}
    usual, other = (eval(w("Fs_flat", "Fs", "given"), names) for w in (without_double, with_double))  # noqa: S307
    assert list(usual) == list(other) == ["W1", "dFs_flat"]
    assert usual["dFs_flat"].sum() == 0
    assert other["dFs_flat"].sum() == other["dFs_flat"].size == 24
