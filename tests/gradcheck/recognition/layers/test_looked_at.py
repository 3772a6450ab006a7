"""For which settings of a layer a backward pass is written: at which modes it looks."""

from __future__ import annotations

from support.layers import checked, found, variants


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
