"""Layers are tried with several settings at once, with flags, with inputs of other numbers of axes."""

from __future__ import annotations

import pytest

from support.layers import checked, found, variants

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


RECURRENT = """
import numpy as np

class Recurrent:
    def __init__(self, n_in, n_hidden):
        self.A, self.B = np.random.randn(n_in, n_hidden), np.random.randn(n_hidden, n_hidden)

    def forward(self, x):
        self.x, self.s = x, [np.zeros((x.shape[1], len(self.B)))]
        for step in x:
            self.s.append(np.tanh(step @ self.A + self.s[-1] @ self.B))
        return np.stack(self.s[1:])

    def backward(self, d):
        self.dA, self.dB, dx = np.zeros_like(self.A), np.zeros_like(self.B), np.zeros_like(self.x)
        later = np.zeros_like(self.s[0])
        for t in reversed(range(len(d))):
            dz = (d[t] + later) * (1 - self.s[t + 1] ** 2)
            self.dA += self.x[t].T @ dz
            self.dB += self.s[t].T @ dz
            dx[t] = dz @ self.A.T
            later = dz @ self.B.T
        return dx
"""


def test_sequences_of_two_steps_are_tried_with_three_as_two_hide_what_adds_up():
    assert variants(RECURRENT)[("x", "3 x 7 x 6")] == "right"
    wrong = RECURRENT.replace("later = dz", "later += dz")
    assert checked(wrong)[0].right
    assert variants(wrong)[("x", "3 x 7 x 6")] == "wrong"


POOLED = """
import numpy as np

class Mean:
    def __init__(self, kernel_size=(2, 2)):
        self.kernel_size = kernel_size

    def forward(self, x):
        self.shape, (high, wide) = x.shape, self.kernel_size
        n, c, h, w = x.shape
        rows, columns = h // high, w // wide
        cut = x[:, :, : rows * high, : columns * wide]
        return cut.reshape(n, c, rows, high, columns, wide).mean(axis=(3, 5))

    def backward(self, d):
        (high, wide), dx = self.kernel_size, np.zeros(self.shape)
        spread = d.repeat(high, axis=2).repeat(wide, axis=3) / (high * wide)
        dx[:, :, : spread.shape[2], : spread.shape[3]] = spread
        return dx
"""


def test_windows_as_wide_as_high_are_tried_with_other_sides_and_not_called_wrong_by_these():
    assert variants(POOLED)[("kernel_size", "(2, 3)")] == "right"
    wrong = POOLED.replace("(high * wide)", "(high * high)")
    assert variants(wrong)[("kernel_size", "(2, 3)")] == "wrong"
    (tried,) = [v for v in found(wrong).variants if v.value == "(2, 3)"]
    assert not tried.convicts


SWITCHED = """
import numpy as np

def scale_forward(x, w, {name}):
    return {name}.gain * x @ w, (x, w)

def scale_backward(d, cache, {name}):
    x, w = cache
    if {name}.stop:
        return np.zeros_like(x), {name}.gain * x.T @ d
    return {name}.gain * d @ w.T, {name}.gain * x.T @ d
"""

DETACHED = """
import numpy as np

class Scale:
    def __init__(self, n_in, n_out, args):
        self.args, self.W = args, np.random.randn(n_in, n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, d):
        self.dW = self.x.T @ d
        return (0 if self.args.detach else 1) * d @ self.W.T
"""


@pytest.mark.parametrize(
    "text",
    [SWITCHED.format(name="args"), SWITCHED.format(name="cfg"), DETACHED],
    ids=["args", "cfg", "class"],
)
def test_what_is_a_condition_among_settings_is_not_met_and_convicts_nothing_where_it_is(text):
    assert checked(text)[0].right
    every = found(text).variants
    assert not any(v.convicts for v in every if "True" in v.value)
