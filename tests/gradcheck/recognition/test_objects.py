"""Nets whose parameters are attributes: whole classes are checked, right ones and wrong ones."""

import pytest

from chainrule.gradcheck.recognition.objects import attributes_read, results, updates
from support.adapters import defined
from support.recognising import row_and_check
from support.samples import one_in

SCORES = """
import numpy as np
def softmax(s):
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0)
"""
LOADS = """
class Net:
    def __init__(self, loss="ce"):
        self.data = np.load("cifar.npz")
        self.loss, self.K = loss, 10
        self.weights, self.bias = make(self.data)
    def cost(self, X, Y, lam):
        P = softmax(self.weights @ X + self.bias)
        loss = -np.sum(Y * np.log(P)) if self.loss == "ce" else 0
        return loss / X.shape[1] + lam * np.sum(self.weights**2)
    def gradients(self, X, Y, lam):
        G = (softmax(self.weights @ X + self.bias) - Y) / X.shape[1]
        return G @ X.T + 2 * lam * self.weights, G.sum(axis=1, keepdims=True)
"""
STEPS = """
class Net:
    def __init__(self, X, Y, settings, W, b):
        self.X, self.Y, self.eta, self.lam, self.W, self.b = X, Y, settings[0], settings[1], W, b
    def evaluate(self):
        self.P = softmax(self.W @ self.X + self.b)
    def compute_cost(self):
        self.J = -np.sum(self.Y * np.log(self.P)) / self.X.shape[1] + self.lam * np.sum(self.W**2)
        return [self.J, self.P]
    def compute_gradients(self):
        self.evaluate()
        G = (self.P - self.Y) / self.X.shape[1]
        self.grad_W = G @ self.X.T + 2 * self.lam * self.W
        self.grad_b = G.sum(axis=1, keepdims=True)
"""
UPDATES = """
class Net:
    def __init__(self, d, K, eta=0.1):
        self.W, self.b, self.eta = np.zeros((K, d)), np.zeros((K, 1)), eta
    def cost(self, X, Y):
        return -np.sum(Y * np.log(softmax(self.W @ X + self.b))) / X.shape[1]
    def train_batch(self, X, Y):
        G = (softmax(self.W @ X + self.b) - Y) / X.shape[1]
        self.W -= self.eta * (G @ X.T)
        self.b -= self.eta * G.sum(axis=1, keepdims=True)
"""
LAYERS = """
class Net:
    def __init__(self, training, validation, reg, use_mask=True):
        self.training, self.validation, self.reg = training, validation, reg
        self.use_mask = use_mask
        self.model = []
    def add(self, n_in, n_out):
        self.model.append({"W": np.zeros((n_out, n_in)), "b": np.zeros((n_out, 1)), "speed": 0})
    def forward(self, X, mode="test"):
        for layer in self.model[:-1]:
            layer["in"] = X
            X = np.maximum(layer["W"] @ X + layer["b"], 0)
        last = self.model[-1]
        last["in"] = X
        return softmax(last["W"] @ X + last["b"])
    def cost(self, X, Y):
        squares = sum(np.sum(layer["W"] ** 2) for layer in self.model)
        return -np.sum(Y * np.log(self.forward(X))) / X.shape[1] + self.reg * squares
    def gradients(self, X, Y, P):
        G, grads = (P - Y) / X.shape[1], []
        for layer in reversed(self.model):
            own = {"W": G @ layer["in"].T + 2 * self.reg * layer["W"], "b": G.sum(axis=1, keepdims=True)}
            grads.insert(0, own)
            G = layer["W"].T @ G * (layer["in"] > 0 if self.use_mask else 1)
        return grads
    def fit(self):
        P = self.forward(self.training.X, mode="train")
        return self.gradients(self.training.X, self.training.Y, P)
"""
FIXED_BATCH = """
class Net:
    def __init__(self, d, K, batch_size=100):
        self.W, self.b, self.batch_size = np.ones((K, d)), np.zeros((K, 1)), batch_size
    def cost(self, X, Y):
        return -np.sum(Y * np.log(softmax(self.W @ X + self.b))) / X.shape[1]
    def gradients(self, X, Y):
        G = (softmax(self.W @ X + self.b) - Y) / self.batch_size
        return G @ X.T, G.sum(axis=1, keepdims=True)
"""

WHOLE_BATCHES = """
class Net:
    def __init__(self, d, K, eta=0.1):
        self.W, self.b, self.eta = 0.1 * np.random.randn(K, d), np.zeros((K, 1)), eta
    def cost(self, X, Y):
        return -np.sum(Y * np.log(softmax(self.W @ X + self.b))) / X.shape[1]
    def train(self, X, Y, epochs=10, mini_batch_size=100):
        for _ in range(epochs):
            for i in range(X.shape[1] // mini_batch_size):
                part = slice(i * mini_batch_size, (i + 1) * mini_batch_size)
                G = (softmax(self.W @ X[:, part] + self.b) - Y[:, part]) / mini_batch_size
                self.W -= self.eta * (G @ X[:, part].T)
                self.b -= self.eta * G.sum(axis=1, keepdims=True)
"""

COMPUTES_IN_LINE = """
class Net:
    def __init__(self, X_train, Y_train, **settings):
        self.lam, self.batch_size, self.h_size, self.rate = 0.1, 100, 50, settings.get("rate", 0.1)
        self.w1 = np.random.randn(self.h_size, len(X_train)) / 9
        self.w2 = np.random.randn(len(Y_train), self.h_size) / 9
    def cost(self, X, y_actual):
        P = softmax(self.w2 @ np.maximum(0, self.w1 @ X))
        return -np.sum(y_actual * np.log(P)) / X.shape[1] + self.lam * (np.sum(self.w1**2) + np.sum(self.w2**2))
    def gradients(self, X_batch, y_true_batch, y_pred, hidden):
        G = (y_pred - y_true_batch) / self.batch_size
        grad_w2 = G @ hidden.T + 2 * self.lam * self.w2
        G = (self.w2.T @ G) * (hidden > 0)
        return G @ X_batch.T + 2 * self.lam * self.w1, grad_w2
    def gradient_by_limits(self, X, Y):
        grad_w1 = np.zeros((self.h_size, len(X)))
        return grad_w1 + (self.cost(X, Y) - self.cost(X, Y)) / self.h_parameter
    def fit(self, X, Y):
        for i in range(X.shape[1] // self.batch_size):
            X_batch, Y_batch = X[:, i * self.batch_size:], Y[:, i * self.batch_size:]
            hidden = np.maximum(0, np.dot(self.w1, X_batch))
            P = softmax(np.dot(self.w2, hidden))
            grad_w1, grad_w2 = self.gradients(X_batch, Y_batch, P, hidden)
            self.w1 = self.w1 - self.rate * grad_w1
            self.w2 = self.w2 - self.rate * grad_w2
"""

TAKES_AND_READS = """
class Net:
    def __init__(self, layers, lam=0.1):
        self.lam, self.x, self.W = lam, [], [np.ones((m, n)) for n, m in zip(layers, layers[1:])]
    def evaluate(self, X, W, b):
        self.x.clear()
        self.x.append(X)
        for w, c in zip(W[:-1], b):
            self.x.append(np.maximum(0, w @ self.x[-1] + c))
        return softmax(W[-1] @ self.x[-1] + b[-1])
    def cost(self, X, Y, W, b):
        return -np.sum(Y * np.log(self.evaluate(X, W, b))) / X.shape[1] + self.lam * sum(np.sum(w**2) for w in W)
    def gradients(self, P, Y, bsize):
        G, dW, db = P - Y, [], []
        for x, w in zip(self.x[::-1], self.W[::-1]):
            dW.insert(0, G @ x.T / bsize + 2 * self.lam * w)
            db.insert(0, G.sum(axis=1, keepdims=True) / bsize)
            G = (w.T @ G) * (x > 0)
        return dW, db
"""

LEAVES_WHAT_IT_COMPUTES_OF_ARGUMENTS = """
class Net:
    def __init__(self, path, l2_penalty):
        self.path, self.l2_penalty = path, l2_penalty
    def cost(self, X_matrix, Y_matrix, W, b):
        loss = -np.sum(Y_matrix * np.log(softmax(W @ X_matrix + b))) / X_matrix.shape[1]
        return loss, loss + self.l2_penalty * np.sum(W**2)
    def gradients(self, X_matrix, Y_matrix, W, b):
        G = softmax(W @ X_matrix + b) - Y_matrix
        self.gradW = G @ X_matrix.T / X_matrix.shape[1] + 2 * self.l2_penalty * W
        self.gradb = G.sum(axis=1, keepdims=True) / X_matrix.shape[1]
    def gradients_by_limits(self, X_matrix, Y_matrix, W, b, h):
        c, gradW, gradb = self.cost(X_matrix, Y_matrix, W, b)[0], np.zeros_like(W), np.zeros_like(b)
        for grad, of in ((gradW, W), (gradb, b)):
            for at in np.ndindex(of.shape):
                of[at] += h
                grad[at] = (self.cost(X_matrix, Y_matrix, W, b)[0] - c) / h
                of[at] -= h
        return gradW, gradb
"""

GIVEN_LATER = """
class Net:
    def __init__(self, n_hidden, D, K):
        self.D, self.n_hidden, self.K, self.n_layers = D, n_hidden, K, len(n_hidden) + 1
    def initialise(self):
        sizes = [self.D] + self.n_hidden + [self.K]
        self.W = [np.random.randn(m, n) for n, m in zip(sizes, sizes[1:])]
        self.b = [np.zeros((m, 1)) for m in sizes[1:]]
    def evaluate(self, X, mode):
        H = [X if mode == "train" else X[:, ::1]]
        for i in range(self.n_layers - 1):
            s = self.W[i] @ H[i] + self.b[i]
            H.append(np.maximum(s, 0) if self.rectified else np.tanh(s))
        return softmax(self.W[-1] @ H[-1] + self.b[-1]), H
    def cost(self, X, Y, lam, mode):
        P, _ = self.evaluate(X, mode)
        return -np.sum(Y * np.log(P)) / X.shape[1] + lam * sum(np.sum(w**2) for w in self.W)
    def gradients(self, X, Y, lam):
        P, H = self.evaluate(X, mode="train")
        G, dW, db = (P - Y) / X.shape[1], [], []
        for i in reversed(range(self.n_layers)):
            dW.insert(0, G @ H[i].T + 2 * lam * self.W[i])
            db.insert(0, G.sum(axis=1, keepdims=True))
            G = (self.W[i].T @ G) * (H[i] > 0 if self.rectified else 1 - H[i] ** 2)
        return [dW, db]
    def train(self, X, Y, epochs=20, rectified=False):
        self.rectified = rectified
        self.initialise()
"""

COUNTS_LAYERS = """
class Layer:
    def __init__(self, d_in, d_out, W, b):
        self.d_in, self.d_out, self.W, self.b, self.input = d_in, d_out, W, b, None
        self.grad_W, self.grad_b = None, None
class Net:
    def __init__(self, k=2, dims=[3072, 50, 10], lamda=0):
        self.k, self.lamda, self.dims, self.layers = k, lamda, dims, []
        for i in range(k):
            n, m = dims[i], dims[i + 1]
            self.layers.append(Layer(n, m, np.random.randn(m, n) / 9, np.zeros((m, 1))))
    def forward(self, X):
        for layer in self.layers:
            layer.input = X.copy()
            X = np.maximum(0, layer.W @ layer.input + layer.b)
        return softmax(layer.W @ layer.input + layer.b)
    def cost(self, X, Y):
        loss = -np.sum(np.log(np.sum(Y * self.forward(X), axis=0))) / X.shape[1]
        return loss, loss + self.lamda * np.sum([np.sum(layer.W**2) for layer in self.layers])
    def gradients(self, X, Y, P):
        G = -(Y - P)
        for layer in reversed(self.layers):
            layer.grad_W = G @ layer.input.T / X.shape[1] + 2 * self.lamda * layer.W
            layer.grad_b = np.sum(G, axis=1).reshape(layer.d_out, 1) / X.shape[1]
            G = (layer.W.T @ G) * (layer.input > 0)
"""

SPREAD = """
class Net:
    def __init__(self, data, shapes, GD_params, la, BN):
        for key, value in data.items():
            setattr(self, key, value)
        for key, value in GD_params.items():
            setattr(self, key, value)
        self.la, self.BN, self.layers, self.W, self.b = la, BN, shapes, [], []
        for shape in self.layers:
            self.W.append(np.random.randn(*shape))
            self.b.append(np.zeros((shape[0], 1)))
        self.mean = np.mean(self.X_train, axis=1)
        self.X_train, self.X_val = self.X_train - self.mean[:, None], self.X_val - self.mean[:, None]
        self.batches = self.Y_train.shape[1] // self.batch_size
    def evaluate(self, X):
        H = [X]
        for W, b in zip(self.W[:-1], self.b):
            s = W @ H[-1] + b
            H.append(np.maximum(0, s - s.mean(axis=1, keepdims=True) if self.BN else s))
        return softmax(self.W[-1] @ H[-1] + self.b[-1]), H
    def cost(self, X, Y):
        return -np.sum(Y * np.log(self.evaluate(X)[0])) / X.shape[1] + self.la * sum(np.sum(w**2) for w in self.W)
    def gradients(self, X, Y):
        P, H = self.evaluate(X)
        G, grad = (P - Y) / X.shape[1], {"W": [], "b": []}
        for W, h in zip(self.W[::-1], H[::-1]):
            grad["W"].insert(0, G @ h.T + 2 * self.la * W)
            grad["b"].insert(0, G.sum(axis=1, keepdims=True))
            G = (W.T @ G) * (h > 0)
            G = G - G.mean(axis=1, keepdims=True) if self.BN else G
        return grad
"""


NETS = {
    "given later": GIVEN_LATER, "counts layers": COUNTS_LAYERS, "spread": SPREAD,
    "leaves what it computes": LEAVES_WHAT_IT_COMPUTES_OF_ARGUMENTS,
    "takes and reads": TAKES_AND_READS,
    "computes in line": COMPUTES_IN_LINE,
    "layers": LAYERS,
    "loads": LOADS, "steps": STEPS, "updates": UPDATES, "fixed batch": FIXED_BATCH, "whole batches": WHOLE_BATCHES,
}  # fmt: skip
WRONG = [
    ("2 * lam *", "lam *"), ("2 * self.lamda", "self.lamda"), ("(P - Y) / X.shape[1], {", "P - Y, {"),
    (" - Y)", " + Y)"), ("- self.Y)", "+ self.Y)"),
    ("* (x > 0)", "* (x < 0)"), ("(y_pred - y", "(2 * y_pred - y"),
    ("- Y[:, part])", "+ Y[:, part])"), ("2 * self.reg", "self.reg"),
    ('(layer["in"] > 0 if self.use_mask else 1)', "1"), ("2 * self.l2_penalty", "self.l2_penalty"),
]  # fmt: skip


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
def test_a_class_in_its_own_style_is_right(net):
    _, outcome = row_and_check(SCORES + net)
    assert outcome.right, str(outcome)


@pytest.mark.parametrize(
    ("net", "old", "new"),
    one_in(2, [(name, old, new) for old, new in WRONG for name, net in NETS.items() if old in net]),
)
def test_a_mistake_in_it_is_wrong(net, old, new):
    _, outcome = row_and_check(SCORES + NETS[net].replace(old, new))
    assert outcome.verdict == "wrong", str(outcome)


def test_what_one_method_leaves_the_next_need_not_be_given():
    file = defined(
        "class Net:\n    def cost(self, X):\n        self.P = self.W @ X\n        return self.P\n"
        "    def gradient(self, Y): return self.P - Y + self.lam\n"
    )
    cost, gradient = file.functions
    assert attributes_read(file, [cost, gradient]) == ["W", "lam"]
    assert attributes_read(file, [gradient]) == ["P", "lam"]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("self.grad_W = 1; self.db = 2", {"W": "grad_W", "b": "db"}),
        ("self.W_grad = 1; self.b_grad = 2", {"W": "W_grad", "b": "b_grad"}),
        ("self.dW = 1", {}),
    ],
)
def test_gradients_left_on_the_object_are_found_by_name(body, left):
    file = defined(f"class Net:\n    def gradient(self):\n        {body}\n")
    assert results(file, file.functions[0], {"W": "", "b": ""}) == left


def test_a_method_that_only_keeps_what_it_is_given_takes_no_step():
    file = defined("""
class Loss:
    def penalty_loss(self):
        return sum((layer.W**2).sum() for layer in self.trainable)
    def remember_trainable_layers(self, trainable):
        self.trainable = trainable
    def train_step(self, rate):
        self.layer.W -= rate * self.layer.dW
""")
    assert [f.name for f in updates(file, file.functions[0])] == ["train_step"]


WORDS = f"""{SCORES}
class Word2Vec:
    def __init__(self):
        self.N, self.alpha = 10, 0.09
    def begin(self, vocab_size):
        self.vocab_size = vocab_size
        self.W1, self.W2 = np.random.rand(vocab_size, self.N), np.random.rand(self.N, vocab_size)
    def feed_forward(self, X):
        X = np.array(X).T
        assert len(X) == self.vocab_size
        self.h = self.W1.T @ X
        self.y_hat = softmax(self.W2.T @ self.h)
        assert len(self.y_hat) == self.vocab_size
        return self.y_hat
    def backpropagate(self, x, t):
        e = self.y_hat - np.array(t).T
        self.grad_W2 = self.h @ e.T
        self.grad_W1 = np.array(x).T @ (self.W2 @ e).T
        self.W1 = self.W1 - self.alpha * self.grad_W1
        self.W2 = self.W2 - self.alpha * self.grad_W2
"""


def test_alpha_is_the_rate_of_the_step_that_a_backward_pass_takes_itself():
    row, outcome = row_and_check(WORDS)
    assert outcome.right
    # Words are given for words.
    assert [tensor.shape for tensor in outcome.tensors] == [(6, 5), (5, 6)]
    assert row.is_assumed


def test_a_method_that_loads_parameters_takes_no_step():
    loads = "    def load(self, path):\n        kept = np.load(path)\n        self.W, self.b = kept['W'], kept['b']\n"
    file = defined(UPDATES + loads)
    assert [f.name for f in updates(file, file.functions[0])] == ["train_batch"]
