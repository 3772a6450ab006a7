"""Commands as users run them, in this process."""

from __future__ import annotations

from pathlib import Path

from chainrule.cli.app import run
from support.places import SUBMISSIONS

COLUMNS = (SUBMISSIONS / "conventions" / "columns.py").read_text()
"""A right program."""
WRONG = COLUMNS.replace("G = P - Y", "G = Y - P")
WITHOUT_ADAPTER = COLUMNS.partition("def chainrule_check")[0]
SECOND = """
def ComputeCostSVM(X, Y, W, b, lamda):
    s = W @ X + b
    margins = np.maximum(0, s - np.sum(Y * s, axis=0) + 1) * (1 - Y)
    return np.sum(margins) / X.shape[1] + lamda * np.sum(W**2)


def ComputeGradientsSVM(X, Y, W, b, lamda):
    s = W @ X + b
    G = ((s - np.sum(Y * s, axis=0) + 1) * (1 - Y) > 0) * 1.0
    G = G - Y * np.sum(G, axis=0)
    return G @ X.T / X.shape[1] + 2 * lamda * W, np.sum(G, axis=1, keepdims=True) / X.shape[1]
"""
"""Another cost and its gradient, in the same file."""


def refused(capsys, *arguments: str, code: int = 2) -> list[str]:
    """The lines of a command that is refused with that exit code, and prints nothing else."""
    assert run(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    lines = captured.err.splitlines()
    assert all(line.startswith("chainrule: ") for line in lines), lines
    return [line.removeprefix("chainrule: ") for line in lines]


def printed(capsys, code: int, *arguments: str) -> str:
    """What ``chainrule check`` prints, which ends with that exit code and has nothing to complain of."""
    assert run(["check", *arguments]) == code
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def names(folder: str) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in Path(folder).iterdir()}


TABLE = """
title = "mine"
[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = "xavier"
batch_size = 50
epochs = 2
shuffle = true
learning_rate = 0.5
"""
"""A small table to train."""


def write(name: str, text: str) -> Path:
    """Write a file, and the folder that it is to lie in."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
