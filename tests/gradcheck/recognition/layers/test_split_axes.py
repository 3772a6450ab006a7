"""A number of groups divides the channels that it splits, also where what splits them runs without."""

import pytest

from support.layers import checked

NORM = """
class Norm:
    def __init__(self, channels, n_groups=2):
        self.n_groups = n_groups
        self.gain = np.ones(channels)
    def forward(self, x):
        n, c, h, w = x.shape
        xg = x.reshape(n, self.n_groups, -1)
        self.z = xg - xg.mean(axis=2, keepdims=True)
        return self.z.reshape(x.shape) * self.gain[:, None, None]
    def backward(self, dout):
        n, c, h, w = dout.shape
        m = c // self.n_groups * h * w
        self.dgain = (dout * self.z.reshape(dout.shape)).sum(axis=(0, 2, 3))
        d = (dout * self.gain[:, None, None]).reshape(n, self.n_groups, -1)
        return (d - d.sum(axis=2, keepdims=True) / m).reshape(dout.shape)
"""

BY_FUNCTIONS = """
def centre_forward(x, groups):
    xg = x.reshape(x.shape[0], groups, -1)
    return (xg - xg.mean(axis=2, keepdims=True)).reshape(x.shape), groups
def centre_backward(dout, groups):
    n, c, h, w = dout.shape
    d = dout.reshape(n, groups, -1)
    return (d - d.sum(axis=2, keepdims=True) / (c // groups * h * w)).reshape(dout.shape)
"""

WRITTEN_DOWN = NORM.replace(", n_groups=2", "").replace("= n_groups", "= 2")


@pytest.mark.parametrize("text", [NORM, BY_FUNCTIONS, WRITTEN_DOWN])
def test_groups_of_channels_are_of_equal_size(text):
    outcome, _ = checked(text)
    assert outcome.right
    wrong = text.replace("c // self.n_groups * h", "c * h").replace("c // groups * h", "c * h")
    assert checked(wrong)[0].verdict == "wrong"
