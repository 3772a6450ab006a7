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

LAYERS = {
    "heads and steps": (HEADS, "ds /= np.sqrt(self.d)", "ds /= self.d"),
    "dims alone": (NORM, "- d.mean(axis=0) -", "-"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_what_gives_as_many_numbers_as_it_takes_has_the_size_of_its_inputs(name, wrong):
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
