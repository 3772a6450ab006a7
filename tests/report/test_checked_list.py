"""Many checked programs at a glance."""

from __future__ import annotations

from chainrule.records.checked import CheckedCause
from chainrule.report.checked_list import in_order, listed, sentence
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
        ("a.py", "wrong", "regulariser-half", "file-1"),
        ("c.py", "wrong", "regulariser-half", "file-2"),
        ("b.py", "wrong", "wrong-sign, regulariser-half", "file-3"),
        ("e.py", "did not run", "the gradient is wrong", "file-4"),
        ("d.py", "right", "", "file-5"),
    ]
    assert [line.place for line in listed(FILES)][:1] == ["line 3"]
    assert [file.file for file in in_order(FILES)] == [line.file for line in listed(FILES)]


def test_the_sentence_counts_verdicts_and_names_causes_of_several():
    assert sentence(FILES) == (
        "Of 5 programs: 3 wrong, 1 did not run, 1 right. Most often: regulariser-half in 3."
    )
    assert sentence(FILES[:2]) == "Of 2 programs: 1 wrong, 1 right."


def test_what_was_left_out_is_no_program_and_its_reason_stands_whole():
    left = checked("n.txt", "left out").model_copy(update={"headline": "n.txt: is no .py file; name one"})
    assert sentence([*FILES[:2], left]) == "Of 2 programs: 1 wrong, 1 right; 1 was left out."
    assert sentence([left, left]) == "No program was checked; 2 were left out."
    assert listed([left])[0].causes == "is no .py file; name one"


def test_the_place_of_a_program_in_a_folder_is_its_line():
    (cause,) = checked("b.py", "wrong", "wrong-sign").causes
    file = checked("a/b.py", "wrong").model_copy(update={"causes": [cause]})
    assert listed([file])[0].place == "line 3"


def test_of_one_program_its_own_outcome_is_said():
    one = checked("a.py", "wrong", "wrong-sign")
    assert sentence([one]) == "The gradient is wrong."
    (cause,) = one.causes
    told = one.model_copy(update={"causes": [cause.model_copy(update={"evidence": "line 3, W: minus"})]})
    assert sentence([told]) == "The gradient is wrong. Line 3, W: minus."
