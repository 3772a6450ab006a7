"""``chainrule explain``: the list, one bug, and both as JSON and Markdown."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

import pytest
from markdown_it import MarkdownIt

from chainrule.cli.app import run
from chainrule.gradcheck.catalogue import BUGS, FAMILIES, Bug
from support.commands import refused


def printed(capsys, *arguments: str) -> str:
    assert run(["explain", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_the_list_has_a_line_for_every_bug_below_its_family(capsys):
    blocks = [block.splitlines() for block in printed(capsys).split("\n\n")]
    assert [block[0] for block in blocks] == [family.about for family in FAMILIES]
    for family, (_, *lines) in zip(FAMILIES, blocks, strict=True):
        assert [tuple(line.split(maxsplit=1)) for line in lines] == [
            (bug.name, bug.what) for bug in family.bugs
        ]


def test_what_the_bugs_are_stands_below_each_other(capsys):
    lines = [line for line in printed(capsys).splitlines() if line.startswith("  ")]
    places = {line.index(BUGS[line.split()[0]].what) for line in lines}
    assert len(places) == 1
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_one_bug_is_explained_within_80_columns(capsys, bug):
    text = printed(capsys, bug.name)
    words = " ".join(text.split())
    for part in (f"{bug.name}: {bug.what}", bug.why, f"repair: {bug.repair}", "to see it: "):
        assert part in words
    lines = text.splitlines()
    wrong, right = lines.index("wrong:"), lines.index("right:")
    assert lines[wrong + 1 : right - 1] == [f"    {line}" for line in bug.wrong.splitlines()]
    assert lines[right + 1 : right + 1 + len(bug.right.splitlines())] == [
        f"    {line}" for line in bug.right.splitlines()
    ]
    assert all(len(line) <= 80 for line in lines if not line.startswith("    "))


def test_a_terminal_is_used_to_its_width(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((120, 40)))
    lines = printed(capsys, "transposed").splitlines()
    assert 80 < max(map(len, lines)) <= 120


def test_a_mistyped_name_is_one_line_and_code_2(capsys):
    assert refused(capsys, "explain", "wrong-sgn") == [
        "bug 'wrong-sgn': is unknown; did you mean 'wrong-sign'?"
    ]


def test_a_name_like_no_other_is_answered_with_all_names(capsys):
    (line,) = refused(capsys, "explain", "q\n")
    assert line.startswith(r"bug 'q\n': is unknown; known: ")
    assert all(name in line for name in list(BUGS)[:3])


def test_json_is_the_record(capsys):
    assert Bug(**json.loads(printed(capsys, "swapped", "--json"))) == BUGS["swapped"]
    assert json.loads(printed(capsys, "--json")) == [asdict(bug) for bug in BUGS.values()]


def test_json_and_markdown_exclude_each_other(capsys):
    (line,) = refused(capsys, "explain", "--json", "--markdown")
    assert line == "--json: cannot be given with --markdown; leave one out"


def test_markdown_says_what_the_records_say(capsys):
    tokens = MarkdownIt("commonmark").parse(printed(capsys, "--markdown"))
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    wanted = [name for family in FAMILIES for name in (family.about, *(bug.name for bug in family.bugs))]
    assert headings == ["Bugs by name", *wanted]
    code = [token.content for token in tokens if token.type == "fence"]
    assert code == [f"{lines}\n" for bug in BUGS.values() for lines in (bug.wrong, bug.right)]
    paragraphs = [read(token) for token in tokens if token.type == "inline"]
    for bug in BUGS.values():
        assert f"{bug.what[0].upper()}{bug.what[1:]}. {bug.why}".replace("`", "") in paragraphs
        assert f"Repair: {bug.repair}." in paragraphs


def read(token) -> str:
    """What a reader sees of a paragraph."""
    assert {child.type for child in token.children} <= {"text", "code_inline", "link_open", "link_close"}
    return "".join(child.content for child in token.children)


def test_markdown_of_one_bug_is_its_section_of_the_page(capsys):
    section = printed(capsys, "reshaped", "--markdown")
    assert section.startswith("### reshaped\n")
    assert section in printed(capsys, "--markdown")
