"""The whole numbers of a file that have a name."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.repair.named_numbers import (
    arguments_of,
    named_numbers,
    settings_named,
    settings_written,
)

TEXT = """
KOPF, rate = 2, 0.1  # ä
def pool(x, size=2, *, stride=3):
    y = x[:, 4]
    return x.sum(axis=1) / 5
class Pool:
    width: int = 6
    def __init__(self, k, on=True):
        self.k = 7; self.ä = 8
layer = Pool(9)
param = {"pad": 10, "kernel": (11, 12)}
pool(0, 13, stride=14)
np.zeros(15)
"""


def numbers(text):
    return {(number.name, number.value) for number in named_numbers(text)}


def test_defaults_constants_attributes_entries_and_arguments():
    assert numbers(TEXT) == {
        ("KOPF", 2), ("size", 2), ("stride", 3), ("width", 6), ("k", 7), ("ä", 8), ("k", 9),
        ("pad", 10), ("kernel", 11), ("kernel", 12), ("size", 13), ("stride", 14),
    }  # fmt: skip


def test_each_is_written_where_it_stands():
    text = applied(TEXT, [number.written("net.py", 64) for number in named_numbers(TEXT)])
    assert {value for _, value in numbers(text)} == {64}


def test_the_arguments_of_other_texts_name_what_is_given():
    known = arguments_of(TEXT)
    (number,) = named_numbers("def check(rng):\n    return lambda x: pool(x, 3)", known)
    assert (number.name, number.value) == ("size", 3)


def test_what_is_no_python_has_none():
    assert named_numbers("def f(") == []


SETTINGS = named_numbers("def pool(x, size=2, stride=2, groups=3): ...")


@pytest.mark.parametrize(
    ("after", "of"),
    [
        ("0.25 * d", {"size", "stride"}),
        ("d / 2", {"size", "stride"}),
        ("d / 6", {"size", "stride", "groups"}),
        ("d / 3", {"groups"}),
        ("d / 7", set()),
        ("d / size", set()),
    ],
)
def test_a_number_that_is_made_of_settings(after, of):
    patches = [Patch(0, "scale", SourceLine("net.py", 1, "g = d"), f"g = {after}")]
    assert {number.name for number in settings_written(patches, SETTINGS)} == of


@pytest.mark.parametrize(("after", "of"), [("d / size", {"size"}), ("d / groups", set()), ("d / 2", set())])
def test_a_setting_in_whose_place_another_would_give_the_same(after, of):
    patches = [Patch(0, "scale", SourceLine("net.py", 1, "g = d"), f"g = {after}")]
    assert {number.name for number in settings_named(patches, SETTINGS)} == of
