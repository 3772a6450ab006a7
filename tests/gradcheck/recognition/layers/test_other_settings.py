"""What a layer may be set to otherwise."""

import pytest

from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.objects import MadeLayer
from chainrule.gradcheck.recognition.layers.other_settings import of_call
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.shapes import layouts
from support.adapters import defined
from support.layers import checked, found, read, variants

PASSES = """
def step_forward(x, stride=1, train=True, hard=False, rho=0.0):
    return x, (stride, hard, rho)

def step_backward(dout, cache, reg=0.0, twice=False):
    stride, hard, rho = cache
    return dout + rho if hard else dout
"""


def plan(text, made=""):
    """Of the only layer of a text."""
    file = defined(text)
    (layer,) = layers_of(file)
    return LayerPlan(layer, called_with(layer, file, {}), next(layouts()), MadeLayer(made), file)


def settings(every):
    return {setting.name: (setting.given, setting.value, setting.convicts) for setting in every}


def test_what_both_passes_take_may_be_otherwise_and_of_the_backward_pass_alone_the_weight_of_a_penalty():
    assert settings(of_call(plan(PASSES), {})) == {
        "stride": ("2", "1", True),
        "train": ("True", "False", False),
        "hard": ("False", "True", True),
        "rho": ("0.0", "0.1", True),
        "reg": ("0.0", "0.1", True),
    }


CONVOLUTION = """
import numpy as np

def conv_forward(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    H, W = (x_pad.shape[1] - 3) // s + 1, (x_pad.shape[2] - 3) // s + 1
    out = np.zeros((x.shape[0], H, W, w.shape[3]))
    for i in range(H):
        for j in range(W):
            out[:, i, j] = np.tensordot(x_pad[:, i * s:i * s + 3, j * s:j * s + 3], w, 3) + b
    return out, (x, w, conv_param)

def conv_backward(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    dx, dw = np.zeros_like(x_pad), np.zeros_like(w)
    for i in range(dout.shape[1]):
        for j in range(dout.shape[2]):
            part = np.s_[:, i * s:i * s + 3, j * s:j * s + 3]
            dw += np.tensordot(x_pad[part], dout[:, i, j], ((0,), (0,)))
            dx[part] += np.tensordot(dout[:, i, j], w, ((1,), (3,)))
    return dx[:, p:dx.shape[1] - p, p:dx.shape[2] - p], dw, dout.sum(axis=(0, 1, 2))
"""

EVEN = {("w", "(2, 2, 3, 4)"): "", ("w", "(3, 2, 3, 4)"): "", ("w", "(3, 3, 6, 4)"): "right"}
"""Kernels of an even size, with which the convolution does not run."""


def test_a_convolution_is_tried_with_another_stride_and_padding():
    assert variants(CONVOLUTION) == {("stride", "1"): "right", ("pad", "0"): "right"} | EVEN


@pytest.mark.parametrize(
    ("right", "wrong", "verdicts"),
    [
        (
            "dx[:, p:dx.shape[1] - p, p:dx.shape[2] - p]",
            "dx[:, 1:-1, 1:-1]",
            {("stride", "1"): "right", ("pad", "0"): "wrong"},
        ),
        (
            "dw, dout.sum",
            "dw * (p if s > 1 else 2), dout.sum",
            {("stride", "1"): "wrong", ("pad", "0"): "wrong"},
        ),
    ],
)
def test_what_is_wrong_with_another_setting_is_wrong(right, wrong, verdicts):
    assert variants(CONVOLUTION.replace(right, wrong)) == verdicts | EVEN


def test_what_does_not_run_with_another_setting_is_named():
    assert (
        variants(CONVOLUTION.replace("s, p = ", 'assert conv_param["pad"]\n    s, p = '))
        == {
            ("stride", "1"): "right",
            ("pad", "0"): "",
        }
        | EVEN
    )


def test_what_the_forward_pass_itself_refuses_leaves_nothing_unchecked():
    def of_padding(text):
        return [variant for variant in found(text).variants if variant.varied == "pad of {}"]

    refused = CONVOLUTION.replace("s, p = ", 'assert conv_param["pad"]\n    s, p = ', 1)
    (variant,) = of_padding(refused)
    assert (variant.convicts, variant.why[:15]) == (False, "it does not run")
    (variant,) = of_padding(CONVOLUTION.replace("return dx[:,", "assert p\n    return dx[:,"))
    assert (variant.convicts, variant.why[:31]) == (True, "its backward pass does not run:")


LABELLED = """
import numpy as np

class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        k = t.argmax(axis=1) if t.size == self.y.size else t
        return -np.log(self.y[np.arange(len(k)), k]).mean()

    def backward(self, dout=1):
        n = self.t.shape[0]
        if self.t.size == self.y.size:
            return (self.y - self.t) / n
        dx = self.y.copy()
        dx[np.arange(n), self.t] -= 1
        return dx / n
"""


@pytest.mark.parametrize(
    ("right", "wrong", "value"),
    [
        ("(self.y - self.t) / n", "(self.y - self.t)", "one-hot vectors"),
        ("(self.y - self.t) / n", "(self.t - self.y) / n", "one-hot vectors"),
        ("-= 1", "-= 2", "class indices"),
    ],
)
def test_labels_are_tried_as_class_indices_and_as_one_hot_vectors(right, wrong, value):
    assert variants(LABELLED) == {("t", "class indices"): "right"}
    assert variants(LABELLED.replace(right, wrong)) == {("t", value): "wrong"}


def test_labels_in_a_form_that_a_layer_does_not_take_are_not_tried():
    only = LABELLED.replace("t.argmax(axis=1) if t.size == self.y.size else t", "t.argmax(axis=1)")
    assert variants(only) == {}


GROUPS = """
import numpy as np
def gn_forward(x, gamma, beta, G):
    N, C, H, W = x.shape
    xg = x.reshape(N, G, C // G, H, W)
    std = np.sqrt(xg.var(axis=(2, 3, 4), keepdims=True) + 1e-5)
    xhat = ((xg - xg.mean(axis=(2, 3, 4), keepdims=True)) / std).reshape(x.shape)
    return gamma[:, None, None] * xhat + beta[:, None, None], (xhat, std, gamma, G)
def gn_backward(dout, cache):
    xhat, std, gamma, G = cache
    N, C, H, W = dout.shape
    m = C // G * H * W
    d = (dout * gamma[:, None, None]).reshape(N, G, C // G, H, W)
    h = xhat.reshape(d.shape)
    t1, t2 = d.sum(axis=(2, 3, 4), keepdims=True), (d * h).sum(axis=(2, 3, 4), keepdims=True)
    dx = ((d - (t1 + h * t2) / m) / std).reshape(dout.shape)
    return dx, (dout * xhat).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))
"""


def test_groups_have_several_channels_where_their_number_is_a_capital():
    assert checked(GROUPS)[0].right
    assert checked(GROUPS.replace("m = C // G * H * W", "m = H * W"))[0].verdict == "wrong"


SPREAD = """
import numpy as np
def spread_forward(x, b, w, stride=2, pad=0):
    "x (L,), b (M,), w (K,)"
    K, L = len(w), len(x)
    full = np.zeros((L - 1) * stride + K)
    for i in range(L):
        full[i * stride:i * stride + K] += x[i] * w
    return full[pad:len(full) - pad] + b.sum(), (x, b, w, stride, pad)
def spread_backward(dout, cache):
    x, b, w, stride, pad = cache
    d, K = np.pad(dout, (pad, pad)), len(w)
    dx = np.array([d[i * stride:i * stride + K] @ w for i in range(len(x))])
    dw = sum(x[i] * d[i * stride:i * stride + K] for i in range(len(x)))
    return dx, dout.sum() * np.ones_like(b), dw
"""


def test_another_padding_convicts_whatever_the_stride():
    texts = SPREAD, SPREAD.replace("(pad, pad)", "(0, 2 * pad)")
    told = [[(v.varied, v.value, v.convicts) for v in read(text)[0][0].variants] for text in texts]
    assert told[0] == told[1]
    assert ("pad of {}", "1", True) in told[0]


DIVIDED = """
import numpy as np

def conv_forward(x, w):
    (N, C, H, W), (F, _, K, L) = x.shape, w.shape
    out = np.zeros((N, F, H - K + 1, W - L + 1))
    for i, j in np.ndindex(out.shape[2:]):
        out[:, :, i, j] = np.tensordot(x[:, :, i:i + K, j:j + L], w, ((1, 2, 3), (1, 2, 3))) / (C * K)
    return out, (x, w)

def conv_backward(dout, cache):
    x, w = cache
    (N, C, H, W), (F, _, K, L) = x.shape, w.shape
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j in np.ndindex(dout.shape[2:]):
        d = dout[:, :, i, j]
        dx[:, :, i:i + K, j:j + L] += np.tensordot(d, w, (1, 0)) / (C * K)
        dw += np.tensordot(d, x[:, :, i:i + K, j:j + L], (0, 0)) / (C * K)
    return dx, dw
"""


def test_kernels_of_other_numbers_of_channels_and_that_are_no_squares_are_tried():
    every = {("w", f"(4, {sizes})"): "right" for sizes in ("6, 3, 3", "3, 2, 2", "3, 3, 2")}
    assert variants(DIVIDED) == every
    wrong = variants(DIVIDED.replace("(0, 0)) / (C * K)", "(0, 0)) / (K * L)"))
    assert wrong["w", "(4, 6, 3, 3)"] == "wrong"


POOLED = """
import numpy as np

def pool_forward(x, param):
    a, b, s = param["pool_height"], param["pool_width"], param["stride"]
    out = np.zeros((*x.shape[:2], 1 + (x.shape[2] - a) // s, 1 + (x.shape[3] - b) // s))
    for i, j in np.ndindex(out.shape[2:]):
        out[:, :, i, j] = x[:, :, i * s:i * s + a, j * s:j * s + b].mean((2, 3))
    return out, (x, param)

def pool_backward(dout, cache):
    x, param = cache
    a, b, s = param["pool_height"], param["pool_width"], param["stride"]
    dx = np.zeros_like(x)
    for i, j in np.ndindex(dout.shape[2:]):
        dx[:, :, i * s:i * s + a, j * s:j * s + b] += dout[:, :, i, j, None, None] / (a * b)
    return dx
"""


def test_windows_that_are_no_squares_are_tried():
    assert variants(POOLED)["pool_width", "3"] == "right"
    assert variants(POOLED.replace("(a * b)", "(a * a)"))["pool_width", "3"] == "wrong"


GROUPED = """
def scale_forward(x, groups=2):
    return x * groups, groups

def scale_backward(dout, groups):
    return dout * groups
"""


def test_another_number_of_groups_is_tried():
    assert variants(GROUPED) == {("groups", "3"): "right"}
    assert variants(GROUPED.replace("dout * groups", "dout * 2 + 0 * groups")) == {("groups", "3"): "wrong"}
