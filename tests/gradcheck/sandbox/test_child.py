"""What a user's file may not do, and what it may: each limit and refusal in one clear line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from support.places import CONVENTIONS
from support.processes import wait_until

ROWS = (CONVENTIONS / "rows.py").read_text()
GRADIENT_STARTS = "def compute_gradients(X, y, W, b, reg):\n"
LIMITS = Limits(seconds=60)
ENOUGH_S = 60

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits that this system does not have")


@pytest.fixture
def write(tmp_path):
    """Write a submission into a folder of its own."""
    folder = tmp_path / "course" / "work"
    folder.mkdir(parents=True)

    def write(text: str, name: str = "net.py") -> Path:
        (folder / name).write_text(text)
        return folder / name

    return write


def refusal(path: Path, **limits) -> CheckError:
    """The one line that a check of this file ends with."""
    with pytest.raises(CheckError) as error, RemoteProgram(path, replace(LIMITS, **limits)) as program:
        check(program)
    assert len(error.value.problems) == 1, error.value.problems
    assert error.value.problems[0].startswith(path.name)
    return error.value


def runs(path: Path) -> None:
    with RemoteProgram(path, LIMITS) as program:
        assert check(program).right


@pytest.mark.parametrize("place", ["while it is read", "in the gradient"])
def test_an_endless_loop_is_ended_and_its_line_is_named(write, place):
    loop = "while True:\n        pass\n"
    where = {"while it is read": f"if True:\n    {loop}{ROWS}", "in the gradient": ROWS.replace(
        GRADIENT_STARTS, f"{GRADIENT_STARTS}    {loop}")}[place]  # fmt: skip
    path = write(where)
    number = 1 + next(i for i, line in enumerate(path.read_text().splitlines()) if "while True" in line)
    said = str(refusal(path, seconds=1.5))
    assert "still runs after 1.5 s (in line" in said
    assert "--time SECONDS" in said
    assert any(f"in line {n} of net.py" in said for n in (number, number + 1))


def test_a_loop_in_native_code_is_ended_too(write):
    assert "in line 2 of net.py" in str(
        refusal(write("import re\nre.match('(a+)+$', 'a' * 60 + 'b')\n"), seconds=1.5)
    )


def test_memory_is_limited(write):
    said = str(
        refusal(
            write(f"import numpy as np\nkept = [np.ones(10**7) for _ in range(1000)]\n{ROWS}"), memory=300
        )
    )
    assert "line 2" in said
    assert "needs more than 300 MB of memory; give it more with --memory MB" in said


def test_shared_memory_counts(write):
    assert "Cannot allocate memory" in str(refusal(write("import mmap\nmmap.mmap(-1, 10**9)\n"), memory=300))


def test_what_is_printed_is_passed_over(write):
    printing = f"{GRADIENT_STARTS}    print('x' * 1000)\n"
    runs(write(ROWS.replace(GRADIENT_STARTS, printing)))


def test_what_is_printed_is_limited(write):
    path = write(f"while True:\n    print('x' * 10**6)\n{ROWS}")
    assert "prints more than 1 MB; take the prints out" in str(refusal(path, output=1))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import urllib.request as u\nu.urlopen('http://example.com/')", "a check has no network (http://example.com/)"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "a check has no network (socket."),
        ("import socket\nsocket.socket().bind(('127.0.0.1', 0))", "a check has no network (socket.bind)"),
        ("import subprocess\nsubprocess.run(['true'])", "a check runs no other program (subprocess.Popen)"),
        ("import os\nos.system('true')", "a check runs no other program (os.system)"),
        ("import os\nos.fork()", "a check runs no other program (os.fork)"),
        ("import os\nos.execv('/bin/true', ['true'])", "a check runs no other program (os.exec)"),
        ("import multiprocessing as m\nm.Process(target=print).start()", "a check runs no other program"),
        ("import os\nos.kill(os.getppid(), 9)", "changes no other process"),
        ("import resource as r\nr.setrlimit(r.RLIMIT_CPU, (9, 9))", "changes no other process and no limit"),
        ("import ctypes\nctypes.CDLL(None).abort()", "lets a file call no native code"),
        ("import ctypes\nctypes.pythonapi.abort()", "lets a file call no native code"),
        ("open('{outside}', 'w')", "a check changes no file ({outside})"),
        ("open('{outside}', 'ab')", "a check changes no file ({outside})"),
        ("import os\nos.open('{outside}', os.O_CREAT | os.O_WRONLY)", "a check changes no file"),
        ("open(__file__, 'a')", "a check changes no file"),
        ("import os\nos.remove(__file__)", "a check changes no file"),
        ("import os\nos.rename(__file__, __file__ + '2')", "a check changes no file"),
        ("import os\nos.mkdir('{outside}')", "a check changes no file"),
        ("import os\nos.symlink('/', 'all')\nopen('all{outside}', 'w')", "a check changes no file"),
        ("import os\nos.link(__file__, 'mine')\nopen('mine', 'w')", "a check changes no file"),
        ("import os\nos.chmod(__file__, 0)", "a check changes no file"),
        ("import sqlite3\nsqlite3.connect('{outside}')", "a check changes no file"),
        ("import nosuchmodule", "No module named 'nosuchmodule'; install nosuchmodule beside chainrule"),
        ("import sys\nsys.exit(3)", "calls sys.exit"),
        ("input()", "EOFError"),
        ("def f(:", "SyntaxError"),
        ("raise ValueError('\\x1b[31m')", r"ValueError: \x1b[31m"),
        ("import os\nos._exit(3)", "its process ended by itself (code 3)"),
        ("import faulthandler\nfaulthandler._sigsegv()", "crashed outside of Python (SIGSEGV)"),
        ("import os\nos.closerange(3, 400)", "its process ended by itself"),
    ],
)  # fmt: skip
def test_what_a_file_may_not_do_is_said_in_one_line(write, tmp_path, code, said):
    outside = str(tmp_path / "outside.txt")
    path = write(code.replace("{outside}", outside) + f"\n{ROWS}")
    assert said.replace("{outside}", outside) in str(refusal(path))
    assert not (tmp_path / "outside.txt").exists()
    assert path.read_text().endswith(ROWS)


def test_a_refusal_can_be_caught(write):
    runs(
        write(
            f"import urllib.request as u\ntry:\n    u.urlopen('http://a.b/')\nexcept OSError:\n    pass\n{ROWS}"
        )
    )


def test_files_beside_it_are_read_and_what_it_writes_is_thrown_away(write, tmp_path):
    code = """
import os
import helper
assert open("data/points.txt").read() == "beside"
assert open("../shared.txt").read() == "above"
open("figure.png", "w").write("new")
open("notes.txt", "a").write(", added")
assert open("notes.txt").read() == "kept, added"
open("data/new.txt", "w").write("new")
os.makedirs("results/deep")
os.remove("figure.png")
import tempfile, shutil
shutil.rmtree(tempfile.mkdtemp())
"""
    path = write(code + ROWS)
    (path.parent / "helper.py").write_text("answer = 42\n")
    (path.parent / "notes.txt").write_text("kept")
    (path.parent / "data").mkdir()
    (path.parent / "data" / "points.txt").write_text("beside")
    (path.parent.parent / "shared.txt").write_text("above")
    before = sorted(tmp_path.rglob("*"))
    runs(path)
    assert sorted(tmp_path.rglob("*")) == before
    assert (path.parent / "notes.txt").read_text() == "kept"


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
    runs(write("get_ipython().run_line_magic('matplotlib', 'inline')\ndisplay(1)\nbreakpoint()\n" + ROWS))


def test_an_error_in_a_cell_names_the_cell(write):
    cells = [{"cell_type": "code", "source": text} for text in ("x = 1", "x / 0", "")]
    error = refusal(write(json.dumps({"cells": cells}), "net.ipynb"))
    assert str(error).startswith("net.ipynb, cell 2, line 1, in <module>: ZeroDivisionError")
    assert isinstance(error, UserError)
    assert 'File "net.ipynb, cell 2", line 1, in <module>\n    x / 0' in error.traceback


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
import chainrule.gradcheck.check, chainrule.gradcheck.numeric.comparison, chainrule.gradcheck.result
import chainrule.gradcheck.program.interface as interface, chainrule.gradcheck.program.local as local
chainrule.gradcheck.result.Check.right = property(lambda self: True)
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
    for text in (wrong, PATCHES + wrong):
        with RemoteProgram(write(text), LIMITS) as program:
            outcomes.append(check(program))
    plain, patched = outcomes
    assert plain.verdict == "wrong"
    assert [t.difference for t in patched.tensors] == [t.difference for t in plain.tensors]
    assert [c.name for c in patched.causes] == [c.name for c in plain.causes]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left")
def test_the_process_ends_with_the_one_that_drives_it(write):
    path = write("import time\nopen('started', 'w').close()\nwhile True:\n    time.sleep(1)\n")
    drive = (
        "from pathlib import Path\nfrom chainrule.gradcheck.sandbox.remote import RemoteProgram\n"
        f"with RemoteProgram(Path({str(path)!r})):\n    pass\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", drive])
    started: list[Path] = []
    try:
        wait_until(lambda: started.extend(at_work(driver.pid)) or started, ENOUGH_S)
    finally:
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()
    wait_until(lambda: not started[0].exists() or " Z " in (started[0] / "stat").read_text(), ENOUGH_S)


def at_work(driver: int) -> list[Path]:
    """Folders in /proc of the children of ``driver`` that run their file."""
    children = (Path("/proc") / str(driver) / "task" / str(driver) / "children").read_text().split()
    return [
        Path("/proc") / child for child in children if (Path("/proc") / child / "cwd" / "started").exists()
    ]
