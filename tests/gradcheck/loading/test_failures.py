"""What is said of statements that did not run: where they stand and why, whatever the exception is."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.loading.failures import failure_of, places
from chainrule.gradcheck.loading.missing import absence
from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.program.limited import OutOfTimeError
from chainrule.gradcheck.program.source import Part, Source


def statements(*texts):
    parts = [
        Part("/a/net.py" if len(texts) == 1 else f"net.ipynb, cell {i}", t) for i, t in enumerate(texts, 1)
    ]
    return top_level(Source(tuple(parts))).statements


class Silent(Exception):
    def __str__(self):
        raise SystemExit


@pytest.mark.parametrize(
    ("error", "said", "module"),
    [
        (ValueError("no"), "ValueError: no", ""),
        (ValueError(), "ValueError", ""),
        (ValueError("x" * 10**6), f"ValueError: {'x' * 188}", ""),
        (MemoryError("Unable to allocate"), "it needs more memory; give it more with --memory MB", ""),
        (OutOfTimeError("it takes more than 2 s"), "it takes more than 2 s", ""),
        (absence("nosuch"), "ModuleNotFoundError: No module named 'nosuch'", "nosuch"),
        (Silent(), f"{__name__}.Silent: <exception str() failed>", ""),
        (SyntaxError("invalid syntax", ("a.py", 1, 1, "def", 1, 2)), "SyntaxError: invalid syntax", ""),
    ],
)
def test_why_a_statement_could_not_run(error, said, module):
    (statement,) = statements("\n\nf()")
    assert failure_of(statement, error) == (f"net.py, line 3 could not run: {said}", module)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["f()"], "net.py, line 1"),
        (["f(\n)"], "net.py, lines 1-2"),
        (["f()\n\ng()\n\n\nh()"], "net.py, lines 1-3, 6"),
        (["f()", "", "\n\nf()"], "net.ipynb, cell 1, line 1; net.ipynb, cell 3, line 3"),
    ],
)
def test_which_statements_did_not_run(texts, said):
    assert places(statements(*texts)) == said
