"""Which functions are not written yet, as templates leave them, and which give None for other reasons."""

import ast

import pytest

from chainrule.gradcheck.program.unwritten import blanks


def of(text):
    (only,) = ast.parse(text).body
    return blanks(only)


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "'''What it is to do.'''",
        "raise NotImplementedError('later')",
        "if x is None:\n        raise NotImplementedError\n    return None",
        "out = None\n    out = out.astype(x.dtype, copy=False)\n    return out",
        "loss, dx = None, None\n    return loss, dx",
        "loss = 0.0\n    dW = np.zeros_like(x)\n    return loss, dW",
        "scores = None\n    if y is None:\n        return scores\n    loss, grads = 0, {}\n    return loss, grads",
        "dx = dw = None\n    return {'x': dx, 'w': dw}",
        "dx = None\n    self.dW = None\n    grads['b'] = np.zeros_like(x)\n    print(x)\n    return dx",
        "scores = x @ y\n    if y is None:\n        return scores\n    loss, grads = 0, {}\n    return loss, grads",
        "(m, n) = None\n    return m * x",
        "dx = np.zeros_like(x)\n    for i in range(None):\n        dx[i] = y\n    return dx",
        "dx = x.copy()\n    for i in range(len(x)):\n        dx[i] += None\n    return dx",
    ],
)
def test_what_no_line_gives_a_value_is_not_written(body):
    assert all(of(f"def f(x, y):\n    {body}"))
    assert of(f"def f(x, y):\n    {body}")


@pytest.mark.parametrize(
    "body",
    [
        "return x",
        "self.out = x\n    return None",
        "dx = None\n    if y:\n        dx = x\n    return dx",
        "dx = np.zeros_like(x)\n    return dx",
        "loss, dW = 0.0, np.zeros(3)\n    loss += x\n    return loss, dW",
        "loss, grads = x, {}\n    return loss, grads",
        "h = None\n    for t in x:\n        h = t\n    return h",
        "out = None\n    out[0] = x\n    return out",
        "return x.copy(), None",
        "def inner():\n        return None\n    return inner",
        "print(x)",
        "dx = None\n    self.dW = x.T @ y\n    return dx",
        "dx = None\n    y['b'] = x.mean(axis=0)\n    return dx",
        "loss = 0\n    self.W -= x\n    return loss",
        "dx = None\n    y.update(b=x.mean(axis=0))\n    return dx",
        "dx = None\n    total = np.sum(x, axis=0, out=y)\n    return dx",
        "dx = x.copy()\n    if y == 'average':\n        dx += None\n    return dx",
        "loss, dx = x.sum(), None\n    dx = y\n    return loss, dx",
        "dx = None\n    for layer in self.layers:\n        x = layer.backward(x)\n    return dx",
    ],
)
def test_what_is_given_a_value_somewhere_is_written(body):
    assert not any(of(f"def f(x, y):\n    {body}")[:1])


def test_of_several_values_some_may_be_written():
    assert of("def f(dout):\n    dx, dw = None, dout.sum()\n    return dx, dw") == (True, False)
