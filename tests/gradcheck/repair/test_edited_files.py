"""Files with edits: everything else stays byte for byte."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from chainrule.gradcheck.repair.edited_files import diff, edited
from chainrule.gradcheck.result import TextEdit


def test_a_script_keeps_its_encoding_and_line_ends():
    before = "# -*- coding: latin-1 -*-\r\nå = 1\r\ng = å * 2\r\n".encode("latin-1")
    after = edited(Path("net.py"), before, [TextEdit("net.py", 3, 6, 3, 7, "*", "+")])
    assert after == before.replace(b"*", b"+").replace(
        b"# -+- coding: latin-1 -+-", b"# -*- coding: latin-1 -*-"
    )


def notebook(*cells: list[str]) -> bytes:
    shown = [{"cell_type": "markdown", "metadata": {}, "source": ["text\n"]}]
    shown += [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return (json.dumps({"cells": shown, "nbformat": 4, "nbformat_minor": 4}, indent=1) + "\n").encode()


def test_a_notebook_within_its_cell():
    edit = TextEdit("net.ipynb, cell 2", 2, 4, 2, 5, "2", "3")
    before = notebook(["x = 2\n"], ["y = 1\n", "z = 2\n"])
    assert edited(Path("net.ipynb"), before, [edit]) == before.replace(b"z = 2", b"z = 3")


def test_a_notebook_of_another_text():
    edit = TextEdit("net.ipynb, cell 1", 1, 4, 1, 5, "3", "4")
    assert edited(Path("net.ipynb"), notebook(["x = 2\n"]), [edit]) is None


def test_the_diff():
    assert diff("net.py", "a\nb\n", "a\nc\n").splitlines()[2:] == ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]


@pytest.mark.parametrize(("before", "after"), [
    ("a\nb\n", "a\nc\n"), ("a\nb", "a\nc"), ("a\nb\nd\n", "a\nc\nd\n"), ("a\n\x0cb\n", "a\n\x0cc\n"),
])  # fmt: skip
@pytest.mark.skipif(shutil.which("git") is None, reason="git takes the diff")
def test_the_diff_is_taken_as_it_stands(tmp_path, before, after):
    (tmp_path / "net.py").write_text(before)
    applying = ["git", "apply", "-p0", "--unidiff-zero", "-"]
    subprocess.run(applying, input=diff("net.py", before, after), text=True, cwd=tmp_path, check=True)
    assert (tmp_path / "net.py").read_text() == after


def test_the_diff_of_a_cell_says_nothing_of_its_end():
    assert diff("net.ipynb, cell 1", "a\nb", "a\nc").splitlines()[2:] == ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]
