"""A user's function run again with a value replaced."""

import numpy as np

from chainrule.gradcheck.program.interface import Replacement
from chainrule.gradcheck.program.watching import replacing
from support.watched import X, recorded


def site_of(found, text, value):
    return next(s for s in found if s.line.text.strip() == text and np.array_equal(s.array, value))


def change(site, value):
    return Replacement(site.site, site.occurrence, np.asarray(value))


def test_a_replaced_value_changes_what_follows(program):
    found, _ = recorded(program.plain, X, X)
    site = site_of(found, "a = x + y", 2 * X)
    with replacing(program.plain, [change(site, [16.0, 64.0])]):
        assert program.plain(X, X).tolist() == [1, 2]
    assert program.plain(X, X).tolist() == (np.sqrt(2 * X) / 4).tolist()


def test_a_replaced_divisor_changes_the_quotient(program):
    found, _ = recorded(program.plain, X, X)
    site = site_of(found, "return b / 4", 4)
    with replacing(program.plain, [change(site, 8)]):
        np.testing.assert_allclose(program.plain(X, X), np.sqrt(2 * X) / 8)


def test_a_value_in_a_helper_is_replaced(program):
    found, _ = recorded(program.with_helper, X)
    with replacing(program.with_helper, [change(site_of(found, "return x * SCALE", [2, 12]), [10.0, 20.0])]):
        assert program.with_helper(X).tolist() == [9, 19]


def test_what_a_statement_changed_in_place_is_replaced_in_place(program):
    found, _ = recorded(program.in_place, X)
    site = site_of(found, "out[0] = x[1]", [4, 0])
    with replacing(program.in_place, [change(site, [100.0, 200.0])]):
        assert program.in_place(X).tolist() == [101, 612]


def test_one_evaluation_of_a_loop_is_replaced(program):
    found, _ = recorded(program.loops, X)
    site = next(
        s for s in found if s.occurrence == 2 and s.array == 2 and s.line.text.strip().startswith("total")
    )
    with replacing(program.loops, [change(site, 50.0)]):
        assert program.loops(X) == 51


def test_a_number_is_replaced_by_a_number_of_its_type(program):
    found, _ = recorded(program.counted, X)
    with replacing(program.counted, [change(site_of(found, "n = len(x)", 2), np.array(7.0))]):
        assert program.counted(X) == ("int", 7)
