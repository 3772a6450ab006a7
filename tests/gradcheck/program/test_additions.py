"""What may be missing from a formula."""

from __future__ import annotations

import ast
import re

import pytest

from chainrule.gradcheck.program.additions import added, operands

SOURCE = """
def gradient(X, y, W, cache, lam):
    h = cache["h"]
    d = (h - y) @ self.V
    for k in range(3):
        x = x
    dx = dxp[:, :pad]
    dp = dxp[:, :H, :W] + np.einsum("nij,nj->ni", A, b)
    dt = d.transpose(1, 0, 2, 3) + np.transpose(d, (0, 1, 2))
    dk = np.stack([a[-1 - u, k - v], b, c])
    return np.log(X.T @ d), db
"""


@pytest.fixture(scope="module")
def made() -> set[str]:
    (function,) = ast.parse(SOURCE).body
    texts = set()
    for change in added(function, function, lambda _: True):
        undo = change.make()
        texts.add(ast.unparse(ast.fix_missing_locations(change.statement)))
        undo()
    assert ast.unparse(function) == ast.unparse(ast.parse(SOURCE))
    return texts


@pytest.mark.parametrize(
    "text",
    [
        "d = (h - y) @ self.V * (h > 0)",
        "d = (h - y) * (h * (1 - h)) @ self.V",
        "d = (h - y) @ self.V * (1 - cache['h'] ** 2)",
        "d = (h - y) @ self.V + 2 * W * lam",
        "d = np.sum((h - y) @ self.V, axis=0, keepdims=True)",
        "d = (h - y) @ self.V / X.shape[0]",
        "d = (h - y) @ self.V / lam",
        "d = (h - y) @ self.V * self.V",
        "d = (h - y) @ self.V.swapaxes(-1, -2)",
        "d = (h - y * np.sum(h, axis=1, keepdims=True)) @ self.V",
        "d = (h - y) @ self.V * (1 / (1 + np.exp(-h)))",
        "d = (np.exp(h) - y) @ self.V",
        "dx = dxp[:, pad:]",
        "dx = dxp[:, -pad:]",
        "dp = dxp[:, pad:pad + H, pad:pad + W] + np.einsum('nij,nj->ni', A, b)",
        "dp = dxp[:, :H, :W] + np.einsum('nij,nj->in', A, b)",
        "dp = dxp[:, :H, :W] + np.einsum('nij,jn->ni', A, b)",
        "dk = np.stack([a[u, v], b, c])",
        "dt = d.transpose(1, 2, 3, 0) + np.transpose(d, (0, 1, 2))",
        "dt = d.transpose(1, 0, 2, 3) + np.transpose(d, (2, 0, 1))",
        "x = x ** 2",
        "return (np.log(X.T @ d), db / len(y))",
    ],
)
def test_what_may_be_missing(made, text):
    assert text in made


def test_what_counted_in_a_loop_is_no_variable_behind_it(made):
    assert "dx = dxp[:, k:]" not in made


def test_what_counts_in_a_loop_is_no_number_of_a_formula(made):
    assert not any("x * k" in text or "x / k" in text or "+ k" in text for text in made)


def test_neither_functions_nor_libraries_are_variables(made):
    assert not any(re.search(r"\* np(?!\.)|np\.log \*|\* np\.log(?!\()", text) for text in made)


def test_what_an_object_keeps_may_be_missing_too():
    (layer,) = ast.parse(
        "class Swish:\n"
        "    def forward(self, x):\n        return x * expit(self.beta * x)\n"
        "    def backward(self, g):\n        return g * (self.s + self.x * self.ds)\n"
    ).body
    texts = set()
    for change in added(layer.body[1], layer, lambda _: True):
        undo = change.make()
        texts.add(ast.unparse(ast.fix_missing_locations(change.statement)))
        undo()
    assert "return g * (self.s + self.x * self.ds * self.beta)" in texts


def test_a_parameter_whose_gradient_is_given_may_be_missing():
    (function,) = ast.parse("def f(p, d):\n    e = d @ p['W'].T\n    return {'W': e, 'b': e.sum()}").body
    assert {"p['W']", "p['b']"} <= {ast.unparse(each) for each in operands(function, function)}


def test_what_an_object_calls_its_size_is_a_setting_and_that_of_an_array_is_none():
    (function,) = ast.parse("def gradient(self, d):\n    return d.size * self.size").body
    assert {"self.size", "d.size"} & {*map(ast.unparse, operands(function, function))} == {"self.size"}


def test_of_many_variables_those_that_stand_near_are_tried():
    many = "\n".join(f"    v{i} = d + {i}" for i in range(30))
    text = f"def f(d):\n{many}\n    z = v29 * d\n    e = d @ v28\n    return e"
    (function,) = ast.parse(text).body
    texts = set()
    for change in added(function, function, lambda statement: statement.lineno == 33):
        undo = change.make()
        texts.add(ast.unparse(ast.fix_missing_locations(change.statement)))
        undo()
    assert {"e = d @ v28 + d * z", "e = d @ v28 + z * d"} & texts


def test_what_an_object_keeps_beside_an_index_may_be_one_too():
    text = (
        "class Pairs:\n    def __init__(self, first, then):\n        self.first, self.then = first, then\n"
        "    def back(self, d, s):\n        for k in range(3):\n            s[self.first[k]] += d[k]\n"
        "        return s\n"
    )
    (around,) = ast.parse(text).body
    unit = around.body[1]
    every = [ast.unparse(each.shown[0]) for each in added(unit, around, lambda _: True) if each.shown]
    assert "s[self.then[k]] -= d[k]" in every
