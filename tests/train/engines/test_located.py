"""Named tuples where they lie: their attributes by the same names, changed by nobody, in one word."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit, types  # needs it

from chainrule.train.engines.located import located
from chainrule.train.engines.parts import ENTRY, part


class Inner(NamedTuple):
    height: int
    width: int


class Outer(NamedTuple):
    count: int
    inner: Inner
    whether: bool
    numbers: np.ndarray


@part
def read(outer, i):
    outer.numbers[i] = outer.count + 10 * outer.inner.width if outer.whether else -1.0


@njit(**ENTRY)
def called(given):
    outer = located(given)
    read(outer, 0)
    read(outer, 1)


@pytest.mark.parametrize(("whether", "expected"), [(True, 52.0), (False, -1.0)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parts_read_and_write_what_a_tuple_holds(whether, expected, dtype):
    outer = Outer(2, Inner(7, 5), whether, np.zeros(3, dtype))
    called(outer)
    assert outer.numbers.tolist() == [expected, expected, 0]


def test_a_part_is_compiled_once_for_each_kind_of_tuple_and_is_given_a_pointer():
    called(Outer(2, Inner(7, 5), True, np.zeros(3)))
    called(Outer(3, Inner(1, 1), False, np.ones(2)))
    kinds = [signature[0] for signature in read.signatures]
    assert len({kind.of for kind in kinds}) == len(kinds)
    of_float64 = [kind for kind in kinds if kind.of.types[3].dtype == types.float64]
    (compiled,) = (read.overloads[signature] for signature in read.signatures if signature[0] in of_float64)
    (function,) = (
        function
        for function in compiled.library._final_module.functions
        if function.name == compiled.fndesc.llvm_func_name
    )
    # Where the result and an error go, the tuple's place, and i.
    assert len(list(function.arguments)) == 4
