"""Other options: those that make a difference and run are tried, others are named with the reason."""

from support.recognising import recognised

NET = """
import numpy as np

class Net:
    def __init__(self, d, K, lam=0.1, activation="tanh", power=2, verbose=False, clip=False, use_bias=True):
        self.W = np.random.randn(K, d)
        self.b = np.random.randn(K, 1)
        self.lam, self.power, self.clip = lam, power, clip
        self.activation = activation
        self.use_bias = use_bias
        self.verbose = verbose
        self.loss = "squared"

    def forward(self, X):
        S = self.W @ X + (self.b if self.use_bias else 0)
        return {"tanh": np.tanh, "square": np.square}[self.activation](S)

    def compute_cost(self, X, Y):
        R = self.forward(X) - Y
        return np.sum(R**2) / X.shape[1] + self.lam * np.sum(self.W**2)

    def compute_gradients(self, X, Y):
        S = self.W @ X + (self.b if self.use_bias else 0)
        slope = 1 - np.tanh(S) ** 2 if self.activation == "tanh" else 2 * S
        G = 2 * (self.forward(X) - Y) * slope / X.shape[1]
        dW, db = G @ X.T + 2 * self.lam * self.W, G.sum(axis=1, keepdims=True)
        if self.clip:
            dW = np.clip(dW, -0.1, 0.1)
        return dW, db * self.use_bias
"""

DROPOUT = """
import numpy as np

def forward(X, W1, W2, keep_prob):
    mask = (np.random.rand(W1.shape[0], X.shape[1]) < keep_prob) / keep_prob
    H = np.tanh(W1 @ X)
    return W2 @ (H * mask), H, mask

def compute_cost(X, Y, W1, W2, keep_prob=0.5):
    S, _, _ = forward(X, W1, W2, keep_prob)
    return np.sum((S - Y) ** 2)

def compute_gradients(X, Y, W1, W2, keep_prob=0.5):
    S, H, mask = forward(X, W1, W2, keep_prob)
    G = 2 * (S - Y)
    return (W2.T @ G * mask * (1 - H**2)) @ X.T, G @ (H * mask).T
"""


def of(text):
    return {(v.varied.partition(" ")[0], v.value): v for v in recognised(text).variants}


def test_options_of_an_object_are_tried_where_they_make_a_difference():
    variants = of(NET)
    assert ("verbose", "True") not in variants
    assert "activation='square'" in variants["activation", "'square'"].text
    assert variants["activation", "'square'"].convicts
    assert variants["use_bias", "False"].convicts
    assert not variants["clip", "True"].text
    assert "gradient alone" in variants["clip", "True"].why


def test_what_an_object_writes_down_is_an_option_too():
    written = NET.replace('activation="tanh", ', "").replace("= activation", '= "tanh"')
    assert "activation='square'" in of(written)["activation", "'square'"].text


def test_a_mode_of_an_object_convicts_where_the_way_back_looks_at_it():
    text = NET.replace('self.loss = "squared"', "self.training = True")
    text = text.replace("return {", "S = S if self.training else S / 2\n        return {")
    assert not of(text)["training", "False"].convicts
    both = text.replace("slope = ", "S = S if self.training else S / 2\n        slope = ")
    variant = of(both)["training", "False"]
    assert variant.convicts
    assert "training=False" in variant.text


def test_of_several_texts_none_convicts_alone():
    several = NET.replace(
        "R = self.forward(X) - Y", "R = (self.forward(X) - Y) * (2 if self.loss == 'twice' else 1)"
    )
    variants = of(several)
    assert variants["loss", "'twice'"].text
    assert not variants["loss", "'twice'"].convicts
    assert not variants["activation", "'square'"].convicts


def test_an_option_that_does_not_run_is_named():
    variants = of(NET.replace('"square": np.square', '"square": lambda S: np.nosuch(S)'))
    assert variants["activation", "'square'"].why.startswith("it does not run: AttributeError")


def test_dropout_is_tried_with_the_same_units_dropped_in_cost_and_gradient():
    variant = of(DROPOUT)["keep_prob", "0.6"]
    assert "np.random.seed(0)" in variant.text
    assert variant.convicts
    apart = DROPOUT.replace("keep_prob=0.5):\n    S, H", "keep_prob=0.5):\n    np.random.rand()\n    S, H")
    assert "do not draw the same" in of(apart)["keep_prob", "0.6"].why


def test_a_program_that_always_drops_units_is_seeded():
    always = (
        DROPOUT.replace(", keep_prob=0.5", "")
        .replace(", keep_prob)", ")")
        .replace("def forward", "keep_prob = 0.5\n\ndef forward")
    )
    row = recognised(always)
    assert "np.random.seed(0)" in row.text
    assert any("drawn at random is the same" in note for note in row.notes)


TOGETHER = """
import numpy as np

def forward(X, W, out="softmax"):
    S = W @ X
    if out == "softmax":
        return np.exp(S) / np.exp(S).sum(axis=0)
    elif out == "sigmoid":
        return 1 / (1 + np.exp(-S))

def compute_cost(P, Y, loss="all"):
    if loss == "all":
        return -np.sum(Y * np.log(P))
    elif loss == "each":
        return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P))

def compute_gradients(X, Y, P):
    return (P - Y) @ X.T

def train(X, Y, W, loss="all", out="softmax"):
    P = forward(X, W, out)
    return compute_cost(P, Y, loss), compute_gradients(X, Y, P)
"""


def test_texts_that_the_file_sets_together_are_tried_so():
    together = TOGETHER + '\ndef run(X, Y, W):\n    train(X, Y, W, loss="each", out="sigmoid")\n'
    row = recognised(together)
    (both,) = row.variants
    assert (both.varied, both.value) == ("loss and out of {}", "'each' and 'sigmoid'")
    assert "forward(X, W, 'sigmoid'), Y, 'each')" in both.text
    assert both.convicts
    variants = of(TOGETHER)
    assert sorted(variants) == [("loss", "'each'"), ("out", "'sigmoid'")]
    assert not any(variant.text for variant in variants.values())


SWITCHED = """
import numpy as np

def forward(X, W, b, gamma, beta, batch_norm):
    S = W @ X + b
    if batch_norm:
        S = gamma * (S - S.mean(axis=1, keepdims=True)) / np.sqrt(S.var(axis=1, keepdims=True) + 1e-9) + beta
    return S

def compute_cost(X, Y, W, b, gamma, beta, lam, batch_norm):
    return np.mean((forward(X, W, b, gamma, beta, batch_norm) - Y) ** 2) + lam * np.sum(W ** 2)

def compute_gradients(X, Y, W, b, gamma, beta, lam, batch_norm):
    G = 2 * (forward(X, W, b, gamma, beta, batch_norm) - Y) / Y.size
    if not batch_norm:
        return G @ X.T + 2 * lam * W, G.sum(axis=1, keepdims=True), None, None
    S = W @ X + b
    sigma = np.sqrt(S.var(axis=1, keepdims=True) + 1e-9)
    hat = (S - S.mean(axis=1, keepdims=True)) / sigma
    dgamma, dbeta = (G * hat).sum(axis=1, keepdims=True), G.sum(axis=1, keepdims=True)
    D = G * gamma
    D = (D - D.mean(axis=1, keepdims=True) - hat * (D * hat).mean(axis=1, keepdims=True)) / sigma
    return D @ X.T + 2 * lam * W, D.sum(axis=1, keepdims=True), dgamma, dbeta

print(compute_gradients(X, Y, W, b, gamma, beta, lam, True))
"""


def test_without_batch_norm_there_are_no_scales_and_shifts():
    variant = of(SWITCHED)["batch_norm", "False"]
    assert variant.convicts
    assert "compute_gradients(X, Y, W, b, None, None, lam, False)" in variant.text
    assert "gamma" not in variant.text
    does_not_run = SWITCHED.replace("    S = W @ X + b\n    if", "    S = W @ X + b + 0 * gamma\n    if")
    assert not of(does_not_run)["batch_norm", "False"].text


HELD = """
import numpy as np

class Net:
    def __init__(self, d, K, norm=False, lam=0.1):
        self.W, self.b = np.random.randn(K, d), np.zeros((K, 1))
        self.gamma, self.beta, self.norm, self.lam = np.ones((K, 1)), np.zeros((K, 1)), norm, lam

    def forward(self, X):
        S = self.W @ X + self.b
        return self.gamma * (S - 1) ** 3 + self.beta if self.norm else S

    def compute_cost(self, X, Y):
        return np.mean((self.forward(X) - Y) ** 2) + self.lam * np.sum(self.W ** 2)

    def compute_gradients(self, X, Y):
        grads, G = {}, 2 * (self.forward(X) - Y) / Y.size
        if self.norm:
            S = self.W @ X + self.b
            grads["gamma"] = (G * (S - 1) ** 3).sum(axis=1, keepdims=True)
            grads["beta"] = G.sum(axis=1, keepdims=True)
            G = G * self.gamma * 3 * (S - 1) ** 2
        return grads | {"W": G @ X.T + 2 * self.lam * self.W, "b": G.sum(axis=1, keepdims=True)}
"""


def test_with_batch_norm_there_are_scales_and_shifts_again():
    # An l2 that the object is made with would be set on it as it is.
    variant = of(HELD.replace(", lam=0.1", "").replace("norm, lam\n", "norm, 0.1\n"))["norm", "True"]
    assert variant.convicts
    assert "gamma=gamma" in variant.text


SMOOTHED = """
import numpy as np

class Scores:
    def __init__(self, d, K, lr=0.1, smoothing=0.1):
        self.W = np.random.randn(d, K)
        self.lr, self.smoothing = lr, smoothing

    def shares(self, X):
        e = np.exp(X @ self.W)
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, X, y):
        return -np.mean(np.log(self.shares(X)[np.arange(len(y)), y]))

    def update(self, X, y):
        P = self.shares(X)
        self.W -= self.lr * X.T @ (P - np.eye(P.shape[1])[y] * (1 + self.smoothing)) / len(y)
"""


def test_what_only_the_gradient_has_at_the_default_of_the_file_is_not_checked():
    smoothing = of(SMOOTHED)["smoothing", "0.1"]
    assert (smoothing.text, smoothing.convicts) == ("", True)
    assert not of(SMOOTHED.replace("smoothing=0.1", "smoothing=0.0"))["smoothing", "0.1"].convicts
