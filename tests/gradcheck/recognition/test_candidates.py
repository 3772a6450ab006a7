"""Adapters to try, the likely ones first."""

from __future__ import annotations

from chainrule.gradcheck.program.definitions import Definitions, definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.candidates import candidates
from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.conventions import Convention


def defined(text: str) -> Definitions:
    return definitions(Source((Part("net.py", text),)))


LISTS = defined("def cost(X, Y, Ws, bs, lam): ...\ndef gradients(X, Y, Ws, bs, lam): ...")


def test_the_layout_that_others_of_the_file_have_comes_first_and_once():
    rows = Convention("rows", "integers", "in, out", "(K,)")
    conventions = [each.plan.convention for each in candidates(LISTS, list(choices(LISTS)), {}, first=rows)]
    assert conventions[0] == rows
    after = [convention for convention in conventions if convention != rows]
    assert conventions == [*[rows] * (len(conventions) - len(after)), *after]


def test_what_begins_like_one_that_failed_is_not_tried():
    first = next(candidates(LISTS, list(choices(LISTS)), {}))
    others = candidates(LISTS, list(choices(LISTS)), {}, {first.beginning})
    assert first.beginning not in {candidate.beginning for candidate in others}


def test_parameters_in_lists_have_other_depths_and_those_with_names_of_their_own_have_none():
    two = next(
        each for each in candidates(LISTS, list(choices(LISTS)), {}) if each.plan.parameters.layers == 2
    )
    depths = {variant.value: variant.text for variant in two.depths()}
    assert sorted(depths) == ["1", "3"]
    assert "size=(4, 5)" in depths["3"]
    named = defined("def cost(X, Y, W1, b1, W2, b2): ...\ndef gradients(X, Y, W1, b1, W2, b2): ...")
    assert not list(next(candidates(named, list(choices(named)), {})).depths())


def test_an_object_made_from_widths_has_other_depths():
    made = defined(
        "class Net:\n"
        "    def __init__(self, sizes): self.W = [s for s in sizes]\n"
        "    def cost(self, X, Y): return self.W\n"
        "    def gradients(self, X, Y): return self.W"
    )
    first = next(
        each for each in candidates(made, list(choices(made)), {}) if "[6, 5, 3]" in each.adapter.text
    )
    assert "Net([6, 5, 4, 3])" in {v.value: v.text for v in first.depths()}["3"].replace("sizes=", "")
