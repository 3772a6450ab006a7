"""The record of a bug, and the cause that it becomes."""

from dataclasses import FrozenInstanceError, fields

import pytest

from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.result import Cause

HALF = Bug("half", "half of it", "It is halved.", "g / 2", "g", "leave out the 2")


def test_a_bug_becomes_the_cause_of_what_is_wrong_with_some_tensors():
    assert HALF.cause(["W1", "b1"], 0.9, "0.5 x") == Cause(
        "half", ("W1", "b1"), 0.9, "0.5 x", "leave out the 2", line=None
    )


@pytest.mark.parametrize(
    ("given", "repair"), [("", "leave out the 2"), ("do not divide by N", "do not divide by N")]
)
def test_the_usual_repair_stands_where_no_other_is_given(given, repair):
    assert HALF.cause(("W1",), 0.9, "0.5 x", given).repair == repair


def test_a_cause_keeps_its_tensors_when_the_list_they_came_in_changes():
    tensors = ["W1"]
    cause = HALF.cause(tensors, 0.9, "")
    tensors.append("W2")
    assert cause.tensors == ("W1",)


@pytest.mark.parametrize("field", [field.name for field in fields(Bug)])
def test_no_field_of_a_bug_can_be_changed(field):
    with pytest.raises(FrozenInstanceError):
        setattr(HALF, field, "other")
