"""What the arguments of a layer's constructor get."""

import pytest

from support.layers import checked

HEADS = """
class Heads:
    def __init__(self, embed_dim=64, num_heads=4, seq_len=16):
        self.n, self.d = num_heads, embed_dim // num_heads
        self.Wq, self.Wk, self.Wv = (np.random.randn(embed_dim, embed_dim) for _ in range(3))
        self.later = np.triu(np.ones((seq_len, seq_len), dtype=bool), k=1)
    def split(self, a):
        return a.reshape(len(a), self.n, self.d).transpose(1, 0, 2)
    def joined(self, a):
        return a.transpose(1, 0, 2).reshape(a.shape[1], -1)
    def forward(self, x):
        self.x = x
        self.q, self.k, self.v = (self.split(x @ W) for W in (self.Wq, self.Wk, self.Wv))
        s = self.q @ self.k.transpose(0, 2, 1) / np.sqrt(self.d)
        s[:, self.later] = -1e9
        e = np.exp(s - s.max(axis=-1, keepdims=True))
        self.a = e / e.sum(axis=-1, keepdims=True)
        return self.joined(self.a @ self.v)
    def backward(self, dout):
        g = self.split(dout)
        da = g @ self.v.transpose(0, 2, 1)
        ds = self.a * (da - (da * self.a).sum(axis=-1, keepdims=True))
        ds[:, self.later] = 0
        ds /= np.sqrt(self.d)
        dq, dk = self.joined(ds @ self.k), self.joined(ds.transpose(0, 2, 1) @ self.q)
        dv = self.joined(self.a.transpose(0, 2, 1) @ g)
        self.dWq, self.dWk, self.dWv = self.x.T @ dq, self.x.T @ dk, self.x.T @ dv
        return dq @ self.Wq.T + dk @ self.Wk.T + dv @ self.Wv.T
"""

NORM = """
class Norm:
    def __init__(self, dims: int):
        self.gamma, self.bias = np.ones((1, dims)), np.zeros((1, dims))
        self.running_mean, self.running_var = np.zeros(0), np.zeros(0)
    def forward(self, x, train=True):
        if train:
            self.mean, self.var = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
            self.running_mean, self.running_var = self.mean, self.var
        else:
            self.mean, self.var = self.running_mean, self.running_var
        self.std = np.sqrt(self.var + 1e-3)
        self.n = (x - self.mean) / self.std
        return self.gamma * self.n + self.bias
    def backward(self, g):
        self.gamma_grad, self.bias_grad = (g * self.n).sum(axis=0, keepdims=True), g.sum(axis=0, keepdims=True)
        d = g * self.gamma
        return (d - d.mean(axis=0) - self.n * (d * self.n).mean(axis=0)) / self.std
"""

GROUPED = """
class Grouped:
    def __init__(self, num_channels, num_groups=2):
        assert num_channels % num_groups == 0
        self.g, self.scale = num_groups, np.ones(num_channels)
    def forward(self, x):
        n, c, h, w = x.shape
        self.x, self.s = x, x.reshape(n, self.g, -1).sum(axis=-1)
        return x * self.scale.reshape(1, -1, 1, 1) * np.repeat(self.s, c // self.g, axis=1)[:, :, None, None]
    def backward(self, d):
        n, c, h, w = d.shape
        each = np.repeat(self.s, c // self.g, axis=1)[:, :, None, None]
        of_sums = (d * self.x * self.scale.reshape(1, -1, 1, 1)).reshape(n, self.g, -1).sum(axis=-1)
        self.dscale = (d * self.x * each).sum(axis=(0, 2, 3))
        whole = np.repeat(of_sums, c // self.g, axis=1)[:, :, None, None]
        return d * self.scale.reshape(1, -1, 1, 1) * each + whole
"""

SQUEEZED = """
class Squeezed:
    def __init__(self, channels, reduced):
        self.W1, self.W2 = np.random.normal(size=(channels, reduced)), np.random.normal(size=(reduced, channels))
    def forward(self, x):
        self.x, self.m = x, x.mean(axis=(2, 3)) @ self.W1
        return x * (self.m @ self.W2)[:, :, None, None]
    def backward(self, d):
        dg = (d * self.x).sum(axis=(2, 3))
        self.dW2, dm = self.m.T @ dg, dg @ self.W2.T
        self.dW1 = self.x.mean(axis=(2, 3)).T @ dm
        size = self.x[0, 0].size
        return d * (self.m @ self.W2)[:, :, None, None] + (dm @ self.W1.T)[:, :, None, None] / size
"""

WEIGHTED = """
class Weighted:
    def __init__(self, alpha=None):
        self.alpha = alpha
    def forward(self, logits, labels):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        self.p, self.labels = e / e.sum(axis=1, keepdims=True), labels
        self.each = np.ones(len(labels)) if self.alpha is None else self.alpha[labels]
        return -np.mean(self.each * np.log(self.p[np.arange(len(labels)), labels]))
    def backward(self):
        d = self.p.copy()
        d[np.arange(len(d)), self.labels] -= 1
        return d * self.each[:, None] / len(d)
"""

LAYERS = {
    "heads and steps": (HEADS, "ds /= np.sqrt(self.d)", "ds /= self.d"),
    "dims alone": (NORM, "- d.mean(axis=0) -", "-"),
    "channels in groups": (GROUPED, "each + whole", "each"),
    "what no name tells of": (SQUEEZED, " / size", ""),
    "what may be left out": (WEIGHTED, "-= 1", "-= 2"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_what_a_constructor_asks_for_suits_the_inputs(name, wrong):
    text, right, mistake = LAYERS[name]
    assert right in text
    outcome, reading = checked(text.replace(right, mistake) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_a_kernel_with_a_number_for_default_is_given_as_a_pair_where_only_that_runs():
    text = """
class Window:
    def __init__(self, kernel_size=3):
        self.size = kernel_size[0] * kernel_size[1]
    def forward(self, x):
        self.x = x
        return x**2 / self.size
    def backward(self, d):
        return 2 * self.x * d / self.size
"""
    assert checked(text)[0].right


def test_a_length_is_a_number():
    text = """
class Cut:
    def __init__(self, bptt_length):
        self.most = bptt_length
    def forward(self, x):
        self.x = x
        return x**2 if self.most > 1 else x
    def backward(self, d):
        return 2 * self.x * d
"""
    assert checked(text)[0].right


def test_kernels_beside_a_kernel_size_are_so_many():
    text = """
class Conv:
    def __init__(self, kernels, kernel_size):
        self.W = np.random.randn(kernels, kernel_size)
    def forward(self, x):
        self.x, k = x, self.W.shape[1]
        return np.stack([sum(x[:, j : j + x.shape[1] - k + 1] * w[j] for j in range(k)) for w in self.W])
    def backward(self, d):
        k, g = self.W.shape[1], np.zeros_like(self.x)
        self.dW = np.zeros_like(self.W)
        for i, j in np.ndindex(self.W.shape):
            g[:, j : j + d.shape[2]] += d[i] * self.W[i, j]
            self.dW[i, j] = (d[i] * self.x[:, j : j + d.shape[2]]).sum()
        return g
"""
    outcome, reading = checked(text)
    assert outcome.right
    assert "kernels=4, kernel_size=3" in reading.notes[0]


OF_IMAGES = """
class Pool:
    def __init__(self, input_dim, filter_size):
        self.f = filter_size
        self.high, self.wide = input_dim[0] // filter_size[0], input_dim[1] // filter_size[1]
        self.channels = input_dim[-1]
    def forward(self, A):
        self.A = A
        out = np.zeros((len(A), self.high, self.wide, self.channels))
        for i in range(self.high):
            for j in range(self.wide):
                out[:, i, j] = self.window(A, i, j).max(axis=(1, 2))
        return out
    def window(self, A, i, j):
        return A[:, i * self.f[0]:(i + 1) * self.f[0], j * self.f[1]:(j + 1) * self.f[1]]
    def backward(self, dout):
        dA = np.zeros(self.A.shape)
        for i in range(self.high):
            for j in range(self.wide):
                part = self.window(self.A, i, j)
                mask = part == part.max(axis=(1, 2), keepdims=True)
                self.window(dA, i, j)[...] = mask * dout[:, i:i + 1, j:j + 1]
        return dA
"""


def test_a_size_in_which_something_is_looked_up_is_a_tuple():
    outcome, reading = checked(OF_IMAGES)
    assert outcome.right
    assert "input_dim=(3, 5, 7), filter_size=(3, 3)" in reading.text


KEEPS = """
class Steps:
    def __init__(self, w, stateful, hidden_size):
        self.w, self.stateful, self.size, self.h = w, stateful, hidden_size, None
    def forward(self, x):
        if not self.stateful or self.h is None:
            self.h = 0
        self.x = x
        return x * self.w
    def backward(self, dout):
        part = Part(self.size, self.w)
        self.dw = np.sum(dout * self.x)
        return part.backward(dout)
class Part:
    def __init__(self, size, w):
        self.w = w * size / size
    def backward(self, dout):
        return dout * self.w
"""


def test_what_says_whether_something_is_so_and_a_size_are_no_lists_of_layers():
    outcome, reading = checked(KEEPS)
    assert outcome.right
    assert "stateful=None, hidden_size=5" in reading.text


def test_k_beside_channels_is_the_side_of_a_kernel():
    text = """
class Conv:
    def __init__(self, in_ch, out_ch, k):
        self.k, self.W = k, np.random.randn(out_ch, in_ch, k, k)
    def forward(self, x):
        windows = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        self.windows, self.shape = windows, x.shape
        return np.einsum("nchwij,fcij->nfhw", windows, self.W)
    def backward(self, dout):
        self.dW = np.einsum("nchwij,nfhw->fcij", self.windows, dout)
        dx, (h, w) = np.zeros(self.shape), dout.shape[2:]
        for i in range(self.k):
            for j in range(self.k):
                dx[:, :, i:i + h, j:j + w] -= np.einsum("nfhw,fc->nchw", dout, self.W[:, :, i, j])
        return dx
"""
    outcome, reading = checked(text)
    assert outcome.verdict == "wrong"
    assert "Conv(in_ch=3, out_ch=4, k=3)" in ", ".join(reading.notes)


def test_what_numbers_are_drawn_with_is_no_object_of_settings():
    text = """
class Dense:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(size=(n_in, n_out)) / rng.uniform(1, 2)
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T
"""
    assert checked(text)[0].verdict == "right"
    assert checked(text.replace("dout @ self.W.T", "2 * dout @ self.W.T"))[0].verdict == "wrong"
