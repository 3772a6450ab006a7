"""Files of layers alone: right ones are right, wrong ones wrong, what cannot be told is refused."""

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.recognition.layer_pairs import layers_of, only_layers
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.submissions import Conditions, check_file
from support.adapters import defined

CONDITIONS = Conditions(Limits(seconds=60), untrusted=False, explained=False)

AFFINE = """
def affine_forward(x, w, b):
    out = x @ w + b
    return out, (x, w, b)
def affine_backward(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""
COLUMNS = """
def linear_forward(A, W, b):
    return W @ A + b
def linear_backward(dZ, A, W, b):
    return {"dW": dZ @ A.T, "db": dZ.sum(axis=1, keepdims=True), "dA": W.T @ dZ}
"""
MEANS = """
def linear_forward(A_prev, W, b):
    return W @ A_prev + b, (A_prev, W, b)
def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m
"""
RELU = """
def relu(Z):
    return np.maximum(0, Z), Z
def relu_backward(cache, dA):
    return dA * (cache > 0)
"""
BATCH_NORM = """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param["mode"], bn_param.get("eps", 1e-5)
    mean, var = x.mean(axis=0), x.var(axis=0)
    hat = (x - mean) / np.sqrt(var + eps)
    bn_param["running_mean"] = mean
    return gamma * hat + beta, (hat, gamma, var, eps)
def batchnorm_backward(dout, cache):
    hat, gamma, var, eps = cache
    d = dout * gamma
    dx = (d - d.mean(axis=0) - hat * (d * hat).mean(axis=0)) / np.sqrt(var + eps)
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)
"""
CONVOLUTION = """
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, rows, columns), dtype=x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(columns):
                    window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                    out[n, f, i, j] = (window * w[f]).sum() + b[f]
    return out, (x, w, b, conv_param)
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), dout.sum(axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    rows, columns = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
                    dw[f] += padded[n, :, rows, columns] * dout[n, f, i, j]
                    dpadded[n, :, rows, columns] += w[f] * dout[n, f, i, j]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db
"""
CLASS = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in) * 0.01
        self.b = np.zeros((n_out, 1))
        self.grad_W, self.grad_b = np.zeros_like(self.W), np.zeros_like(self.b)
    def forward(self, X):
        self.X = X
        return self.W @ X + self.b
    def backward(self, grad):
        self.grad_W += grad @ self.X.T
        self.grad_b += grad.sum(axis=1, keepdims=True)
        return self.W.T @ grad
"""
DICTIONARIES = """
class Dense:
    def __init__(self, input_dim, output_dim):
        self.params = {"W": np.random.randn(input_dim, output_dim), "b": np.zeros(output_dim)}
        self.grads = {}
    def __call__(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]
    def backward_pass(self, dout):
        self.grads["W"], self.grads["b"] = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.params["W"].T
"""
CONV_CLASS = """
class Conv:
    def __init__(self, in_channels, out_channels, kernel_size):
        self.k = kernel_size
        self.weights = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
    def forward(self, inputs):
        self.inputs, k = inputs, self.k
        H, W = inputs.shape[2] - k + 1, inputs.shape[3] - k + 1
        out = np.zeros((len(inputs), len(self.weights), H, W), dtype=inputs.dtype)
        for i in range(k):
            for j in range(k):
                out += np.einsum("nchw,fc->nfhw", inputs[:, :, i : i + H, j : j + W], self.weights[:, :, i, j])
        return out
    def backward(self, dvalues):
        self.dweights, dinputs, k = np.zeros_like(self.weights), np.zeros_like(self.inputs), self.k
        H, W = dvalues.shape[2:]
        for i in range(k):
            for j in range(k):
                window = self.inputs[:, :, i : i + H, j : j + W]
                self.dweights[:, :, i, j] = np.einsum("nchw,nfhw->fc", window, dvalues)
                dinputs[:, :, i : i + H, j : j + W] += np.einsum("nfhw,fc->nchw", dvalues, self.weights[:, :, i, j])
        return dinputs
"""
DROPOUT = """
def dropout_forward(x, dropout_param):
    mask = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
    return x * mask, mask
def dropout_backward(dout, mask):
    return dout * mask
"""
HELD = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros((1, n_out))
    def _forward(self, x, param):
        return x @ param["W"] + param["b"], (x, param)
    def _backward(self, dy, cache):
        x, param = cache
        return dy @ param["W"].T, {"W": x.T @ dy, "b": dy.sum(axis=0, keepdims=True)}
"""
LAYERS = {
    "affine": (AFFINE, "dout.sum(axis=0)", "dout.mean(axis=0)"),
    "a dictionary of gradients": (COLUMNS, "dZ @ A.T", "2 * dZ @ A.T"),
    "means over the samples": (MEANS, "/ m, dZ.sum", ", dZ.sum"),
    "ReLU": (RELU, "dA * (cache > 0)", "dA * (cache < 0)"),
    "batch norm": (BATCH_NORM, " - d.mean(axis=0)", ""),
    "convolution": (CONVOLUTION, "dpadded[n, :, rows, columns] +=", "dpadded[n, :, rows, columns] ="),
    "an object": (CLASS, "self.W.T @ grad", "self.W.T @ grad / 7"),
    "dictionaries on an object": (DICTIONARIES, "dout.sum(axis=0)", "dout.mean(axis=0)"),
    "an object that convolves": (
        CONV_CLASS,
        '"nchw,nfhw->fc", window, dvalues',
        '"nchw,nfhw->fc", -window, dvalues',
    ),
    "random numbers": (DROPOUT, "dout * mask", "dout * (mask > 0)"),
    "a dictionary of parameters": (HELD, "x.T @ dy", "x.T @ dy / len(x)"),
}


def written(text, folder):
    path = folder / "layers.py"
    path.write_text(f"import numpy as np\n{text}")
    return path


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_by_itself_is_right_or_wrong(name, wrong, tmp_path):
    text, right_part, wrong_part = LAYERS[name]
    assert text.count(right_part) == 1
    path = written(text.replace(right_part, wrong_part) if wrong else text, tmp_path)
    outcome, adapter = check_file(path, CONDITIONS)
    assert outcome.verdict == ("wrong" if wrong else "right"), str(outcome)
    assert any(note.startswith("assumed layer ") for note in outcome.notes)
    path.write_text(f"{path.read_text()}\n\n{adapter}\n")
    declared, _ = check_file(path, CONDITIONS)
    assert declared.verdict == outcome.verdict


def test_every_gradient_of_an_object_is_checked(tmp_path):
    outcome, _ = check_file(written(CLASS, tmp_path), CONDITIONS)
    assert [(t.name, t.shape) for t in outcome.tensors] == [("X", (6, 7)), ("W", (3, 6)), ("b", (3, 1))]


def test_means_over_the_samples_and_layers_left_out_are_said(tmp_path):
    outcome, _ = check_file(written(MEANS + RELU, tmp_path), CONDITIONS)
    assert "the gradients of W, b are means over the 7 samples, that of the inputs is not" in outcome.notes
    assert "not checked: relu / relu_backward" in outcome.notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RELU.replace("dA * (cache > 0)", "1.0 * (cache > 0)"), "the same whatever dJ/dout is"),
        (AFFINE.replace("x.T @ dout", "x.T @ dout + 0.2 * w"), "may hold a penalty's"),
        (AFFINE.replace("x @ w + b\n", "x @ w\n"), "the output is the same whatever b may be"),
        (
            "def softmax_forward(x):\n    e = np.exp(x)\n    return e / e.sum(axis=1, keepdims=True), 0\n"
            "def softmax_backward(dout, cache):\n    return dout\n",
            "the loss that follows may have done this layer's part",
        ),
    ],
)
def test_what_may_be_right_all_the_same_is_refused(text, said, tmp_path):
    with pytest.raises(CheckError, match=said):
        check_file(written(text, tmp_path), CONDITIONS)


def test_what_a_stride_of_1_hides_is_seen(tmp_path):
    text = CONVOLUTION.replace("slice(i * stride, i * stride + HH)", "slice(i, i + HH)")
    outcome, _ = check_file(written(text, tmp_path), CONDITIONS)
    assert outcome.verdict == "wrong"
    assert any('"stride": 2' in note for note in outcome.notes)


def test_a_setting_that_the_backward_pass_alone_looks_up_is_given(tmp_path):
    head, backward = CONVOLUTION.split("def conv_backward_naive")
    text = (
        head.replace('conv_param["stride"]', 'conv_param.get("stride", 1)')
        + "def conv_backward_naive"
        + backward
    )
    outcome, _ = check_file(written(text, tmp_path), CONDITIONS)
    assert outcome.verdict == "right"
    assert any('"stride": 2' in note for note in outcome.notes)


def test_a_layer_of_square_images_alone_is_checked_at_these(tmp_path):
    text = CONVOLUTION.replace("    padded =", "    assert H == W\n    padded =", 1)
    outcome, _ = check_file(written(text, tmp_path), CONDITIONS)
    assert outcome.verdict == "right"
    assert outcome.tensors[0].shape == (2, 3, 5, 5)


def test_a_layer_of_one_sample_is_checked_at_one(tmp_path):
    text = """
def dense_forward(x, W):
    return W @ x
def dense_backward(dout, x, W):
    return W.T @ dout, np.outer(dout, x)
"""
    outcome, _ = check_file(written(text, tmp_path), CONDITIONS)
    assert outcome.verdict == "right"
    assert outcome.tensors[0].shape == (6, 1)


def test_a_backward_pass_that_takes_labels_or_a_rate_is_no_layers():
    for taken in ("Y", "learning_rate", "lam"):
        file = defined(f"def forward(X, W): return X @ W\ndef backward(dout, X, W, {taken}): return dout")
        assert layers_of(file) == []
        assert not only_layers(file)


def test_passes_belong_together_by_name():
    file = defined(
        "class Base:\n"
        "    def forward(self, x): return self._forward(x)\n"
        "    def backward(self, dout): return self._backward(dout)\n"
        "class Scale(Base):\n"
        "    def _forward(self, x): return 2 * x\n"
        "    def _backward(self, dout): return 2 * dout\n"
        "def relu_forward(x): return x\n"
        "def relu_backward_alt(dout, x): return dout\n"
        "def tanh_backward(dout, x): return dout\n"
    )
    assert sorted(layer.label for layer in layers_of(file)) == [
        "Scale._forward / Scale._backward",
        "Scale.forward / Scale.backward",
        "relu_forward / relu_backward_alt",
    ]
    assert only_layers(file)
    assert not only_layers(defined("def compute_gradients(X, Y, W): return W\n" + RELU))
