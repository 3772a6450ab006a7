"""What recognition finds."""

from __future__ import annotations

from chainrule.gradcheck.recognition.recognised import Recognised


def test_a_gradient_runs_by_its_own_adapter_or_an_assumed_one():
    own = Recognised.by_own_adapter("chainrule_check", "")
    assert own.runs
    assert own._replace(declared="", text="def chainrule_check(rng): ...").runs
    lacking = Recognised.not_checked("backward", "no cost")
    assert (lacking.runs, lacking.doubt) == (False, "no cost")
