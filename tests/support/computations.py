"""Computations as records, small."""

from __future__ import annotations

from typing import Any

from chainrule.records.checked import CheckedComputation, CheckedEntry, CheckedFile, CheckedValue

WRONG = {"state": "wrong", "entries": [CheckedEntry(index=[0, 1], given=0.25, true=-1.5)]}


def value(name: str, way: str, /, **changes: Any) -> CheckedValue:
    """One of a line, of two by three entries, right."""
    given = {
        "name": name, "way": way, "place": "line 3", "text": f"f({name})", "shapes": [[2, 3]], "turns": 1,
        "state": "right", "entries": [], "true_shape": None, "turn": 0, "derivative_of": None,
    }  # fmt: skip
    return CheckedValue.model_validate({**given, **changes})


def computation(**wrong: Any) -> CheckedComputation:
    """``out`` of ``x`` and ``w``, and the way back to both; ``dw`` as it is said, wrong by default."""
    values = [
        value("x", "forward", place="", text=""),
        value("w", "forward", place="", text=""),
        value("out", "forward"),
        value("dout", "backward", place="", text="", derivative_of=2),
        value("dw", "backward", derivative_of=1, **{**WRONG, **wrong}),
        value("between", "backward"),
        value("dx", "backward", derivative_of=0, state="follows"),
    ]
    edges = [[0, 2], [1, 2], [3, 4], [0, 4], [3, 5], [5, 6], [1, 6], [4, 6]]
    return CheckedComputation(values=values, edges=edges, count=7)


def checked_file(name: str = "net.py", found: CheckedComputation | None = None) -> CheckedFile:
    """A checked program with a computation."""
    return CheckedFile(
        file=name, headline="the gradient is wrong", outcome="wrong", tensors=[], causes=[], notes=[], scheme="",
        computation=found or computation(),
    )  # fmt: skip
