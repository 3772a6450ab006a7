"""Numeric differences in a gradient's source: found where the gradient reaches them, and nowhere else."""

from __future__ import annotations

import functools
import textwrap

import numpy as np
import pytest

from chainrule.gradcheck.program import quotients
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from support.corpus.mutation import PROGRAMS
from support.places import CONVENTIONS

FILES = sorted([*CONVENTIONS.glob("*.py"), *PROGRAMS.glob("*.py")])


def modules(text: str, name: str = "net.py") -> list[quotients.Module]:
    return quotients.parsed(Source((Part(name, textwrap.dedent(text)),)))


def found(body: str, start: str = "gradient") -> str:
    """The line in what a file's gradient reaches; empty where there is none."""
    parsed = modules(body)
    functions = [node for node in parsed[0].tree.body if getattr(node, "name", "") == start]
    quotient = quotients.find(parsed, functions)
    return quotient.line.text.strip() if quotient else ""


DIFFERENCES = {
    "central": """
        def gradient(W, X):
            h = 1e-5
            for i in range(W.size):
                W.flat[i] += h
                above = cost(W, X)
                W.flat[i] -= 2 * h
                g[i] = (above - cost(W, X)) / (2 * h)
    """,
    "a literal": """
        def gradient(W):
            g[i] = (cost(W + 1e-6 * e) - cost(W)) / 1e-6
    """,
    "both sides, a literal": """
        def gradient(W):
            above, below = cost(W + 0.001 * e), cost(W - 0.001 * e)
            return (above - below) / 0.002
    """,
    "an argument": """
        def gradient(W):
            return slope(cost, W, 1e-4)
        def slope(f, W, eps):
            return (f(W + eps) - f(W - eps)) / (2 * eps)
    """,
    "a default": """
        def gradient(W, tiny=1e-6):
            moved = W + tiny * e
            return (cost(moved) - cost(W)) / tiny
    """,
    "of the module": """
        STEP = np.sqrt(np.finfo(float).eps)
        def gradient(W):
            return [(cost(W + STEP * e) - cost(W)) / STEP for e in E]
    """,
    "in place": """
        def gradient(W, h=1e-5):
            W[0] += h
            g = cost(W)
            g -= cost(W0)
            g /= h
    """,
    "sides in a loop": """
        def gradient(W):
            h = 10 ** -5
            for side in (1, -1):
                total += side * cost(W + side * h * e)
            return total / (h + h)
    """,
    "in other functions": """
        def gradient(W):
            return outer(W)
        outer = lambda W: Helper().inner(W)
        class Helper:
            def inner(self, W, delta=1e-4):
                return (move(W, delta) - move(W, -delta)) / (2 * delta)
        def move(W, delta):
            return cost(W + delta)
    """,
    "a library": """
        def gradient(W):
            return scipy.optimize.approx_fprime(W, cost)
    """,
    "a complex step": """
        def gradient(W):
            return cost(W + 1j * h * e).imag / h
    """,
    "an imaginary part": """
        def gradient(W):
            moved = W.astype(complex)
            return np.imag(cost(moved)) * 1e20
    """,
}

LINES = {
    "central": "g[i] = (above - cost(W, X)) / (2 * h)",
    "in place": "g /= h",
    "sides in a loop": "return total / (h + h)",
    "in other functions": "return (move(W, delta) - move(W, -delta)) / (2 * delta)",
    "a complex step": "return cost(W + 1j * h * e).imag / h",
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_is_found_with_its_line(name):
    line = found(DIFFERENCES[name])
    assert line
    assert line == LINES.get(name, line)


DERIVATIONS = {
    "batch norm": """
        EPS = 1e-5
        def gradient(s, mu, var, g, eps=1e-5):
            s_hat = (s - mu) / np.sqrt(var + eps)
            return (g - g.mean(axis=0)) / (np.sqrt(var + EPS) + 1e-5)
    """,
    "a penalty and a rate": """
        def gradient(W, X, Y, lam=0.01, eta=0.05):
            G = (softmax(W @ X) - Y) / X.shape[1]
            W -= eta * (G @ X.T + 2 * lam * W)
            return G @ X.T / 500 + 2 * lam * W
    """,
    "hidden units called h": """
        def gradient(W, h, delta, n):
            for i in range(0, len(h), n):
                delta = (W.T @ delta) * (h > 0) + h
            return (delta - h) / n
    """,
    "a check beside it": """
        def gradient(W):
            return 2 * W
        def check(W, h=1e-5):
            return (cost(W + h) - cost(W - h)) / (2 * h) - gradient(W)
    """,
    "a name of its own": """
        def gradient(W):
            check = W - 1
            return check
        def check(W, h=1e-5):
            return (cost(W + h) - cost(W - h)) / (2 * h)
    """,
    "real parts": """
        def gradient(W):
            return np.real(W).imag
    """,
}


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_derivation_is_none(name):
    assert found(DERIVATIONS[name]) == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_gradients_of_right_files_with_their_checks_beside_them_are_none(path):
    parsed = modules(path.read_text())
    start = quotients.declared_gradient(parsed, NAME)
    if not start:
        # Programs of the corpus are declared by a function build.
        start = quotients.declared_gradient(parsed, "build")
    assert start
    assert quotients.find(parsed, start) is None


def test_what_an_adapter_declares_as_the_gradient_is_where_it_starts():
    parsed = modules("""
        def slow(W, h=1e-5):
            return (cost(W + h) - cost(W - h)) / (2 * h)
        def chainrule_check(rng):
            called = lambda W: slow(W)
            return {"cost": cost, "gradient": called, "parameters": W}
    """)
    quotient = quotients.find(parsed, quotients.declared_gradient(parsed, NAME))
    assert quotient is not None
    assert (quotient.line.number, quotient.exact) == (3, False)
    assert quotients.declared_gradient(parsed, "other") == []


def slow(p, h=1e-5):
    return [(np.sum(p + h) - np.sum(p - h)) / (2 * h)]


class Keeper:
    def slow(self, p, h=1e-5):
        return (np.sum(p + h) - np.sum(p - h)) / (2 * h)


@pytest.mark.parametrize(
    "function",
    [slow, lambda p: slow(p, 1e-6), functools.partial(slow, h=1e-6), Keeper().slow],
    ids=("function", "lambda", "partial", "method"),
)
def test_functions_of_this_process_are_read_from_their_file(function):
    quotient = quotients.of_function(function)
    assert quotient is not None
    assert "/ (2 * h)" in quotient.line.text


@pytest.mark.parametrize("function", [np.sum, len, lambda p: 2 * p])
def test_functions_without_a_source_or_a_difference_are_none(function):
    assert quotients.of_function(function) is None


ROWS = (CONVENTIONS / "rows.py").read_text()
HELPER = """
def slow(cost, X, y, W, b, reg, h=1e-5):
    g = [W * 0, b * 0]
    for p, out in zip((W, b), g):
        for i in range(p.size):
            p.flat[i] += h
            above = cost(X, y, W, b, reg)
            p.flat[i] -= 2 * h
            out.flat[i] = (above - cost(X, y, W, b, reg)) / (2 * h)
            p.flat[i] += h
    return g
"""
USING = "import helper\n" + ROWS.replace("def chainrule_check", """
def compute_gradients(X, y, W, b, reg):
    return helper.slow(compute_cost, X, y, W, b, reg)


def chainrule_check""")  # fmt: skip


@pytest.mark.parametrize("adapter", [True, False])
def test_a_file_is_read_with_those_beside_it_that_it_imports(tmp_path, adapter):
    (tmp_path / "helper.py").write_text(HELPER)
    path = tmp_path / "net.py"
    path.write_text(USING if adapter else USING.partition("def chainrule_check")[0])
    remote = RemoteProgram(path, Limits(seconds=60), root=tmp_path)
    with remote:
        quotient = remote.quotient()
    assert quotient is not None
    assert quotient.line.file == str(tmp_path / "helper.py")
    assert quotient.line.text.strip() == "out.flat[i] = (above - cost(X, y, W, b, reg)) / (2 * h)"
