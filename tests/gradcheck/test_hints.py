"""A lower level of hints never holds what a higher one says: in text, HTML, JSON or what a page is made of."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chainrule.cli.checked import record
from chainrule.errors import CheckError
from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.catalogue import BUGS
from chainrule.gradcheck.hints import LEVELS, hinted
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.result import Entry, Line, Repair, Tensor
from support.outcomes import RIGHT
from support.plain_nets import SMALL, squares

LINE = Line("net.py", 1414, "spoilt = wrong_value", right="mended = right_value")
TENSORS = (
    Tensor("W_in", (5, 4), "wrong", 0.25, 0.125, worst=(Entry((2, 3), 0.515625, 0.625),), checked=20),
    Tensor("b_out", (5,), "right", 0.0, 1e-13, checked=5),
)
REPAIR = Repair("-patched_away\n+patched_in", "patched so", ("sign",), (LINE,), 9)
ONLY_IN_FULL = ("measured so", "515625", "patched", "repair", "right_value", "noted so", "tried so")


def wrong(name: str) -> Check:
    cause = BUGS[name].cause(("W_in",), 0.9, "measured so")
    return Check(
        "wrong", "gradient", TENSORS, (replace(cause, line=LINE),), ("noted so",), "complex step", 2.5,
        tried=("tried so",), repairs=(REPAIR,),
    )  # fmt: skip


def said(check: Check) -> str:
    """All that is said of it anywhere, the names of what could be said left out."""
    values = json.dumps([check.as_dict(), record("net.py", check).model_dump(mode="json")])
    for key in ('"repair"', '"repairs"', '"unrepaired"', '"unrepaired_words"'):
        values = values.replace(key, "")
    return "\n".join([str(check), check._repr_html_(), values])


@pytest.mark.parametrize("name", BUGS)
def test_no_level_says_what_a_higher_one_does(name):
    full, what = wrong(name), BUGS[name].what
    levels = [said(hinted(full, level)) for level in LEVELS]
    of_line = ("1414", "spoilt = wrong_value")
    assert all("W_in" in text for text in levels)
    assert all(word in levels[2] for word in of_line)
    assert not any(word in text for text in levels[:2] for word in of_line)
    assert ["?" in text for text in levels] == [False, True, True]
    assert what not in levels[0]
    for text in levels:
        assert "-" not in name or name not in text
        assert BUGS[name].repair not in text
        assert not any(word in text for word in ONLY_IN_FULL)


def test_each_level_says_more():
    hints = [hinted(wrong("wrong-sign"), level).hints for level in LEVELS]
    assert [len(each) for each in hints] == [1, 2, 3]
    assert hints[0] == hints[1][:1] == hints[2][:1]


def test_a_right_gradient_is_called_right():
    assert hinted(RIGHT, 1) == RIGHT


def test_from_python():
    given = squares, dict, SMALL
    check = check_gradient(*given, hints=1)
    assert check.hints == ("look at the gradient of w, v",)
    assert not check.causes
    with pytest.raises(CheckError, match="hints=4: there is no such level; give 1, 2 or 3"):
        check_gradient(*given, hints=4)
    with pytest.raises(CheckError, match="a repair says more than any hint"):
        check_gradient(*given, hints=2, repair=True)
