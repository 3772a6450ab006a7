"""``chainrule report`` and ``plot``, and the pages that other commands write."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainrule.cli.app import run
from chainrule.report.plots import ORDER
from support.commands import names, refused
from support.runs import example_run


def test_a_page_lies_in_the_run(capsys):
    example_run(Path("r"))
    before = names("r")
    assert run(["report", "r"]) == 0
    assert capsys.readouterr().out == "page: r/report.html\n"
    assert names("r") == before | {"report.html"}
    assert "rate 0.1" in Path("r/report.html").read_text()


def test_figures_and_tables_go_where_they_are_sent(capsys):
    example_run(Path("r"))
    arguments = [
        "report",
        "r",
        "--out",
        "o",
        "--recipe",
        "linear",
        "--figures",
        "PNG, svg",
        "--tables",
        "latex,markdown,csv",
    ]
    assert run(arguments) == 0
    assert "figures: 20 files in o/figures" in capsys.readouterr().out
    assert names("o") == {"report.html", "figures", "tables"}
    assert names("o/tables") == {"linear.tex", "linear.md", "linear.csv"}
    assert names("o/figures") == {
        f"linear-{kind}.{suffix}" for kind in set(ORDER) - {"inits", "residuals"} for suffix in ("png", "svg")
    }
    assert "Sensitivity to the init" not in Path("o/report.html").read_text()
    assert "report.html" not in names("r")


def test_several_runs_are_compared(capsys):
    for name, shift in (("a", 0.0), ("b", 0.1)):
        example_run(Path(name), shift)
    assert run(["report", "a", "b", "--tables", "csv", "--figures", "svg", "--recipe", "deep"]) == 0
    assert "page: runs/compare-a-b/report.html" in capsys.readouterr().out
    assert names("runs/compare-a-b") == {"report.html", "figures", "tables"}
    assert {"deep-loss.svg", "deep-accuracy.svg"} <= names("runs/compare-a-b/figures")
    assert "deep" in Path("runs/compare-a-b/tables/comparison.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["report"], "Missing argument"),
        (["report", "none"], "none: there is no such folder"),
        (["report", "empty"], "is no folder of results"),
        (["report", "r", "--recipe", "liner"], "recipe 'liner': r has none of it; did you mean 'linear'?"),
        (["report", "r", "--figures", "gif"], "--figures gif: is unknown; known: pdf, png, svg"),
        (["report", "r", "--figures", ","], "--figures ',': chooses nothing; write for example"),
        (["report", "r", "--tables", "latx"], "--tables latx: is unknown; did you mean 'latex'?"),
        (["report", "r", "--out", "h.csv"], "cannot write"),
        (["report", "r", "--out", "x.html"], "--out x.html: names a folder"),
        (["report", "h.csv"], "draw a history with: chainrule plot history h.csv"),
        (["plot", "history", "none.csv"], "none.csv: cannot be read: No such file or directory"),
        (["plot", "history", "h.csv"], "h.csv: no column is recognised among a"),
    ],
)
def test_bad_input_is_one_line(capsys, arguments, expected):
    example_run(Path("r"))
    Path("empty").mkdir()
    Path("h.csv").write_text("a\n1\n")
    (line,) = refused(capsys, *arguments)
    assert expected in line


def test_without_the_extra_a_page_is_refused_with_its_name(capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    example_run(Path("r"))
    (line,) = refused(capsys, "report", "r")
    assert "pip install 'chainrule[report]'" in line
