"""Adapters behind a file."""

from __future__ import annotations

import contextlib

from chainrule.gradcheck.files.appended_adapters import FAILS, adapter_of, name_of, running, said
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram

SQUARES = """
def check_squares(rng):
    return dict(parameters=dict(w=rng.normal(size=4)), data=(), cost=lambda w: w @ w, gradient=lambda w: {} * w)
"""


def test_each_says_whether_the_gradient_is_right_with_it(tmp_path):
    path = tmp_path / "net.py"
    path.write_text("import numpy as np\n")

    @contextlib.contextmanager
    def runs(contents):
        copy = tmp_path / "copy.py"
        copy.write_bytes(contents[path])
        with RemoteProgram(copy, Limits(60)) as remote:
            yield remote

    texts = [
        SQUARES.replace("check_squares", "chainrule_check").format(factor) for factor in ("2", "3", "lost")
    ]
    with running(path, {}, texts, runs) as remote:
        assert [said(remote, name_of(number)) for number in range(4)] == [{4}, "wrong", FAILS, FAILS]


def test_the_files_own_is_given_under_the_usual_name(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(SQUARES)
    text = adapter_of(path, Recognised.by_own_adapter("check_squares", ""))
    assert text.startswith("def chainrule_check(rng):")
    assert adapter_of(path, Recognised.by_own_adapter("another", "")) == ""
