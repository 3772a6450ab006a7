"""A user's file as it can be run here."""

from chainrule.gradcheck.loading import cupy
from chainrule.gradcheck.loading.runnable import runnable


def test_what_is_neither_here_nor_python_3_is_made_so(tmp_path, monkeypatch):
    monkeypatch.setattr(cupy, "find_spec", lambda name: None)
    path = tmp_path / "net.py"
    path.write_text("import cupy as cp\nprint cp.ones(2)\n")
    read = runnable(path)
    assert read.parts[0].text == "import numpy as cp\nprint(cp.ones(2))\n"
    assert len(read.notes) == 2
