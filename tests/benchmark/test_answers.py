import pytest
from wrong_backward_passes.answers import Answer, Finding, answer
from wrong_backward_passes.index import Bug

SIGN, AXIS = Bug(("sign",), (4,), ""), Bug(("axis", "factor"), (9, 10), "")


def test_the_last_line_is_the_answer_and_whatever_is_of_another_type_is_left_out() -> None:
    said = '{"verdict": "wrong", "findings": [{"line": 3, "kind": 7}, 5], "diffs": ["d", 1], "patched": 2}'
    assert answer(f"warming up\n{said}\n\n") == Answer("wrong", (Finding(3, None),), ("d",))


def test_what_is_printed_is_read_back() -> None:
    said = Answer("wrong", (Finding(3, "sign"), Finding(None, None)), ("d",), ("p",))
    assert answer(said.as_json()) == said


@pytest.mark.parametrize(
    ("printed", "problem"),
    [
        ("", "it printed nothing"),
        ("Traceback", "its last line is no JSON: 'Traceback'"),
        ("[]", "its last line has no verdict, one of right, wrong, unknown"),
        ('{"verdict": "maybe"}', "its last line has no verdict, one of right, wrong, unknown"),
    ],
)
def test_what_is_no_answer_is_said_in_a_line(printed: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("[", r"\[")):
        answer(printed)


@pytest.mark.parametrize(
    ("findings", "bugs", "located", "named"),
    [
        ([(4, "axis")], [SIGN], True, False),
        ([(9, "sign")], [SIGN], False, True),
        ([(10, "factor")], [AXIS], True, True),
        # Of a program with one bug, only the first counts: whoever names many things names none.
        ([(3, "axis"), (4, "sign")], [SIGN], False, False),
        ([(10, "axis"), (4, "sign")], [SIGN, AXIS], True, True),
        ([(4, "sign")], [SIGN, AXIS], False, False),
        ([(4, "sign"), (5, "mask"), (9, "axis")], [SIGN, AXIS], False, False),
        ([], [SIGN], False, False),
    ],
)
def test_the_first_findings_are_held_against_every_bug(
    findings: list[tuple[int, str]], bugs: list[Bug], located: bool, named: bool
) -> None:
    said = Answer("wrong", tuple(Finding(*each) for each in findings))
    assert said.locates(tuple(bugs)) is located
    assert said.names(tuple(bugs)) is named
