"""A family is what its module holds."""

from types import ModuleType

import pytest

from chainrule.gradcheck.catalogue import FAMILIES, bias
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.family import Family


def bug(name):
    return Bug(name, "what", "Why.", "wrong", "right", "repair")


def module(doc, **values):
    made = ModuleType("here.there.sums", doc)
    vars(made).update(values)
    return made


def test_the_bugs_are_those_of_the_module_in_the_order_in_which_they_stand_there():
    zero, again = bug("zero"), bug("again")
    family = Family.of(module("Sums.", ZERO=zero, WORDS="text", Bug=Bug, AGAIN=again, helper=bug))
    assert family.bugs == (zero, again)


def test_its_name_is_that_of_the_file():
    assert Family.of(module("Sums.")).name == "sums"


@pytest.mark.parametrize(
    ("doc", "about"),
    [
        ("Sums.", "Sums"),
        ("Sums", "Sums"),
        ("\n  Sums over samples.\n", "Sums over samples"),
        ("1.5 x.", "1.5 x"),
    ],
)
def test_what_it_is_about_is_the_modules_docstring_without_a_stop(doc, about):
    assert Family.of(module(doc)).about == about


def test_a_module_without_bugs_is_an_empty_family():
    assert Family.of(module("Nothing.", WORDS="text")) == Family("sums", "Nothing", ())


def test_a_family_of_the_catalogue_is_made_from_its_file():
    family = Family.of(bias)
    assert family in FAMILIES
    assert [bug.name for bug in family.bugs] == [
        "bias-mean-not-sum", "bias-summed-over-all", "bias-broadcast", "bias-reciprocal", "bias-dropped",
    ]  # fmt: skip
