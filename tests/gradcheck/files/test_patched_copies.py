"""A change of a file verified: a copy with it in it, checked as the file was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.files.written_repairs import write
from chainrule.gradcheck.sandbox.process import Limits

CONDITIONS = Conditions(Limits(seconds=120), untrusted=False, repaired=True)

RIDGE = """
import numpy as np

def cost(X, y, w, lam):
    return np.sum((X @ w - y) ** 2) / len(y) + lam * np.sum(w ** 2)

def gradient(X, y, w, lam):
    r = X @ w - y  # the residuals
    return (2 * X.T @ r / len(y)
            - 2 * lam * w)   # the penalty
"""


def repairs(path, text, conditions=CONDITIONS):
    path.write_text(text)
    (row,) = check_file(path, conditions).rows
    assert path.read_text() == text
    return row.check.repairs


def test_a_sign_is_turned_and_all_else_stays(tmp_path):
    (repair,) = repairs(tmp_path / "ridge.py", RIDGE)
    assert repair.patch.splitlines()[-2:] == [
        "-            - 2 * lam * w)   # the penalty",
        "+            + 2 * lam * w)   # the penalty",
    ]
    assert repair.points > 4
    assert "N of" in repair.tried[0]


def test_none_where_none_is_asked_for(tmp_path):
    assert repairs(tmp_path / "ridge.py", RIDGE, replace(CONDITIONS, repaired=False)) == ()


def test_a_right_program_gets_none(tmp_path):
    assert repairs(tmp_path / "ridge.py", RIDGE.replace("- 2 * lam", "+ 2 * lam")) == ()


SHARED = """
import numpy as np

def back(X, d):
    return X.T @ d / {}

def cost_first(X, y, w):
    return np.sum((X @ w - y) ** 2) / len(y)

def gradient_first(X, y, w):
    return back(X, 2 * (X @ w - y))

def cost_second(X, y, w):
    return np.sum((X @ w - y) ** 4)

def gradient_second(X, y, w):
    return back(X, 4 * (X @ w - y) ** 3)
"""


# Every change there is is tried, as none is right.
@pytest.mark.corpus
def test_what_makes_another_gradient_wrong_is_no_repair(tmp_path):
    path = tmp_path / "both.py"
    path.write_text(SHARED.format("len(d)"))
    found = check_file(path, CONDITIONS)
    first, second = (row.check for row in found.rows)
    assert (first.verdict, second.verdict) == ("right", "wrong")
    for repair in second.repairs:
        assert not any(line.startswith("-    return X.T") for line in repair.patch.splitlines())


@pytest.mark.parametrize("name", ["net.ipynb"])
def test_in_a_notebook_the_cell_is_named(tmp_path, name):
    import json

    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": RIDGE.strip("\n")}]
    path = tmp_path / name
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 4}))
    (row,) = check_file(path, CONDITIONS).rows
    (repair,) = row.check.repairs
    assert repair.patch.startswith("--- net.ipynb, cell 1\n")


NET = """
import numpy as np

def cost(X, y, w, lam):
    return np.sum((X @ w - y) ** 2) / len(y) + lam * np.sum(w)

def gradient(X, y, w, lam):
    return 2 * X.T @ (X @ w - y) / len(y) + 2 * lam * w
"""

CHANGES_ITS_PARAMETERS = """
import numpy as np

def cost(X, y, w):
    return np.sum((X @ w - y) ** 2)

def gradient(X, y, w):
    g = 2 * X.T @ (X @ w - y)
    w -= 0.1 * g  # a step
    return g
"""


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (NET, ["-    return np.sum((X @ w - y) ** 2) / len(y) + lam * np.sum(w)"]),
        (CHANGES_ITS_PARAMETERS, ["-    w -= 0.1 * g  # a step"]),
    ],
    ids=["a cost", "a step"],
)
def test_the_fault_is_mended_where_it_is(tmp_path, text, changed):
    (repair,) = repairs(tmp_path / "net.py", text)
    assert [line for line in repair.patch.splitlines()[2:] if line.startswith("-")] == changed


NUMERIC_FOR_A_DERIVATION = """
import numpy as np

def cost(X, y, w):
    return np.sum((X @ w - y) ** 2)

def by_differences(X, y, w):
    g = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[i] += 1e-6
        below[i] -= 1e-6
        g[i] = (cost(X, y, above) - cost(X, y, below)) / 2e-6
    return g

def derived(X, y, w):
    return X.T @ (X @ w - y)

def gradient(X, y, w):
    return derived(X, y, w)
"""


def test_no_numeric_difference_takes_the_place_of_a_derivation(tmp_path):
    found = repairs(tmp_path / "net.py", NUMERIC_FOR_A_DERIVATION)
    assert found
    assert not any(
        "by_differences" in line for repair in found for line in repair.patch.splitlines() if line[0] == "+"
    )


def test_the_mistake_may_lie_in_a_file_beside_it(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "back.py").write_text(
        "def back(X, d, n):\n    # the mean\n    return X.T @ d * n\n"
    )
    (tmp_path / "parts" / "__init__.py").write_text("")
    text = SHARED.replace("def back(X, d):\n    return X.T @ d / {}\n", "from parts.back import back\n")
    text = text.replace("back(X, 2 * (X @ w - y))", "back(X, 2 * (X @ w - y), len(y))").partition(
        "def cost_second"
    )[0]
    path = tmp_path / "net.py"
    path.write_text(text)
    (row,) = check_file(path, CONDITIONS, tmp_path).rows
    (repair,) = row.check.repairs
    assert repair.patch.startswith("--- parts/back.py\n")
    assert "+    return X.T @ d / n" in repair.patch
    write(path, [repair], path.read_bytes())
    assert (tmp_path / "parts" / "back.py").read_text().endswith("/ n\n")
    assert check_file(path, CONDITIONS, tmp_path).right


OF_A_CLASS = """
import numpy as np

def stretch_forward(x, w):
    return np.tanh(x * w), (x, w, np.tanh(x * w))

def stretch_backward(dout, cache):
    x, w, out = cache
    dz = dout * (1 - out)
    return dz * w, (dz * x).sum(axis=0)

class Stretch:
    def __init__(self, size):
        self.w = np.random.randn(size)

    def forward(self, x):
        out, self.cache = stretch_forward(x, self.w)
        return out

    def backward(self, dout):
        dx, self.dw = stretch_backward(dout, self.cache)
        return dx
"""


def test_functions_that_are_checked_with_their_class_once_they_are_right_are_mended(tmp_path):
    (tmp_path / "stretch.py").write_text(OF_A_CLASS)
    # However busy the machine is: each of the two has its part of the time.
    functions, of_class = check_file(
        tmp_path / "stretch.py", replace(CONDITIONS, limits=Limits(seconds=900))
    ).rows
    assert (functions.verdict, of_class.verdict) == ("wrong", "wrong")
    assert "+    dz = dout * (1 - out * out)" in functions.check.repairs[0].patch.splitlines()
