"""A check in words and as HTML."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.result import Cause, Line, Repair, Tensor
from support.outcomes import DOUBLE, HALF, LESS, WRONG


def test_the_text_has_cause_line_and_repair():
    lines = str(WRONG).splitlines()
    assert lines[:7] == [
        "the gradient is wrong: regulariser-half",
        "",
        "1. regulariser-half, 98% sure",
        "   line 14, W1: half of it",
        "   net.py, line 14:",
        "     dW1 = G @ X.T + lam * W1",
        "   repair: do not forget the 2",
    ]


def test_ties_are_named_as_such():
    lines = str(WRONG).splitlines()
    assert "2. double-batch-mean, 98% sure (as likely as the first)" in lines
    assert "3. unknown, 10% sure" in lines
    assert WRONG.tied == (HALF, DOUBLE)


def from_table_on(check):
    lines = str(check).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("parameter"))
    return lines[start:]


def test_the_table_has_a_row_for_every_tensor():
    lines = from_table_on(WRONG)
    assert [re.split(r"\s{2,}", line) for line in lines[:4]] == [
        ["parameter", "shape", "verdict", "relative norm", "largest", "compared"],
        ["W1", "5 x 4", "WRONG", "2.5e-01", "1.2e-01", "20 entries"],
        ["b1", "5", "zero", "0.0e+00", "1.0e-13", "5 entries"],
        ["W2", "3 x 5", "suspect", "3.0e-06", "2.0e-06", "9 directions"],
    ]
    assert lines[4] == "against complex step; cost 2.30259"
    assert lines[5] == "W1[2, 3]: gradient 0.5, numeric 0.625"
    assert lines[-2:] == ["note: taken for a net", "note: at a kink"]


def test_columns_of_the_table_are_aligned():
    lines, cells = from_table_on(WRONG), ("verdict", "WRONG", "zero", "suspect")
    assert len({line.index(cell) for line, cell in zip(lines[:4], cells, strict=True)}) == 1


def test_a_tensor_of_one_number_has_shape_1():
    check = Check("right", None, (Tensor("c", (), "right", 0, 0, checked=1),))
    assert re.split(r"\s{2,}", str(check).splitlines()[3])[1::4] == ["1", "1 entry"]


def test_a_check_without_tensors_has_no_table():
    assert str(Check("wrong", "cost", (), (LESS,))).splitlines()[-1] == "   repair: look at it"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.data = [], [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.data.append(data)


def parsed(markup):
    tags = Tags()
    tags.feed(markup)
    tags.close()
    assert tags.open == []
    return tags


def test_html_says_the_same():
    tags = parsed(WRONG._repr_html_())
    everything = " ".join(tags.data)
    for wanted in (
        "the gradient is wrong: regulariser-half", "98% sure", "net.py, line 14", "dW1 = G @ X.T + lam * W1",
        "do not forget the 2", "double-batch-mean", "W1", "5 x 4", "WRONG", "20 entries", "taken for a net",
    ):  # fmt: skip
        assert wanted in everything
    assert tags.seen.count("tr") == 4
    assert tags.seen.count("li") == 5


def test_html_escapes_names_lines_evidence_and_notes():
    bad = "<script>alert('x' & \"y\")</script>"
    cause = Cause(bad, (bad,), 0.5, bad, bad, Line(bad, 1, bad))
    check = Check("wrong", "gradient", (Tensor(bad, (1,), "wrong", 1, 1),), (cause,), (bad,))
    markup = check._repr_html_()
    assert "<script" not in markup
    assert "script" not in parsed(markup).seen
    assert markup.count("&lt;script&gt;") == 8
    assert bad in " ".join(parsed(markup).data)


REPAIR = Repair(
    "--- net.py\n+++ net.py, repaired\n@@ -1 +1 @@\n-a < b\n+a > b",
    "line 1: turned",
    ("sign",),
    (),
    4,
    ("N of 1",),
)


def test_a_repair_stands_behind_the_causes_and_a_tie_says_so():
    text = str(replace(WRONG, repairs=(REPAIR, REPAIR)))
    first, second = (line for line in text.splitlines() if line.startswith("repair"))
    assert first == "repair: verified at 4 points (N of 1): line 1: turned"
    assert second == "repair, as good as the first: verified at 4 points (N of 1): line 1: turned"
    assert text.index("3. unknown") < text.index("+a > b") < text.index("parameter")


def test_a_diff_is_coloured_and_escaped():
    shown = replace(WRONG, repairs=(REPAIR,))._repr_html_()
    assert '<span style="color:#22863a">+a &gt; b</span>' in shown
    assert '<span style="color:#b31d28">-a &lt; b</span>' in shown


def test_what_was_tried_in_vain_is_said():
    outcome = replace(WRONG, unrepaired="none of 3 small changes")
    assert "no repair was found: none of 3 small changes" in str(outcome)
    assert "no repair was found: none of 3 small changes" in outcome._repr_html_()
