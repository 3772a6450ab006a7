"""Whether there is a compiler, and what the user is told of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chainrule.machine import compiler
from chainrule.machine.compiler import SWITCH, KeptFunction


@pytest.mark.parametrize("lacking", ["numba", "compiling"])
def test_nothing_is_compiled_without_numba_and_its_compiler(monkeypatch, compiling, lacking):
    if lacking == "numba":
        # Imports of a name that stands for None fail.
        monkeypatch.setitem(sys.modules, "numba", None)
    else:
        monkeypatch.setattr("numba.config.DISABLE_JIT", 1)
    compiler._installed.cache_clear()
    try:
        assert not compiler.available()
    finally:
        monkeypatch.undo()
        compiler._installed.cache_clear()


def test_the_first_compilation_is_announced(monkeypatch, compiling, tmp_path):
    source = tmp_path / "loops.py"
    source.touch()

    def noted() -> str | None:
        return compiler.note(
            [
                KeptFunction(source, "steps", "float32_weighted_float64"),
                KeptFunction(source, "exchange", "float32"),
            ]
        )

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv(SWITCH, "off")
    assert noted() is None
    monkeypatch.delenv(SWITCH)
    note = noted()
    assert note is not None
    assert SWITCH in note
    (tmp_path / "kept").mkdir()
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    for name, kind in [("steps", "float32"), ("steps", "float32_weighted_float64"), ("exchange", "float32")]:
        # Code for other numbers, or for samples without weights, is none for these.
        assert noted() == note
        kept = f"loops.{compiler.kept_name(source, name)}-1.{version}.{kind}.0123456789ab.nbc"
        (tmp_path / "kept" / kept).touch()
    assert noted() is None
    # What it calls into may have changed as well.
    (tmp_path / "beside.py").touch()
    assert noted() is None
    (tmp_path / "beside.py").write_text("changed")
    assert noted() == note


def test_where_compiled_code_is_kept_can_be_told(monkeypatch, tmp_path):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "cache" / name)
    shared = tmp_path / "cache" / "chainrule" / "compiled"
    assert compiler.cache_folder() == shared
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "own"))
    assert compiler.cache_folder() == tmp_path / "own"
    package = Path(compiler.__file__).parents[1]
    monkeypatch.setattr("os.access", lambda path, mode: Path(path).is_relative_to(package))
    assert compiler.cache_folder() == package / "__pycache__"


def test_where_numba_can_keep_nothing_numpy_trains_and_it_is_said(monkeypatch, compiling, tmp_path):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    assert compiler.available()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert compiler.cache_folder() is None
    assert not compiler.available()
    assert compiler.note(()) == f"NumPy trains, as {compiler.UNKEPT}"
    monkeypatch.setenv(SWITCH, "off")
    assert compiler.note(()) is None
