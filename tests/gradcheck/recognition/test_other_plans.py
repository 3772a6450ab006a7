"""The plan of an adapter with one thing set otherwise."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.other_plans import (
    holding,
    made_as,
    made_by,
    with_argument,
    with_key,
    with_made,
    without_norm,
)
from chainrule.gradcheck.recognition.parameters import ParameterSet
from support.adapters import defined, plan

FUNCTIONS = "def cost(net, X, Y): ...\ndef gradient(net, X, Y): ..."
NET = defined(f"class Net:\n    def __init__(self, d, settings=None): ...\n{FUNCTIONS}")


def of_net(parameters: ParameterSet) -> AdapterPlan:
    return replace(plan(FUNCTIONS, parameters), file=NET)


MADE = of_net(ParameterSet({}, net="Net(d=6)"))


def test_an_object_is_made_otherwise_or_holds_something_else():
    assert made_as(with_made(MADE, "Net(d=6)", "d", "7")) == "Net(d=7)"
    assert made_as(with_key(MADE, "Net(d=6)", "settings", {"one": "1"}, "two", "2")) == (
        "Net(d=6, settings={'one': 1, 'two': 2})"
    )
    assert holding(MADE, "kind", "'two'").parameters.held == {"kind": "'two'"}


def test_an_argument_has_another_value():
    assert with_argument(with_argument(MADE, "a", "1"), "a", "2").options == {"a": "2"}


@pytest.mark.parametrize(
    ("made", "called"), [("Net(d=6)", True), ("Net.__new__(Net)", False), ("other()", None)]
)
def test_what_makes_an_object_is_known_by_its_call(made, called):
    constructor, call = made_by(of_net(ParameterSet({"net": made})))
    assert (constructor is not None, call is not None) == (called is not None, bool(called))


def test_scales_and_shifts_may_be_left_out_but_are_not_all():
    both = of_net(ParameterSet({"W": "1", "gamma": "2", "beta": "3"}))
    without = without_norm(both)
    assert without is not None
    assert without.parameters.values == {"W": "1"}
    assert without.options == {"gamma": "None", "beta": "None"}
    assert without_norm(of_net(ParameterSet({"gamma": "2", "beta": "3"}))) is None
    assert without_norm(of_net(ParameterSet({"W": "1"}))) is None
