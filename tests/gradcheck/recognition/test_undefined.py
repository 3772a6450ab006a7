"""Gradients that read names which nothing gives a value."""

from __future__ import annotations

import json

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from support.handed_in import LIMITS

CONDITIONS = Conditions(LIMITS, untrusted=False)

LAYERS = """
import numpy as np

def affine_forward(x, w, b):
    return x @ w + b, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)

def squash_forward(x):
    out = np.tanh(x)
    return out, out

def squash_backward(dout, cache):
    return dout * (1 - out**2)
"""


def checked(folder, text, name="layers.py", **others):
    for other, content in others.items():
        (folder / f"{other}.py").write_text(content)
    (folder / name).write_text(text)
    return check_file(folder / name, CONDITIONS)


def test_a_backward_pass_that_forgets_to_take_its_cache_apart_is_wrong(tmp_path):
    outcome = checked(tmp_path, LAYERS)
    verdicts = {row.gradient: row.verdict for row in outcome.rows}
    assert verdicts == {
        "affine_forward / affine_backward": "right",
        "squash_forward / squash_backward": "wrong",
    }
    (row,) = (row for row in outcome.rows if row.verdict == "wrong")
    assert row.check is not None
    (cause,) = row.check.causes
    assert (cause.name, str(cause.line)) == ("undefined-name", "layers.py, line 16")


@pytest.mark.parametrize(
    "more",
    [
        "from course import *",
        "def begin():\n    global out\n    out = 3",
        "def begin(values):\n    globals().update(values)",
        "def begin(text):\n    exec(text)",
        "try:\n    from fast_course import out\nexcept ImportError:\n    pass",
        "import sys\nsys.modules[__name__]",
    ],
)
def test_where_something_may_give_the_name_a_value_there_is_no_verdict(tmp_path, more):
    outcome = checked(tmp_path, f"{LAYERS}\n{more}\n")
    assert [row.verdict for row in outcome.rows] == ["right", "not checked"]


def test_what_a_notebook_s_other_cells_leave_out_may_give_the_name_a_value(tmp_path):
    gradient = "def gradient(w, X, y):\n    return 2 * X.T @ (X @ w - y) / len(X) * int(n[0])"
    cost = "import numpy as np\ndef cost(w, X, y):\n    return np.sum((X @ w - y) ** 2) / len(X)"
    cells = [{"cell_type": "code", "source": text} for text in ("n = !nproc", cost, gradient)]
    notebook = json.dumps({"nbformat": 4, "cells": cells})
    with pytest.raises(CheckError, match="left out n = !nproc"):
        checked(tmp_path, notebook, "net.ipynb")


def test_a_name_of_another_branch_convicts_nobody(tmp_path):
    outcome = checked(
        tmp_path,
        LAYERS.replace(
            "    return dout * (1 - out**2)",
            "    if cache is not None:\n        return dout * (1 - out**2)\n    return dout",
        ),
    )
    assert [row.verdict for row in outcome.rows] == ["right", "not checked"]


def test_a_file_of_nothing_else_is_wrong(tmp_path):
    outcome = checked(tmp_path, "import numpy as np\n" + LAYERS[LAYERS.index("def squash_forward") :])
    assert outcome.verdict == "wrong"
    with pytest.raises(CheckError):
        checked(
            tmp_path,
            "import numpy as np\ndef squash_forward(x): return y, x\ndef squash_backward(dout, cache): return dout",
        )


def test_a_name_that_a_file_beside_puts_into_the_module_convicts_nobody(tmp_path):
    (tmp_path / "layers.py").write_text(LAYERS)
    (tmp_path / "train.py").write_text("import layers\nlayers.out = 3")
    outcome = check_file(tmp_path / "layers.py", CONDITIONS, root=tmp_path)
    assert [row.verdict for row in outcome.rows] == ["right", "not checked"]


MATCHED = """
import numpy as np

class Holder:
    x = w = None

def affine_forward(x, w, b):
    return x @ w + b, (x, w)

def affine_backward(dout, cache):
    match cache:
        case (x, w):
            Holder.x, Holder.w = x, w
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""


def test_what_a_pattern_gives_a_value_is_undefined_for_nobody(tmp_path):
    assert checked(tmp_path, MATCHED).verdict == "right"


def test_a_name_that_other_functions_read_too_is_what_the_file_lacks(tmp_path):
    squash = LAYERS[LAYERS.index("def squash_forward") :]
    text = squash.replace("return dout * (1 - out**2)", "return dout * np.cosh(cache)")
    with pytest.raises(CheckError, match="'np' is not defined"):
        checked(tmp_path, text)
