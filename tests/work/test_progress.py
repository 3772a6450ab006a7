"""Work done, told by files that many processes write."""

from __future__ import annotations

from chainrule.work.progress import counting, report


def test_work_of_all_populations_is_added_and_the_last_word_of_each_counts():
    with counting(3) as counters:
        assert counters.total() == 0
        report(counters.path, 0, 5)
        report(counters.path, 2, 2**40)
        report(counters.path, 0, 6)
        assert counters.total() == 2**40 + 6
        counters.end(2, 10)
        assert counters.total() == 16


def test_a_driver_that_is_gone_is_no_error_and_gets_no_file():
    with counting(1) as counters:
        path = counters.path
    report(path, 0, 5)
    assert not path.exists()
