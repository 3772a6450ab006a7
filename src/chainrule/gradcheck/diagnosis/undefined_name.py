"""Names that a gradient reads and nothing gives a value: it ends with a NameError, whatever it is given."""

from __future__ import annotations

import linecache
import traceback
from dataclasses import replace

from chainrule.gradcheck.catalogue.any_backward import UNDEFINED_NAME
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.interface import SourceLine
from chainrule.gradcheck.program.needed_names import names_of_module
from chainrule.gradcheck.program.reaching import is_users
from chainrule.gradcheck.result import Line


def undefined(name: str, line: SourceLine) -> Check:
    """What is said of a gradient that reads such a name.

    >>> print(undefined("maks", SourceLine("net.py", 7, "dh = dout * maks")))
    the gradient is wrong: undefined-name
    <BLANKLINE>
    1. undefined-name, 100% sure
       line 7, `maks`: nothing gives it a value, so that there is no gradient
       net.py, line 7:
         dh = dout * maks
       repair: give the name a value before this line: take it out of the cache, or hand it in
    """
    place = Line.of_source(*line)
    evidence = f"{place.place}, `{name}`: nothing gives it a value, so that there is no gradient"
    cause = UNDEFINED_NAME.cause((), 1.0, evidence)
    return Check("wrong", "gradient", (), (replace(cause, line=place),))


def told_by(error: NameError) -> Check | None:
    """The same of a gradient that has raised this; None where the name may have a value in other cases."""
    if isinstance(error, UnboundLocalError) or not error.name:
        return None
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        code = frame.f_code
        if is_users(code.co_filename):
            is_global = error.name in names_of_module(code) and error.name not in frame.f_globals
            text = linecache.getline(code.co_filename, number).rstrip()
            return undefined(error.name, SourceLine(code.co_filename, number, text)) if is_global else None
    return None
