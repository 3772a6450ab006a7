"""Layers are tried with another stride, another padding, other texts of their constructors."""

from __future__ import annotations

import linecache

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.layers.reading import readings
from support.adapters import defined
from support.layers import checked, read

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

OBJECT = """
import numpy as np

class Activation:
    def __init__(self, kind="tanh"):
        self.kind = kind

    def forward(self, x):
        self.x = x
        return np.tanh(x) if self.kind == "tanh" else x ** (2 if self.kind == "square" else 1)

    def backward(self, dout):
        return dout * (1 - np.tanh(self.x) ** 2 if self.kind == "tanh" else 2 * self.x)
"""


def found(text, namespace=None):
    """What the only layer of a text is read as."""
    namespace = {} if namespace is None else namespace
    linecache.cache["layers.py"] = len(text), None, text.splitlines(keepends=True), "layers.py"
    exec(compile(text, "layers.py", "exec"), namespace)
    (reading,) = readings(defined(text), namespace, 0)
    return reading


def variants(text):
    """Those of the only layer of a text, each with the verdict of a check; None for what cannot be tried."""
    namespace = {"np": np}
    reading = found(text, namespace)
    programs = {
        (v.varied.partition(" ")[0], v.value): v.text
        and adapter.declared(v.text, namespace, np.random.default_rng(0))
        for v in reading.variants
    }
    return {key: program and check(program, explained=False).verdict for key, program in programs.items()}


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


def test_a_text_of_the_constructor_is_tried_where_it_makes_a_difference():
    assert variants(OBJECT) == {("kind", "'square'"): "right"}
    assert variants(OBJECT.replace("else 2 *", "else 3 *")) == {("kind", "'square'"): "wrong"}
    same = OBJECT.replace('np.tanh(x) if self.kind == "tanh" else ', "").replace("else 1)", "else 2)")
    same = same.replace('1 - np.tanh(self.x) ** 2 if self.kind == "tanh" else ', "")
    assert variants(same) == {}


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


def test_what_predicts_needs_no_way_back_unless_this_looks_at_the_mode():
    text = """
import numpy as np

def centre_forward(x, mode="train"):
    if mode == "test":
        return x - 0.5, None
    return x - x.mean(axis=0), x.shape

def centre_backward(dout, cache):
    N, D = cache
    return dout - dout.mean(axis=0)
"""
    (variant,) = found(text).variants
    assert (variant.value, variant.why[:31], variant.convicts) == (
        '"test"',
        "its backward pass does not run:",
        False,
    )
    looks = text.replace("x.shape", "(*x.shape, mode)").replace(
        "N, D = cache", "N, D, mode = cache; assert mode"
    )
    (variant,) = found(looks).variants
    assert variant.convicts


NORMALISED = """
import numpy as np

def unit_forward(x, axis=1):
    norm = np.sqrt((x * x).sum(axis=axis, keepdims=True))
    u = x / norm
    return u, (u, norm, axis)

def unit_backward(dy, cache):
    u, norm, axis = cache
    others = tuple(i for i in range(dy.ndim) if i != axis)
    assert len(others) == 1
    return (dy - u * (dy * u).sum(axis=axis, keepdims=True)) / norm
"""


def test_an_axis_stays_at_its_default_and_is_tried_as_another():
    assert variants(NORMALISED) == {("axis", "0"): "right"}
    assert variants(NORMALISED.replace("* u).sum(axis=axis", "* u).sum(axis=1")) == {("axis", "0"): "wrong"}


def test_an_axis_at_which_the_backward_pass_never_looks_does_not_convict():
    without = NORMALISED.replace("u, norm, axis", "u, norm").replace("i != axis", "i != 1")
    without = without.replace("* u).sum(axis=axis", "* u).sum(axis=1")
    (variant,) = found(without).variants
    assert (variant.value, variant.convicts) == ("0", False)


def test_a_mode_that_the_cache_holds_is_tried():
    text = """
import numpy as np

def drop_forward(x, train=True):
    mask = (np.random.rand(*x.shape) < 0.5) / 0.5
    return (x * mask if train else x), (mask, train)

def drop_backward(dout, cache):
    mask, train = cache
    return dout * mask if train else dout
"""
    assert variants(text) == {("train", "False"): "right"}
    assert variants(text.replace("else dout", "else 2 * dout")) == {("train", "False"): "wrong"}


BLOCK = """
import numpy as np

class Block:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self.S = np.random.randn(n_in, n_out) if n_in != n_out else None

    def forward(self, x):
        self.x = x
        return x @ self.W + (x if self.S is None else x @ self.S)

    def backward(self, dy):
        self.dW = self.x.T @ dy
        dx = dy @ self.W.T
        if self.S is None:
            return dx + dy
        self.dS = self.x.T @ dy
        return dx + dy @ self.S.T
"""


def test_sizes_that_the_constructor_compares_are_tried_as_equal():
    assert variants(BLOCK) == {("n_out", "6"): "right"}
    assert variants(BLOCK.replace("return dx + dy\n", "return dx\n")) == {("n_out", "6"): "wrong"}


STATISTICS = """
import numpy as np

class Norm:
    def __init__(self, dim):
        self.gamma = np.ones(dim)
        self.running_mean, self.running_var = np.zeros(dim), np.ones(dim)
        self.training = True

    def forward(self, x):
        mean, var = (x.mean(0), x.var(0)) if self.training else (self.running_mean, self.running_var)
        self.std = np.sqrt(var + 1e-5)
        self.n = (x - mean) / self.std
        return self.gamma * self.n

    def backward(self, dout):
        self.dgamma = (dout * self.n).sum(0)
        d = dout * self.gamma
        if not self.training:
            return d / self.std
        return (d - d.mean(0) - self.n * (d * self.n).mean(0)) / self.std
"""


def test_moving_averages_are_not_those_of_a_new_layer_in_tests():
    assert variants(STATISTICS) == {("training", "False"): "right"}
    assert variants(STATISTICS.replace("d / self.std\n", "d / self.std ** 2\n")) == {
        ("training", "False"): "wrong"
    }


SMOOTH = """
import numpy as np

class Loss:
    def __init__(self, smoothing=0.0, halved=False):
        self.smoothing, self.halved = smoothing, halved

    def forward(self, scores, labels):
        e = np.exp(scores)
        self.p = e / e.sum(axis=1, keepdims=True)
        self.target = np.eye(3)[labels] * (1 - self.smoothing) + self.smoothing / (2 if self.halved else 1) / 3
        return -(self.target * np.log(self.p)).sum() / len(scores)

    def backward(self):
        return (self.p * self.target.sum(axis=1, keepdims=True) - self.target) / len(self.p)
"""


def test_a_factor_that_cannot_be_seen_by_default_is_tried_as_another():
    assert variants(SMOOTH)[("smoothing", "0.3")] == "right"
    wrong = SMOOTH.replace("- self.target)", "- (self.target > 0.5))")
    assert variants(wrong)[("smoothing", "0.3")] == "wrong"


def test_a_flag_that_counts_beside_another_setting_alone_is_tried_with_it():
    assert variants(SMOOTH) == {("smoothing", "0.3"): "right", ("smoothing,", "0.3, True"): "right"}


NOISE = """
import numpy as np

class Noise:
    def __init__(self, all_steps=False, training=True):
        self.all_steps = all_steps
        self.training = training

    def forward(self, x):
        self.n = len(x)
        return x if self.all_steps else x.sum(axis=0)

    def backward(self, d):
        d = d if self.all_steps else np.repeat(d[None], self.n, axis=0)
        return d if self.training else 1 * d
"""


def test_a_flag_that_gives_an_output_of_another_shape_convicts_and_so_does_a_mode_with_the_same():
    right = {("all_steps", "True"): "right", ("training", "False"): "right"}
    assert variants(NOISE) == right
    assert variants(NOISE.replace("1 * d", "2 * d")) == {**right, ("training", "False"): "wrong"}
    wrong = NOISE.replace("d if self.all_steps", "2 * d if self.all_steps")
    assert variants(wrong) == {**right, ("all_steps", "True"): "wrong"}
    assert all(variant.convicts for variant in found(wrong).variants)


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


RANKS = """
import numpy as np

class Affine:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        if dout.ndim == 3:
            self.dW, self.db = np.tensordot(self.x, dout, ((0, 1), (0, 1))), dout.sum(axis=(0, 1))
        else:
            self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T
"""


def test_inputs_of_other_ranks_are_tried_where_the_backward_pass_asks_for_them():
    assert variants(RANKS) == {("x", "3"): "right"}
    assert variants(RANKS.replace("dout.sum(axis=(0, 1))", "dout.mean(axis=(0, 1))")) == {("x", "3"): "wrong"}
    assert variants(RANKS.replace("dout.ndim == 3", "dout.size == 3")) == {}


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


MODULES = """
import numpy as np

class Module:
    def __init__(self):
        self.training = True

class Drop(Module):
    def __init__(self, keep=0.5):
        super().__init__()
        self.keep = keep

    def forward(self, x):
        self.mask = np.random.rand(*x.shape) < self.keep
        return x * self.mask if self.training else x * self.keep

    def backward(self, d):
        if self.training:
            return d * self.mask
        return d * self.keep
"""


def test_a_mode_that_a_base_class_sets_is_tried_and_no_loss_does_a_layers_part_in_it():
    assert variants(MODULES) == {("training", "False"): "right"}
    assert variants(MODULES.replace("return d * self.keep", "return d")) == {("training", "False"): "wrong"}


STACKED = """
import numpy as np

class Half:
    def forward(self, x, train):
        self.train = train
        return x if train else x / 2

    def backward(self, d):
        return d if self.train else d / 2

class Stack:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self.inner = [Half()]

    def forward(self, x, train=True):
        self.x = x
        out = x @ self.W
        for layer in self.inner:
            out = layer.forward(out, train)
        return out

    def backward(self, d):
        for layer in self.inner:
            d = layer.backward(d)
        self.dW = self.x.T @ d
        return d @ self.W.T
"""


def test_a_mode_at_which_the_layers_inside_look_is_tried():
    def of_stack(text):
        reading = checked(text, "Stack.forward / Stack.backward")[1]
        return [(v.varied, v.value, v.convicts) for v in reading.variants]

    assert of_stack(STACKED) == [("train of {}", "False", True)]
    assert of_stack(STACKED.replace("self.train else d / 2", "True else d / 2")) == [
        ("train of {}", "False", False)
    ]


def test_what_cannot_be_tried_leaves_a_layer_checked_in_part_where_it_is_written_for_that_alone():
    broken = MODULES.replace("return d * self.keep", "return d * self.nosuch")
    (variant,) = found(broken).variants
    assert (variant.text, variant.convicts) == ("", True)
    without = NORMALISED.replace("u, norm, axis", "u, norm").replace("i != axis", "i != 1")
    without = without.replace("* u).sum(axis=axis", "* u).sum(axis=1")
    without = without.replace("len(others) == 1", "norm.shape[1] == 1")
    assert [(v.text, v.convicts) for v in found(without).variants] == [("", False)]


KEPT_MASK = """
import numpy as np

class Drop:
    def __init__(self, ratio=0.5):
        self.ratio = ratio

    def forward(self, x, train_flg=True):
        self.mask = np.random.rand(*x.shape) > self.ratio if train_flg else None
        return x * self.mask if train_flg else x * (1 - self.ratio)

    def backward(self, d):
        if self.mask is None:
            return d * (1 - self.ratio)
        return d * self.mask
"""


def test_a_mode_convicts_where_the_backward_pass_runs_other_lines_in_it():
    assert variants(KEPT_MASK) == {("train_flg", "False"): "right"}
    wrong = KEPT_MASK.replace("return d * (1 - self.ratio)", "return d")
    assert variants(wrong) == {("train_flg", "False"): "wrong"}
    assert [variant.convicts for variant in found(wrong).variants] == [True]
    without = KEPT_MASK.replace(
        "if self.mask is None:\n            return d * (1 - self.ratio)\n        ", ""
    )
    without = without.replace("else None", "else x > 0")
    assert [variant.convicts for variant in found(without).variants] == [False]


OF_CLASS = """
class Scale:
    factor = 1.0

    def forward(self, x):
        self.x = x
        return self.factor * x**2

    def backward(self, d):
        return self.factor * d * 2 * self.x
"""


def test_a_number_of_the_class_is_tried():
    assert variants(OF_CLASS) == {("factor", "0.7"): "right"}
    assert variants(OF_CLASS.replace("self.factor * d", "d")) == {("factor", "0.7"): "wrong"}


def test_settings_that_are_too_many_are_said_not_to_be_tried():
    names = [f"temper_{n}" for n in range(9)]
    text = f"""
def scale_forward(x, {", ".join(f"{name}=1.0" for name in names)}):
    return x * {" * ".join(names)}, ({", ".join(names)})

def scale_backward(dout, cache):
    {", ".join(names)} = cache
    return dout * {" * ".join(names)}
"""
    said = [variant.why for variant in checked(text)[1].variants]
    assert said == [*[""] * 8, "there are too many settings"]


SAME = """
import numpy as np

class Conv:
    def __init__(self, channels, num_kernels, kernel_size):
        self.k = kernel_size
        self.W = np.random.randn(num_kernels, channels, kernel_size, kernel_size)
    def parts(self, x, before):
        k, (h, w) = self.k, x.shape[2:]
        p = ((before, k - 1 - before),) * 2
        x = np.pad(x, ((0, 0), (0, 0), *p))
        return np.stack([np.stack([x[:, :, i:i + h, j:j + w] for j in range(k)], -1) for i in range(k)], -2)
    def forward(self, x):
        self.x = x
        return np.einsum("nchwij,fcij->nfhw", self.parts(x, (self.k - 1) // 2), self.W)
    def backward(self, dout):
        self.dW = np.einsum("nchwij,nfhw->fcij", self.parts(self.x, (self.k - 1) // 2), dout)
        turned = self.W[:, :, ::-1, ::-1]
        return np.einsum("nfhwij,fcij->nchw", self.parts(dout, self.k // 2), turned)
"""


def test_kernels_of_an_even_size_are_tried_beside_odd_ones():
    namespace = {}
    reading = found(SAME, namespace)
    (variant,) = reading.variants
    assert (variant.given, variant.value, variant.convicts) == ("3", "2", False)
    for size, convicts in ((5, False), (4, True)):
        assert (
            found(f"{SAME}def net():\n    return Conv(3, 8, {size})\n", {}).variants[0].convicts == convicts
        )
    program = adapter.declared(variant.text, namespace, np.random.default_rng(0))
    assert check(program, explained=False).right
    reading = found(SAME.replace("self.k // 2)", "(self.k - 1) // 2)"), namespace)
    program = adapter.declared(reading.variants[0].text, namespace, np.random.default_rng(0))
    assert check(program, explained=False).verdict == "wrong"


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
