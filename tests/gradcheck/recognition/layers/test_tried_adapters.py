"""Adapters as they are tried: backward passes that are written for dJ/dout with one entry that is not 0."""

import pytest

from support.layers import checked

CHANCES = """
class Chances:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) / n_in
        self.b = np.zeros(n_out)
    def forward(self, image):
        self.shape, self.v = image.shape, image.ravel()
        e = np.exp(self.v @ self.W + self.b)
        self.p = e / e.sum()
        return self.p
    def backward(self, dp, rate):
        for k, d in enumerate(dp):
            if d == 0:
                continue
            ds = -d * self.p[k] * self.p
            ds[k] += d * self.p[k]
            dv = self.W @ ds
            self.W -= rate * np.outer(self.v, ds)
            self.b -= rate * ds
            return dv.reshape(self.shape)
"""
PICKED = """
class Softmax:
    def forward(self, s):
        self.p = np.exp(s) / np.exp(s).sum()
        return self.p
    def backward(self, dp):
        k = np.flatnonzero(dp)[0]
        return dp[k] * self.p[k] * (np.eye(len(dp))[k] - self.p)
"""


@pytest.mark.parametrize(
    ("text", "part", "wrong"),
    [
        (CHANCES, "ds[k] += d * self.p[k]", "ds[k] = d * self.p[k]"),
        (CHANCES, "rate * np.outer(self.v, ds)", "rate * np.outer(self.v, ds) / 2"),
        (CHANCES, "dv = self.W @ ds", "dv = self.W @ self.p"),
        (PICKED, "- self.p)", "+ self.p)"),
        (PICKED, "[0]\n", "[0] * 0\n"),
    ],
)
def test_what_is_written_for_one_entry_is_right_as_far_and_its_twin_wrong(text, part, wrong):
    outcome, reading = checked(text)
    assert outcome.right
    assert reading.unchecked == ("dJ/dout with several entries that are not 0",)
    assert text.count(part) == 1
    assert checked(text.replace(part, wrong))[0].verdict == "wrong"


@pytest.mark.parametrize("part", ["return dx", "    return dx"])
def test_what_ends_after_one_sample_is_wrong(part):
    text = """
class Affine:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, dy):
        dx, self.dW = np.zeros_like(self.x), np.zeros_like(self.W)
        for i in range(len(dy)):
            dx[i] = self.W @ dy[i]
            self.dW += np.outer(self.x[i], dy[i])
        return dx
"""
    outcome, _ = checked(text.replace("return dx", part))
    assert outcome.right == (part == "return dx")
