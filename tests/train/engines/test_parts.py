"""How code is compiled: parts within what Python calls, once each."""

from __future__ import annotations

import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.train.engines.parts import part


@part
def tripled(x, times):
    return x * times


@part
def summed(x):
    return tripled(x, 3) + tripled(x, x)


@njit
def called(x):
    return summed(x) + tripled(x, 0)


def test_parts_are_compiled_once_whatever_constants_they_are_called_with():
    assert called(2) == 10
    assert len(tripled.signatures) == 1


def test_parts_are_machine_code_within_what_calls_them_alone():
    called(2)
    (compiled,) = summed.overloads.values()
    assert not compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name)
    assert "ret " in compiled.library.get_llvm_str()
