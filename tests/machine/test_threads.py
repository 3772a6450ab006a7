"""How many threads products take."""

from __future__ import annotations

import sys
from types import ModuleType

from threadpoolctl import ThreadpoolController

from chainrule.machine import threads
from chainrule.machine.threads import blas_threads, limited


def test_threads_are_those_of_blas():
    with limited(1):
        assert blas_threads() == 1


def test_where_no_library_is_known_there_is_one_thread(monkeypatch):
    none = ThreadpoolController().select(prefix="none of these")
    monkeypatch.setattr(threads, "_libraries", lambda modules: none)
    assert blas_threads() == 1


def test_libraries_are_looked_for_again_where_more_modules_are_loaded(monkeypatch):
    before = threads._libraries(len(sys.modules))
    assert threads._libraries(len(sys.modules)) is before
    monkeypatch.setitem(sys.modules, "one_more_module", ModuleType("one_more_module"))
    assert threads._libraries(len(sys.modules)) is not before
