"""Layers are tried with several settings at once, with flags, with inputs of other numbers of axes."""

from __future__ import annotations

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
