"""What is left undone when time is up, and that a verdict which was reached stays."""

import numpy as np
import pytest

from chainrule.errors import TimeUpError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.diagnosis.remaining import Remaining
from chainrule.gradcheck.program.local import LocalProgram
from support.plain_nets import X, Y, cost, drawn, gradient, halved, named, numeric_gradient


class Limited:
    """A program whose time is up with the first request of a kind."""

    def __init__(self, program, last):
        self._program, self._last, self._over = program, last, False

    def __getattr__(self, request):
        def asked(*arguments):
            self._over = self._over or self._last(request, arguments)
            if self._over:
                raise TimeUpError("net.py: still runs after 1 s")
            return getattr(self._program, request)(*arguments)

        return asked


def limited(own, last, **beside):
    return Limited(LocalProgram(cost, own, drawn(), (X, Y, 0.1), **beside), last)


def is_trace(request, arguments):
    return request == "trace" and arguments[2] == "gradient"


def test_a_cause_that_was_named_stands_without_its_line():
    outcome = check(limited(halved, is_trace))
    assert (outcome.verdict, named(outcome)[0]) == ("wrong", "regulariser-half")
    assert outcome.causes[0].line is None
    assert outcome.undone == ("their lines",)
    told = "time was up: the search for their lines was not finished; give more with --time SECONDS"
    assert told in outcome.notes
    assert check(limited(halved, lambda *asked: False)).undone == ()


def test_what_comes_after_is_undone_as_well():
    asks_numeric = lambda request, arguments: request == "gradient" and arguments[-1] == "numeric"  # noqa: E731
    outcome = check(limited(halved, asks_numeric, numeric=numeric_gradient))
    assert outcome.verdict == "wrong"
    assert outcome.undone == ("the numeric check and the update", "their lines")
    with pytest.raises(TimeUpError):
        check(limited(gradient, asks_numeric, numeric=numeric_gradient))


def test_a_verdict_stands_where_time_is_up_while_its_causes_are_looked_for():
    def first_mended(request, arguments):
        return request == "patches"

    def doubled(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return {**g, "W1": g["W1"] + 0.3 * np.cos(p["W1"])}

    outcome = check(limited(doubled, first_mended))
    assert outcome.verdict == "wrong"
    assert outcome.undone[0] == "its causes"


@pytest.mark.parametrize("size", [1, 2, 3])
def test_nothing_is_right_before_all_has_been_tried(size):
    few = limited(
        gradient, lambda request, arguments: request == "gradient" and arguments[1][0].shape[1] == size
    )
    with pytest.raises(TimeUpError):
        check(few)
    assert check(limited(gradient, is_trace)).right


def test_work_that_takes_a_time_that_is_up_for_a_failure_is_undone():
    class Over:
        def require_time(self):
            raise TimeUpError("over")

    remaining = Remaining(Over())
    assert remaining.done("lines", lambda: 1, 2) == 1
    assert remaining.done("more", lambda: 3, 4) == 4
    assert remaining.undone == ["lines", "more"]


def test_differences_that_are_not_taken_are_told():
    outcome = check(limited(halved, is_trace), measured=True)
    assert outcome.undone[-1] == "its differences"
    assert any("its differences" in note for note in outcome.notes)
