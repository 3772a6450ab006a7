"""Nets with filters as different people write them: each is right as it is, and wrong with each mistake made in it."""

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.recognition.conventions import Convention, Sizes, inputs
from chainrule.gradcheck.recognition.convolutions import (
    filter_sizes_read,
    filter_tiers,
    has_filters,
    laid_out,
    lies_otherwise,
)
from chainrule.gradcheck.recognition.patch_filters import Filters
from chainrule.gradcheck.recognition.speaking import speaking
from support.adapters import defined
from support.expressions import value_of
from support.recognising import row_and_check
from support.samples import one_in

DICTIONARY = """
import numpy as np

def forward(MX, net):
    F, (W1, W2), (b1, b2) = net["F"], net["W"], net["b"]
    bf = net.get("bf", np.zeros((F.shape[1], 1)))
    n_p, _, n = MX.shape
    conv = np.einsum("pdn,df->pfn", MX, F) + bf[None]
    h = np.maximum(conv.reshape(n_p * F.shape[1], n), 0)
    x = np.maximum(W1 @ h + b1, 0)
    e = np.exp(W2 @ x + b2)
    return e / e.sum(axis=0), {"h": h, "x": x}

def compute_loss(P, y):
    return -np.mean(np.log(P[y, np.arange(len(y))]))

def backward(MX, Y, P, data, net, lam):
    F, (W1, W2) = net["F"], net["W"]
    n_p, _, n = MX.shape
    G = (P - Y) / n
    dW2, db2 = G @ data["x"].T + 2 * lam * W2, G.sum(axis=1, keepdims=True)
    G = W2.T @ G * (data["x"] > 0)
    dW1, db1 = G @ data["h"].T + 2 * lam * W1, G.sum(axis=1, keepdims=True)
    G = W1.T @ G * (data["h"] > 0)
    G = G.reshape(n_p, F.shape[1], n)
    dF = np.einsum("pdn,pfn->df", MX, G) + 2 * lam * F
    return {"W": [dW1, dW2], "b": [db1, db2], "F": dF, "bf": G.sum(axis=(0, 2)).reshape(-1, 1)}

def train(MX, Y, y, net, lam, eta):
    P, data = forward(MX, net)
    grads = backward(MX, Y, P, data, net, lam)
    net["F"] -= eta * grads["F"]
    P_new, _ = forward(MX, net)
    return compute_loss(P_new, y)
"""
ARGUMENTS = """
import numpy as np

def forward(patches, Fs_flat, W1, b1, W2, b2, n_p, nf):
    N = len(patches)
    h = np.maximum(patches @ Fs_flat, 0).reshape(N, n_p * nf)
    x = np.maximum(h @ W1 + b1, 0)
    e = np.exp(x @ W2 + b2)
    return h, x, e / e.sum(axis=1, keepdims=True)

def cost(patches, Y, Fs_flat, W1, b1, W2, b2, n_p, nf, lam):
    P = forward(patches, Fs_flat, W1, b1, W2, b2, n_p, nf)[2]
    squares = (Fs_flat**2).sum() + (W1**2).sum() + (W2**2).sum()
    return -np.log((P * Y).sum(axis=1)).mean() + lam * squares

def gradients(patches, Y, Fs_flat, W1, b1, W2, b2, n_p, nf, lam):
    h, x, P = forward(patches, Fs_flat, W1, b1, W2, b2, n_p, nf)
    N = len(patches)
    G = (P - Y) / N
    dW2, db2 = x.T @ G + 2 * lam * W2, G.sum(axis=0)
    G = G @ W2.T * (x > 0)
    dW1, db1 = h.T @ G + 2 * lam * W1, G.sum(axis=0)
    G = (G @ W1.T * (h > 0)).reshape(N, n_p, nf)
    dFs_flat = np.einsum("npd,npf->df", patches, G) + 2 * lam * Fs_flat
    return dFs_flat, dW1, db1, dW2, db2
"""
IMAGES = """
import numpy as np

class Net:
    def __init__(self, f=4, nf=10, nh=50, seed=0):
        rng = np.random.default_rng(seed)
        self.f, self.nf, self.n_p = f, nf, (32 // f) ** 2
        self.Fs = rng.normal(size=(f, f, 3, nf)) / f
        self.Fs_flat = self.Fs.reshape(f * f * 3, nf)
        self.W1, self.b1 = rng.normal(size=(nh, self.n_p * nf)), np.zeros((nh, 1))
        self.W2, self.b2 = rng.normal(size=(10, nh)), np.zeros((10, 1))

    def forward(self, X):
        n, f, side = X.shape[1], self.f, 32 // self.f
        M = X.reshape(side, f, side, f, 3, n).transpose(0, 2, 1, 3, 4, 5).reshape(self.n_p, -1, n)
        h = np.maximum(np.einsum("pdn,df->pfn", M, self.Fs_flat), 0).reshape(-1, n)
        x = np.maximum(self.W1 @ h + self.b1, 0)
        e = np.exp(self.W2 @ x + self.b2)
        return e / e.sum(axis=0), (M, h, x)

    def loss(self, X, Y, lam):
        P, _ = self.forward(X)
        squares = (self.Fs**2).sum() + (self.W1**2).sum() + (self.W2**2).sum()
        return -np.log((P * Y).sum(axis=0)).mean() + lam * squares

    def backward(self, P, Y, lam=0.0, cache=None):
        M, h, x = cache
        n = Y.shape[1]
        G = (P - Y) / n
        grads = {"W2": G @ x.T + 2 * lam * self.W2, "b2": G.sum(axis=1, keepdims=True)}
        G = self.W2.T @ G * (x > 0)
        grads |= {"W1": G @ h.T + 2 * lam * self.W1, "b1": G.sum(axis=1, keepdims=True)}
        G = (self.W1.T @ G * (h > 0)).reshape(self.n_p, self.nf, n)
        grads["Fs_flat"] = np.einsum("pdn,pfn->df", M, G) + 2 * lam * self.Fs_flat
        grads["Fs"] = grads["Fs_flat"].reshape(self.Fs.shape)
        return grads

def train(net, X, Y, lam):
    P, cache = net.forward(X)
    return net.backward(P, Y, lam, cache)
"""
FOUR_AXES = IMAGES.replace("X.shape[1]", "X.shape[3]")
CALLED_SO = {
    DICTIONARY: "gradient backward(MX, Y, forward(MX, net)[0], forward(MX, net)[1], net, lam)",
    ARGUMENTS: "cost cost(patches, Y, Fs_flat, W1, b1, W2, b2, 4, 2, lam)",
    IMAGES: "net.backward(net.forward(X)[0], Y, lam, net.forward(X)[1]).items() if key not in ('Fs',",
    FOUR_AXES: "net.backward(net.forward(X)[0], Y, lam, net.forward(X)[1]).items() if key not in ('Fs',",
}
WRONG = [
    (DICTIONARY, 'W1.T @ G * (data["h"] > 0)', "W1.T @ G"),
    (DICTIONARY, "G.reshape(n_p, F.shape[1], n)", 'G.reshape(n_p, F.shape[1], n, order="F")'),
    (DICTIONARY, "G.sum(axis=(0, 2)).reshape(-1, 1)", "n * G.sum(axis=(0, 2)).reshape(-1, 1)"),
    (ARGUMENTS, "2 * lam * Fs_flat", "lam * Fs_flat"),
    (ARGUMENTS, "reshape(N, n_p, nf)", "reshape(N, nf, n_p).transpose(0, 2, 1)"),
    (IMAGES, ", M, G) + 2 * lam * self.Fs_flat", ", M, G)"),
    (IMAGES, "self.W1.T @ G * (h > 0)", "self.W1.T @ G"),
    (FOUR_AXES, "self.W1.T @ G * (h > 0)", "self.W1.T @ G"),
]


@pytest.mark.parametrize(("text", "called"), CALLED_SO.items(), ids=range(len(CALLED_SO)))
def test_a_right_one_is_right_in_every_style(text, called):
    row, outcome = row_and_check(text)
    assert any(called in note for note in row.notes)
    assert not row.doubt
    assert outcome.right


# The nets of whole images, which are large, last.
@pytest.mark.parametrize(("text", "right", "wrong"), [*WRONG[:5], *one_in(3, WRONG[5:])])
def test_a_mistake_is_wrong(text, right, wrong):
    assert text.count(right) == 1
    _, outcome = row_and_check(text.replace(right, wrong))
    assert outcome.verdict == "wrong"


def test_a_gradient_without_the_filters_penalty_is_not_right_where_the_cost_takes_no_l2():
    with pytest.raises(CheckError, match="right where l2 is 0"):
        row_and_check(DICTIONARY.replace("MX, G) + 2 * lam * F", "MX, G)"))


def test_a_file_with_filters_says_so_while_it_is_recognised():
    with speaking(defined(ARGUMENTS)):
        assert has_filters()
    assert not has_filters()


def test_images_are_as_large_as_the_file_says():
    for text, sides in ((ARGUMENTS, {2}), (IMAGES, {2, 16})):
        file = defined(text)
        first, *_ = filter_tiers(Sizes(), file, file.functions)
        assert {convention.filters.side for convention in first} == sides


def test_inputs_are_laid_out_as_they_say():
    every = [c for tier in filter_tiers(Sizes(), defined(ARGUMENTS), []) for c in tier]
    made = {c.samples: value_of(inputs(c)).shape for c in every}
    assert made == {
        "patches": (4, 12, 7),
        "rows of patches": (7, 4, 12),
        "columns": (48, 7),
        "rows": (7, 48),
        "images": (4, 4, 3, 7),
    }
    assert all(made[c.samples][c.samples_axis] == 7 for c in every)


def test_sizes_that_the_module_has_of_its_data_are_those_of_the_adapter():
    text = "n_p, nf, lr = load()\ndef forward(MX, Fs_flat): return MX.reshape(n_p, nf) * lr"
    file = defined(text)
    with speaking(file):
        convention, *_ = filter_tiers(Sizes(), file, file.functions)[0]
        assert filter_sizes_read(file, file.functions, convention) == {"n_p": "4", "nf": "2"}
    assert filter_sizes_read(file, file.functions, Convention()) == {}


def test_sizes_differ_and_layers_have_an_input_for_each_filter_and_patch():
    convention, *_ = filter_tiers(Sizes(), defined(ARGUMENTS), [])[0]
    filters = convention.filters
    assert convention.widths(2) == (filters.patches * filters.count, 5, 3)
    assert len({7, filters.patches, filters.pixels, filters.count, *convention.widths(2)}) == 7


def test_filters_held_twice_are_the_same_in_another_shape():
    flat = Convention(filters=Filters())
    with speaking(defined("def forward(MX, Fs, Fs_flat, W1): ...")):
        assert [lies_otherwise(name, flat) for name in ("Fs", "Fs_flat", "W1")] == [True, False, False]
    assert laid_out("Fs", "Fs_flat", flat) == "Fs_flat.reshape(2, 2, 3, 2)"
