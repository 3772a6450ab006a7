"""The demo."""

from __future__ import annotations

from pathlib import Path

import chainrule
from chainrule.cli import demo
from chainrule.cli.app import run
from chainrule.records.runs import Results


def test_demo_trains_on_digits_says_what_it_found_and_ends_with_the_page(capsys, tmp_path):
    assert run(["demo", "--seeds", "1", "--out", "out", "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Of 6 settings ")
    assert 'small weights" has the lowest, ' in lines[0]
    assert lines[-1] == "page: out/report.html"
    results = Results.read(tmp_path / "out" / "results.json")
    assert {row.published for row in results.rows} == {None}
    assert all(value is not None and value > 0.05 for row in results.rows for value in row.values)


def test_first_comes_the_bug_with_its_line(capsys):
    named = demo._name_a_bug()
    assert "1. bias-dropped, 98% sure" in capsys.readouterr().out
    example = Path(chainrule.__file__).parent / "examples" / named.file
    assert named.causes[0].text in example.read_text()
