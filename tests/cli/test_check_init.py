"""``chainrule check --init``: an adapter to start from, written where it runs and left out where it does not."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from chainrule.cli.app import run
from support.commands import COLUMNS, SECOND, WITHOUT_ADAPTER, printed, refused, write
from support.places import SUBMISSIONS


def test_init_writes_an_adapter_that_runs(capsys):
    path = write("net.py", WITHOUT_ADAPTER)
    path.chmod(0o755)
    out = printed(capsys, 0, "--init", "net.py")
    assert out.startswith("def chainrule_check(rng):")
    assert "added to net.py: it runs" in out
    assert path.read_text() == WITHOUT_ADAPTER.rstrip() + "\n\n\n" + out.partition("\n\nadded")[0] + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert "--init" not in printed(capsys, 0, "net.py")


def test_init_leaves_an_adapter_alone(capsys):
    path = write("net.py", COLUMNS)
    assert refused(capsys, "check", "--init", "net.py") == [
        "net.py: already defines chainrule_check; run: chainrule check net.py"
    ]
    assert path.read_text() == COLUMNS


def test_init_writes_nothing_that_does_not_run(capsys):
    text = "from nosuchmodule import exp\n" + WITHOUT_ADAPTER.replace("np.exp", "exp")
    path = write("net.py", text)
    assert run(["check", "--init", "net.py"]) == 2
    captured = capsys.readouterr()
    assert "No module named 'nosuchmodule'" in captured.err
    assert "net.py: nothing was written" in captured.err
    assert "ComputeGradients(X, Y, EvaluateClassifier(X, W, b), W, lamda)" in captured.out
    assert path.read_text() == text


def test_init_is_quiet_when_asked(capsys):
    write("net.py", WITHOUT_ADAPTER)
    assert printed(capsys, 0, "--init", "net.py", "--quiet") == ""


def test_init_adds_a_cell_to_a_notebook(capsys):
    notebook = json.loads((SUBMISSIONS / "notebooks" / "two_layers.ipynb").read_text())
    notebook["cells"].pop()
    path = write("net.ipynb", json.dumps(notebook))
    printed(capsys, 0, "--init", "net.ipynb")
    cells = json.loads(path.read_text())["cells"]
    assert cells[:-1] == notebook["cells"]
    assert cells[-1]["id"] == "chainrule_check"
    assert "the gradient is right" in printed(capsys, 0, "net.ipynb")


def test_init_keeps_line_endings_and_encoding(capsys):
    path = Path("net.py")
    path.write_bytes(("# coding: latin-1\n# é\n" + WITHOUT_ADAPTER).replace("\n", "\r\n").encode("latin-1"))
    printed(capsys, 0, "--init", "net.py")
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert "é" in data.decode("latin-1")
    printed(capsys, 0, "net.py")


def test_init_writes_an_adapter_for_each_gradient(capsys):
    write("net.py", WITHOUT_ADAPTER + SECOND)
    out = printed(capsys, 0, "--init", "net.py")
    assert "def chainrule_check_ComputeGradients(rng):" in out
    assert "added to net.py: they run" in out
    assert printed(capsys, 0, "net.py").startswith(
        "2 gradients, 2 right: ComputeGradients, ComputeGradientsSVM\n"
    )
    write("net.py", WITHOUT_ADAPTER + SECOND)
    printed(capsys, 0, "--init", "net.py", "--pick", "2")
    assert printed(capsys, 0, "net.py").startswith("the gradient is right\n")


LAYERS = """
import numpy as np

class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T

def act_forward(x, kind="+"):
    if kind == "+":
        return np.exp(x), x
    elif kind == "-":
        return np.exp(-x), x

def act_backward(dout, cache, kind="+"):
    if kind == "+":
        return dout * np.exp(cache)
    elif kind == "-":
        return -dout * np.exp(-cache)
"""


def test_adapters_of_layers_have_names_that_python_takes(capsys):
    write("layers.py", LAYERS)
    out = printed(capsys, 0, "--init", "layers.py")
    assert "def chainrule_check_Dense_forward_Dense_backward(rng):" in out
    compile(Path("layers.py").read_text(), "layers.py", "exec")
    assert printed(capsys, 0, "layers.py").startswith("3 gradients, 3 right")
