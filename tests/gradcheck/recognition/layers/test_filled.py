"""What a forward pass is given to fill."""

import pytest

from chainrule.gradcheck.recognition.layers.filled import holder_of
from support.adapters import defined
from support.layers import checked

DICTIONARY = """
def affine(x, W, cache):
    cache["x"], cache["W"] = x, W
    return x @ W

def affine_backward(dout, cache):
    return dout @ cache["W"].T, cache["x"].T @ dout
"""
LIST = """
def affine_forward(x, W, tape):
    tape.append((x, W))
    return x @ W

def affine_backward(dout, tape):
    x, W = tape.pop()
    return dout @ W.T, x.T @ dout
"""
CONTEXT = """
class Context:
    def keep(self): ...
    def save_for_backward(self, *arrays):
        self.saved = arrays

class MatMul:
    @staticmethod
    def forward(ctx, x, W):
        ctx.save_for_backward(x, W)
        return x @ W

    @staticmethod
    def backward(ctx, grad):
        x, W = ctx.saved
        return grad @ W.T, x.T @ grad
"""
PLAIN_CONTEXT = """
class MatMul:
    @staticmethod
    def forward(ctx, x, W):
        ctx.x, ctx.W = x, W
        return x @ W

    @staticmethod
    def backward(ctx, grad):
        return grad @ ctx.W.T, ctx.x.T @ grad
"""


@pytest.mark.parametrize("text", [DICTIONARY, LIST, CONTEXT, PLAIN_CONTEXT])
def test_both_passes_have_the_same(text):
    outcome, _ = checked(text)
    assert outcome.right
    assert {tensor.name for tensor in outcome.tensors} == {"x", "W"}
    assert checked(text.replace("W.T", "W.T / 2").replace('"W"].T', '"W"].T / 2'))[0].verdict == "wrong"


def test_what_is_only_read_is_not_to_be_filled():
    read, filled, text = defined(
        "def f(x, memory): return x + memory['h']\n"
        "def g(x, memory): memory['h'] = x\n"
        "def h(x, ctx): ctx.save(x)\n"
    ).functions
    file = defined("")
    assert [holder_of(f.arguments[1], f, file) for f in (read, filled, text)] == ["", "{}", ""]
