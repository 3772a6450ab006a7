"""A user's file is run in its process, and what is wrong with it is said in one clear line."""

from __future__ import annotations

import json
import sys

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from support.handed_in import LIMITS, ROWS, first, refusal, runs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits that this system does not have")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nosuchmodule", "No module named 'nosuchmodule'; install nosuchmodule beside chainrule"),
        ("import sys\nsys.exit(3)", "calls sys.exit"),
        ("input()", "EOFError"),
        ("raise ValueError('\\x1b[31m')", r"ValueError: \x1b[31m"),
    ],
)
def test_what_ends_a_check_is_said_in_one_line(write, code, said):
    path = write(first(code))
    before = path.read_text()
    assert said in str(refusal(path))
    assert path.read_text() == before


def test_what_is_no_python_is_said(write):
    said = str(refusal(write(f"def f(:\n{ROWS}")))
    assert "SyntaxError" in said
    assert "Python 2" not in said


def test_python_2_is_read_as_such_and_said(write):
    path = write(f"print 'hello'\n{ROWS}")
    with (remote := RemoteProgram(path, LIMITS)):
        assert remote.notes[0] == "read as Python 2, where / leaves whole numbers whole"


@pytest.mark.parametrize(
    "text", ["print 'hello'\nf\"{x\"", "try:\n    f(:)\nexcept OSError, e:\n    pass", "if a <> b:"]
)
def test_python_2_that_cannot_be_read_is_told_by_name(write, text):
    assert "it is written for Python 2" in str(refusal(write(f"{text}\n{ROWS}")))


def test_it_is_not_run_as_the_main_program(write):
    runs(write(ROWS + 'if __name__ == "__main__":\n    raise SystemExit\n'))


def test_what_it_draws_without_a_seed_is_drawn_by_ours(write):
    path = write(ROWS.replace("rng.normal(size=3)", "np.random.randn(3) + __import__('random').random()"))
    drawn = []
    for seed in (0, 0, 1):
        with RemoteProgram(path, LIMITS, seed) as program:
            drawn.append(program.describe().arrays[1].tolist())
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_notebooks_find_without_importing_it_is_there(write):
    runs(write(first("get_ipython().run_line_magic('matplotlib', 'inline')\ndisplay(1)\nbreakpoint()")))


def test_an_error_in_a_cell_names_the_cell(write):
    cells = [
        {"cell_type": "code", "source": text}
        for text in ("x = 1", "def chainrule_check(rng):\n    x / 0", "")
    ]
    error = refusal(write(json.dumps({"cells": cells}), "net.ipynb"))
    assert str(error).startswith("net.ipynb, cell 2, line 2, in chainrule_check: ZeroDivisionError")
    assert isinstance(error, UserError)
    assert 'File "net.ipynb, cell 2", line 2, in chainrule_check\n    x / 0' in error.traceback


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def chainrule_check(rng): return 3", "chainrule_check: returns int; return dict(cost=...,"),
        ("def chainrule_check(): pass", "too many positional arguments; it takes one argument"),
        ("chainrule_check = 3", "chainrule_check: is int; write a function"),
        ("def chainrule_check(rng): raise KeyError('W')", "KeyError: 'W'"),
    ],
)
def test_an_adapter_that_is_none_is_said(write, code, said):
    assert said in str(refusal(write(code)))


def test_every_mistake_in_an_adapter_is_said_at_once(write):
    path = write(
        "def chainrule_check(rng):\n    return dict(cost=3, gradiant=print, parameters=1, data=2, numeric='f')\n"
    )
    with pytest.raises(CheckError) as error, RemoteProgram(path, LIMITS):
        pass
    assert error.value.problems == (
        "net.py: chainrule_check: returns unknown key 'gradiant'; did you mean 'gradient'?",
        "net.py: chainrule_check: returns no 'gradient'; add gradient=... to its dict",
        "net.py: chainrule_check: 'cost' is int; give the function itself",
        "net.py: chainrule_check: 'numeric' is str; give the function itself",
        "net.py: chainrule_check: 'data' is int; give a tuple, (X, Y): one of a single value is (X,)",
    )


PATCHES = """
import math, random, sys, time
import numpy as np
import chainrule.gradcheck.check, chainrule.gradcheck.numeric.comparison, chainrule.gradcheck.outcome
import chainrule.gradcheck.program.interface as interface, chainrule.gradcheck.program.local as local
chainrule.gradcheck.outcome.Check.right = property(lambda self: True)
chainrule.gradcheck.check.check = lambda *a, **k: True
chainrule.gradcheck.numeric.comparison.verdict = lambda *a, **k: "right"
local.LocalProgram.gradient = lambda *a: interface.Returned(["W", "b"], [], [], "tuple")
local.LocalProgram.costs = lambda self, a, d, leaf, entries, steps: np.zeros(len(entries))
time.time = time.monotonic = time.perf_counter = lambda: 0.0
random.seed(0), np.random.seed(0)
np.random.default_rng = lambda *a: None
np.allclose = np.array_equal = lambda *a, **k: True
np.linalg.norm = lambda *a, **k: 0.0
math.isclose = lambda *a, **k: True
sys.setprofile(None)
"""


def test_code_that_patches_the_checker_the_clock_or_the_random_state_changes_nothing(write):
    wrong = ROWS.replace("ds /= len(y)", "ds /= 2 * len(y)")
    outcomes = []
    for text in (wrong, first(PATCHES, wrong)):
        with RemoteProgram(write(text), LIMITS) as program:
            outcomes.append(check(program))
    plain, patched = outcomes
    assert plain.verdict == "wrong"
    assert [t.difference for t in patched.tensors] == [t.difference for t in plain.tensors]
    assert [c.name for c in patched.causes] == [c.name for c in plain.causes]


def test_a_library_that_a_path_names_is_not_watched(write, tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "oddlib.py").write_text("def doubled(x):\n    y = x + x\n    return y\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    path = write(
        "import numpy as np\nfrom oddlib import doubled\n\n\n"
        "def cost(p, x):\n    return float((p * x).sum() ** 2)\n\n\n"
        "def gradient(p, x):\n    return doubled((p * x).sum()) * x\n\n\n"
        "def chainrule_check(rng):\n"
        "    return {'cost': cost, 'gradient': gradient, 'parameters': np.ones(3), 'data': (np.arange(3.0),)}\n"
    )
    with RemoteProgram(path, LIMITS) as program:
        given = program.describe()
        # What a file imports is there once it has been asked for.
        program.gradient(given.arrays, given.data)
        watched = program.trace(given.arrays, given.data)
    assert {value.line.number for value in watched} == {10}
