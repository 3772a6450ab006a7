"""Many checked programs at a glance."""

from __future__ import annotations

from chainrule.records.checked import CheckedCause
from chainrule.report.checked_list import in_order, listed, said, sentence
from support.computations import checked_file


def checked(name, outcome, *causes):
    found = [
        CheckedCause(
            name=cause, tensors=[], sure=1.0, evidence="", repair="", place=f"{name}, line 3", text="x"
        )
        for cause in causes
    ]
    return checked_file(name).model_copy(update={"outcome": outcome, "causes": found})


FILES = [
    checked("d.py", "right"),
    checked("c.py", "wrong", "regulariser-half"),
    checked("e.py", "did not run"),
    checked("b.py", "wrong", "wrong-sign", "regulariser-half"),
    checked("a.py", "wrong", "regulariser-half"),
]


def test_what_is_wrong_comes_first_like_causes_together_and_leads_to_its_section():
    assert [(line.file, line.outcome, line.causes, line.anchor) for line in listed(FILES)] == [
        ("a.py", "wrong", "regulariser-half", "file-5"),
        ("c.py", "wrong", "regulariser-half", "file-2"),
        ("b.py", "wrong", "wrong-sign, regulariser-half", "file-4"),
        ("e.py", "did not run", said(FILES[2]), "file-3"),
        ("d.py", "right", "", "file-1"),
    ]
    assert [line.place for line in listed(FILES)][:1] == ["line 3"]


def test_sections_stand_in_the_order_of_the_list():
    assert [f"file-{number}" for number, _ in in_order(FILES)] == [line.anchor for line in listed(FILES)]


def test_below_its_name_a_headline_does_not_say_the_name_again():
    file = checked("e.py", "did not run").model_copy(update={"headline": "e.py: no cost in it"})
    assert said(file) == "no cost in it"


def test_the_sentence_counts_verdicts_and_names_causes_of_several():
    assert sentence(FILES) == (
        "Of 5 programs: 3 wrong, 1 did not run, 1 right. Most often: regulariser-half in 3."
    )
    assert sentence(FILES[:2]) == "Of 2 programs: 1 wrong, 1 right."


def test_of_one_program_its_own_outcome_is_said():
    assert sentence([checked("a.py", "wrong", "wrong-sign")]) == "the gradient is wrong."
