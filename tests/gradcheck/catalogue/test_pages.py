"""The catalogue as text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gradcheck.catalogue import BUGS, FAMILIES, Bug
from chainrule.gradcheck.catalogue.pages import explained, listed, markdown, markdown_of

MARKED = Bug(
    "marked",
    "a_b is * not <c>",
    r"It is [d] \ e, as in `x_y * [z]`.",
    "W[0] * g_b",
    "W[1] * g_b",
    "leave a_b",
)
LONGEST_NAME = max(map(len, BUGS))


def code_in(text):
    return re.findall(r"`[^`]*`", text)


@given(st.integers(LONGEST_NAME + 24, 200))
def test_every_bug_is_listed_with_what_it_is_within_the_width(width):
    paragraphs = listed(width).split("\n\n")
    assert [paragraph.splitlines()[0] for paragraph in paragraphs] == [family.about for family in FAMILIES]
    for family, paragraph in zip(FAMILIES, paragraphs, strict=True):
        lines = paragraph.splitlines()[1:]
        assert [line.split()[0] for line in lines if re.match(r"  \S", line)] == [
            bug.name for bug in family.bugs
        ]
        assert all(len(line) <= width for line in lines)
        assert " ".join(paragraph.split()) == " ".join(
            [family.about, *(f"{bug.name} {bug.what}" for bug in family.bugs)]
        )


def test_what_the_bugs_are_stands_in_a_column():
    lines = [line for line in listed(70).splitlines() if line.startswith("  ")]
    assert {len(re.match(r"  \S+ +|  +", line)[0]) for line in lines} == {LONGEST_NAME + 4}


@given(st.sampled_from(list(BUGS.values())), st.integers(30, 150))
def test_a_bug_is_explained_whole_and_no_code_in_it_is_cut(bug, width):
    text = explained(bug, width)
    for code in code_in(bug.why + bug.repair + bug.what):
        assert code in text
    flat = " ".join(text.split())
    for words in (bug.what, bug.why, f"repair: {bug.repair}"):
        assert " ".join(words.split()) in flat
    too_long = [line for line in text.splitlines() if len(line) > width and not line.startswith("    ")]
    # What cannot be cut stands on a line of its own.
    assert all(re.fullmatch(r"\S*`[^`]*`\S*|\S+", line) for line in too_long)


def test_lines_of_code_stand_as_they_are_but_indented():
    bug = Bug("two", "what", "Why.", "for W in Ws:\n    g = W", "g = [\n    W]", "repair")
    paragraphs = explained(bug, 80).split("\n\n")
    assert paragraphs[2] == "wrong:\n    for W in Ws:\n        g = W"
    assert paragraphs[3] == "right:\n    g = [\n        W]"


def test_the_page_has_a_section_and_a_link_for_every_bug():
    page = markdown()
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert headings == [bug.name for family in FAMILIES for bug in family.bugs]
    assert re.findall(r"\[([^\]]+)\]\(#\1\)", page) == headings
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [family.about for family in FAMILIES]


SECTION = r"""### marked

A\_b is \* not \<c>. It is \[d\] \\ e, as in `x_y * [z]`.

Wrong:

```python
W[0] * g_b
```

Right:

```python
W[1] * g_b
```

Repair: leave a\_b."""


def test_prose_is_escaped_for_markdown_and_code_is_not():
    assert markdown_of(MARKED) == SECTION


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_no_code_of_a_bug_is_escaped(bug):
    section = markdown_of(bug)
    assert all(code in section for code in code_in(bug.what + bug.why + bug.repair))
    assert f"```python\n{bug.wrong}\n```" in section
