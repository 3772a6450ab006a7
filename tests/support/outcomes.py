"""Outcomes of checks, written by hand."""

from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.result import Cause, Entry, Line, Tensor

W1 = Tensor(
    "W1", (5, 4), "wrong", 0.25, 0.125, worst=(Entry((2, 3), 0.5, 0.625), Entry((0, 0), 1.0, 2.0)), checked=20
)
B1 = Tensor("b1", (5,), "right", 0.0, 1e-13, zero=True, checked=5)
W2 = Tensor("W2", (3, 5), "suspect", 3e-6, 2e-6, checked=9, coverage="9 directions; what they miss")
LINE = Line("net.py", 14, "    dW1 = G @ X.T + lam * W1")
HALF = Cause("regulariser-half", ("W1",), 0.98, "line 14, W1: half of it", "do not forget the 2", LINE)
DOUBLE = Cause("double-batch-mean", ("W1",), 0.98, "W1: once too often", "divide once")
LESS = Cause("unknown", ("W1",), 0.1, "W1 differs", "look at it")
WRONG = Check(
    "wrong", "gradient", (W1, B1, W2), (HALF, DOUBLE, LESS), ("taken for a net", "at a kink"),
    "complex step", 2.302585,
)  # fmt: skip
RIGHT = Check("right", None, (B1,), scheme="complex step", cost=1.0)
