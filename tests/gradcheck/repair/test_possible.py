"""How far a change is from what stands there."""

from __future__ import annotations

from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.repair.possible import PossibleRepair
from chainrule.gradcheck.result import TextEdit

LINE = SourceLine("net.py", 3, "dW = X.T @ d")


def repair(after, kind="sign", **more):
    edit = TextEdit("net.py", 3, 5, 3, 12, "X.T @ d", after)
    return PossibleRepair(((Patch(0, kind, LINE, f"dW = {after}"), (edit,)),), **more)


def test_what_changes_little_is_nearer():
    assert repair("X.T @ d * 2").distance < repair("X.T @ d * 2 + l2 * W").distance
    assert repair("-X.T @ d").length == len("-X.T @ d")


def test_the_likelier_slip_is_nearer():
    assert repair("-X.T @ d").distance < repair("-X.T @ d", "call").distance


def test_a_gradient_that_keeps_another_shape_is_far():
    assert repair("-X.T @ d", misshapen=("b",)).distance > repair("X.T @ d * 2 + l2 * W").distance


def test_it_has_all_changes_and_edits():
    both = PossibleRepair((*repair("d").parts, *repair("e").parts))
    assert [edit.after for edit in both.edits] == ["d", "e"]
    assert len(both.patches) == 2
