"""Settings that a constructor, or a function, is given together: recognised right, and a wrong twin wrong."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.constructing import every_way
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.held_settings import CannotMakeError, record, with_attributes
from chainrule.gradcheck.recognition.recognise import recognise
from support.adapters import defined
from support.recognising import loaded, recognised, row_and_check

FIELDS = """
import numpy as np
class GDparams:
    def __init__(self, n_batch, eta, lam, num_lay):
        self.n_batch, self.eta, self.lam, self.num_lay = n_batch, eta, lam, num_lay
def forward(X, W, b):
    hs = []
    for i in range(len(W)):
        hs.append(X)
        s = W[i] @ X + b[i]
        X = np.maximum(s, 0)
    E = np.exp(s - s.max(axis=0))
    return E / E.sum(axis=0), hs
def dropout_forward(X, W_1, W_2, b_1, b_2):
    h = np.maximum(W_1 @ X + b_1, 0)
    return W_2 @ (h * (np.random.rand(*h.shape) < 0.9)) + b_2, h
def compute_cost(X, Y, W, b, lam):
    P, _ = forward(X, W, b)
    return -np.sum(Y * np.log(P)) / X.shape[1] + lam * sum(np.sum(w ** 2) for w in W)
def compute_gradients(X, Y, P, h, W, b, GDparams):
    grads_W, grads_b = [], []
    G = (P - Y) / X.shape[1]
    for i in reversed(range(GDparams.num_lay)):
        grads_W.append(G @ h[i].T + 2 * GDparams.lam * W[i])
        grads_b.append(G.sum(axis=1, keepdims=True))
        G = (W[i].T @ G) * (h[i] > 0)
    return grads_W[::-1], grads_b[::-1]
def train(X, Y, W, b, GDparams, drop, W_1, W_2, b_1, b_2):
    if drop:
        P, h = dropout_forward(X, W_1, W_2, b_1, b_2)
    else:
        P, h = forward(X, W, b)
    return compute_gradients(X, Y, P, h, W, b, GDparams)
"""
KEYS = """
import numpy as np
def score(x, w, hyper_params):
    return 0.5 * np.sum((x @ w) ** 2)
def compute_loss(X, y, w, hyper_params):
    r = X @ w - y
    return r @ r / len(y) + hyper_params["lambda"] * w @ w
def compute_gradient(X, y, w, hyper_params):
    return 2 * X.T @ (X @ w - y) / len(y) + 2 * hyper_params["lambda"] * w
"""
MADE = """
import numpy as np
class Net:
    def __init__(self, widths, batch_size, GDparams):
        self.lam = GDparams["lambda"]
        self.count = len(widths) - 1
        self.W = [np.random.randn(b, a) for a, b in zip(widths, widths[1:])]
    def probabilities(self, X):
        self.H = [X]
        for i in range(self.count - 1):
            self.H.append(np.tanh(self.W[i] @ self.H[-1]))
        E = np.exp(self.W[-1] @ self.H[-1])
        return E / E.sum(axis=0)
    def cost(self, X, Y):
        P = self.probabilities(X)
        return -np.sum(Y * np.log(P)) / X.shape[1] + self.lam * sum((w ** 2).sum() for w in self.W)
    def gradients(self, X, Y):
        G, grads = (self.probabilities(X) - Y) / X.shape[1], []
        for i in range(self.count - 1, -1, -1):
            grads.insert(0, G @ self.H[i].T + 2 * self.lam * self.W[i])
            G = (self.W[i].T @ G) * (1 - self.H[i] ** 2)
        return grads
"""
FIXED = """
import pickle
import numpy as np
class Classifier:
    def __init__(self):
        with open("no/such/file", "rb") as file:
            self.X = pickle.load(file)
        self.d = self.X.shape[0]
        self.nodes = [self.d, 50, 30, 10]
        self.k = len(self.nodes) - 1
        self.W, self.b = [], []
        for i in range(self.k):
            self.W.append(np.random.normal(0, 0.1, (self.nodes[i + 1], self.nodes[i])))
            self.b.append(np.zeros((self.nodes[i + 1], 1)))
        self.lam = 0.005
    def evaluate(self, X):
        hs = [X]
        for l in range(self.k - 1):
            hs.append(np.maximum(0, self.W[l] @ hs[l] + self.b[l]))
        E = np.exp(self.W[self.k - 1] @ hs[-1] + self.b[self.k - 1])
        return E / E.sum(axis=0), hs
    def compute_cost(self, X, Y):
        P, _ = self.evaluate(X)
        loss = -np.sum(Y * np.log(P)) / X.shape[1]
        return loss + self.lam * sum(np.sum(w ** 2) for w in self.W), loss
    def compute_gradients(self, X, Y):
        P, hs = self.evaluate(X)
        G, grad_W, grad_b = (P - Y) / X.shape[1], [], []
        for l in range(self.k - 1, -1, -1):
            grad_W.append(G @ hs[l].T + 2 * self.lam * self.W[l])
            grad_b.append(G.sum(axis=1, keepdims=True))
            G = (self.W[l].T @ G) * (hs[l] > 0)
        return grad_W, grad_b
"""
LEAKY = """
import numpy as np
def compute_cost(X, y, w, args):
    z = X @ w
    r = np.where(z > 0, z, args.alpha * z) - y
    return r @ r / len(y) + args.lam * w @ w
def compute_gradient(X, y, w, args):
    z = X @ w
    r = np.where(z > 0, z, args.alpha * z) - y
    return 2 * X.T @ (r * np.where(z > 0, 1, args.alpha)) / len(y) + 2 * args.lam * w
"""
ARGUMENTS = LEAKY.replace("args.", "").replace("args", "alpha, lam")
OPTIONAL = """
import numpy as np
def scores(X, w):
    return X @ w
def compute_cost(X, y, w, args):
    r = scores(X, w) - y
    return r @ r / len(y) + getattr(args, "lam", 0.0) * w @ w
def compute_gradient(X, y, w, args):
    return 2 * X.T @ (scores(X, w) - y) / len(y) + 2 * getattr(args, "lam", 0.0) * w
"""
OPTIONAL_KEYS = OPTIONAL.replace("getattr(args, ", "config.get(").replace("args", "config")
DROPPED = """
import numpy as np
def compute_cost(X, y, w, opts):
    np.random.seed(1)
    mask = (np.random.rand(*X.shape) < opts["keep_prob"]) / opts["keep_prob"]
    r = (X * mask) @ w - y
    return r @ r / len(y)
def compute_gradient(X, y, w, opts):
    np.random.seed(1)
    mask = (np.random.rand(*X.shape) < opts["keep_prob"]) / opts["keep_prob"]
    return 2 * (X * mask).T @ ((X * mask) @ w - y) / len(y)
"""
SMOOTHED = """
import numpy as np
def compute_cost(X, y, w, opts):
    r = X @ w - y * (1 - opts.smooth)
    return r @ r / len(y)
def compute_gradient(X, y, w, opts):
    return 2 * X.T @ (X @ w - y * (1 - opts.smooth)) / len(y)
"""
FACTOR = """
import numpy as np
def compute_cost(X, y, w, opts):
    r = X @ w - y
    return opts.get("factor", 1.0) * r @ r / len(y)
def compute_gradient(X, y, w, opts):
    return opts.get("factor", 1.0) * 2 * X.T @ (X @ w - y) / len(y)
"""
PROGRAMS = {
    "a slope beside l2": (LEAKY, "1, args.alpha", "1, args.lam"),
    "a slope beside l2, each an argument": (ARGUMENTS, "1, alpha", "1, lam"),
    "attributes that may lack": (OPTIONAL, "2 * getattr", "getattr"),
    "keys that may lack": (OPTIONAL_KEYS, "2 * config", "config"),
    "attributes": (FIELDS, "2 * GDparams.lam", "GDparams.lam"),
    "keys": (KEYS, '2 * hyper_params["lambda"]', 'hyper_params["lambda"]'),
    "of a constructor": (MADE, "(1 - self.H[i] ** 2)", "(1 - self.H[i])"),
    "sizes of a constructor": (FIXED, "2 * self.lam", "self.lam"),
}

ROWS = Convention("rows", "integers", "in, out", "(K,)")


def made(first_line):
    file = defined(f"class Net:\n    def __init__(self, rates):\n        {first_line}\n        self.W = 1\n")
    return every_way(file.constructors["Net"], ROWS, file)[0]


@pytest.mark.parametrize(
    ("first_line", "given"),
    [
        ("self.eta_min, self.eta_max, self.cycles = rates", "(0.01, 0.01, 1,)"),
        ("batch_size, lr, lam = rates", "(7, 0.01, 0.1,)"),
        ("(self.hidden_size, self.reg) = rates", "(5, 0.1,)"),
    ],
)
def test_settings_one_after_the_other_are_told_by_what_they_are_called(first_line, given):
    assert made(first_line) == f"Net(rates={given})"


DICTIONARIES = """
class Net:
    def __init__(self, config, NNParams):
        self.gain = config["gain"]
        self.d, self.m = NNParams["d"], NNParams["m"]
        self.W = 1
net = Net(config={"gain": 0.3}, NNParams={"d": 3072, "m": [50, 50]})
"""


def test_of_settings_without_a_meaning_the_file_says_what_they_are():
    file = defined(DICTIONARIES)
    given = 'config={"gain": 0.3}, NNParams={"d": 6, "m": [5]}'
    assert every_way(file.constructors["Net"], ROWS, file)[0] == f"Net({given})"


def test_one_that_is_not_known_makes_no_object():
    with pytest.raises(CannotMakeError):
        made("self.eta, self.q = rates")


def test_an_object_has_the_attributes_that_are_read():
    assert with_attributes("config", ["lr", "hidden_size"], ROWS) == (
        'type("Config", (), dict(lr=0.01, hidden_size=5))()'
    )
    with pytest.raises(CannotMakeError):
        with_attributes("config", ["q"], ROWS)


@pytest.mark.parametrize(("text", "right", "wrong"), PROGRAMS.values(), ids=PROGRAMS)
def test_what_is_given_together_is_right_or_wrong(text, right, wrong):
    assert right in text
    assert row_and_check(text)[1].right
    assert not row_and_check(text.replace(right, wrong))[1].right


def test_the_count_of_a_constructor_follows_the_depth():
    depths = {
        variant.text.partition(") - 1")[0][-12:]
        for variant in recognised(FIXED).variants
        if "k=len" in variant.text
    }
    assert any("5, 4, 3" in text for text in depths)


def test_a_penalty_that_only_the_settings_of_the_gradient_have_convicts_nobody():
    """Beside a loss that knows none it may be meant."""
    loss = KEYS.replace(' + hyper_params["lambda"] * w @ w', "").replace(
        "loss(X, y, w, hyper_params)", "loss(X, y, w)"
    )
    row, check = row_and_check(loss)
    assert check.right
    assert "lambda" in row.text


def test_what_a_function_cannot_be_given_is_named():
    text = KEYS.replace("X, y, w, hyper_params", "X, y, w, quux").replace('hyper_params["lambda"]', "quux")
    with pytest.raises(
        CheckError, match=r"were found, but not what to call them with \(.*: what is quux\?\)"
    ):
        recognised(text)


VARIED = {
    "keep_prob": (DROPPED, "2 * (X * mask).T", "2 * X.T"),
    "smooth": (SMOOTHED, "y * (1 - opts.smooth)) /", "y) /"),
    "factor": (FACTOR, 'opts.get("factor", 1.0) * 2', "2"),
}


@pytest.mark.parametrize("name", VARIED)
def test_a_setting_is_varied_and_a_gradient_that_forgets_it_is_wrong_then(name):
    text, right, wrong = VARIED[name]
    assert verdicts(text, name) == ["right", "right"]
    assert right in text
    assert verdicts(text.replace(right, wrong), name) == ["right", "wrong"]


def test_what_the_file_itself_gives_together_stands_for_what_is_not_known_and_is_varied_too():
    text = DROPPED.replace("return r @ r", 'return opts["quux"] * r @ r').replace(
        "return 2", 'return opts["quux"] * 2'
    )
    call = 'def train(X, y, w):\n    return compute_cost(X, y, w, {"keep_prob": 0.8, "quux": 2.5})\n'
    row = recognised(text + call)
    assert "{'keep_prob': 1.0, 'quux': 2.5}" in row.text
    assert [variant.varied for variant in row.variants] == ["keep_prob of {}", "quux of {}"]


def verdicts(text, name):
    """What is said with the usual value of a setting, and with the other, which convicts."""
    file, names = loaded(text)
    row, *_ = recognise(file, names, seed=0)
    (variant,) = (v for v in row.variants if v.varied == f"{name} of {{}}")
    assert variant.convicts
    programs = [declared(each, names, np.random.default_rng(0)) for each in (row.text, variant.text)]
    return [check(program, explained=False).verdict for program in programs]


@pytest.mark.parametrize(
    ("taken", "unknown"),
    [
        ('args["quux"] + args["lam"]', r'args\["quux"\]'),
        ("args.lam + args.quux", r"args\.quux"),
    ],
)
def test_the_setting_that_is_not_known_is_named_and_no_forward_pass_stands_for_it(taken, unknown):
    with pytest.raises(CheckError, match=rf"\(.*: what is {unknown}\?\)"):
        recognised(OPTIONAL.replace('getattr(args, "lam", 0.0)', taken))


def test_an_attribute_may_be_called_as_no_argument_can():
    assert record("args", {"lambda": "lam"}) == """type("Args", (), {'lambda': lam})()"""
