"""Files with edits: everything else stays byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

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
