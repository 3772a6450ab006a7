"""Gradients that have raised a NameError."""

from __future__ import annotations

import linecache

import pytest

from chainrule.gradcheck.diagnosis.undefined_name import told_by


def raised(body, **names):
    text = f"def f(x):\n    {body}\n"
    linecache.cache["net.py"] = len(text), None, text.splitlines(keepends=True), "net.py"
    namespace = dict(names)
    exec(compile(text, "net.py", "exec"), namespace)
    with pytest.raises(NameError) as error:
        namespace["f"](3)
    return told_by(error.value)


def test_the_line_that_reads_what_nothing_gives_a_value_is_told():
    outcome = raised("y = 2 * x\n    return y + z")
    assert outcome is not None
    (cause,) = outcome.causes
    assert (cause.name, str(cause.line)) == ("undefined-name", "net.py, line 3")
    assert cause.line is not None
    assert cause.line.text == "    return y + z"


def test_a_name_that_has_a_value_in_other_cases_is_none():
    assert raised("if x > 5:\n        z = 3\n    return z") is None


def test_an_error_that_the_file_raises_itself_is_none():
    assert raised("raise NameError('which?')") is None
    assert raised("raise NameError('z', name='z')", z=3) is None
