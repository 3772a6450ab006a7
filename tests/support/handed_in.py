"""Files as they are handed in, run in a process of their own: right ones, and the line with which others end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import indent

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from support.places import CONVENTIONS

ROWS = (CONVENTIONS / "rows.py").read_text()
LIMITS = Limits(seconds=60)


FIRST = """
chainrule_rows = chainrule_check


def chainrule_check(rng):
    before()
    return chainrule_rows(rng)
"""
"""At the end of a file with an adapter: its function ``before`` runs before the adapter."""


def first(code: str, net: str = ROWS) -> str:
    """A net's file that runs ``code`` before it is checked."""
    return f"def before():\n{indent(code, '    ')}\n\n\n{net}\n{FIRST}"


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
