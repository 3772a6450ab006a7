"""``chainrule report`` and ``plot``, and the pages that other commands write."""

from __future__ import annotations

import html
from pathlib import Path

import numpy as np
import pytest

from chainrule.cli.app import run
from chainrule.report.plots import ORDER
from chainrule.report.run import open_run
from support.commands import refused
from support.runs import example_run

PROGRAM = Path(__file__).parents[2] / "examples" / "gradients" / "half_regulariser.py"


def names(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()}


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
        f"linear-{kind}.{suffix}" for kind in set(ORDER) - {"inits"} for suffix in ("png", "svg")
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


def test_a_history_of_another_program(capsys):
    Path("h.csv").write_text("epoch,loss,val_loss,zeal\n0,2,2.1,1\n1,1,1.2,1\n")
    assert run(["plot", "h.csv", "--figures", "svg"]) == 0
    said = capsys.readouterr().out
    assert "h.csv: training loss is column 'loss'; validation loss is column 'val_loss'" in said
    assert "not used: zeal" in said
    assert "page: runs/plot-h/report.html" in said
    text = Path("runs/plot-h/report.html").read_text()
    assert "not used: zeal" in text
    assert "chainrule plot h.csv --figures" in text
    assert names("runs/plot-h/figures") == {"history-loss.svg", "history-curves.svg"}
    assert run(["plot", "h.csv", "--out", "o"]) == 0
    assert names("o") == {"report.html"}


def test_a_checked_file_leaves_a_page_where_one_is_asked_for(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["chainrule", "check", "mine.py"])
    assert run(["check", str(PROGRAM)]) == 1
    assert list(tmp_path.iterdir()) == []
    assert run(["check", str(PROGRAM), "--out", "o"]) == 1
    assert "page: o/report.html" in capsys.readouterr().out
    text = Path("o/report.html").read_text()
    assert "regulariser-half" in text
    assert "grad_W = G @ X.T / n + lam * W" in text
    (file,) = open_run("o").files
    assert (file.file, file.outcome, file.causes[0].name) == (PROGRAM.name, "wrong", "regulariser-half")
    assert file.environment["command"] == "chainrule check mine.py"
    assert f"<dt>command</dt><dd><code>{html.escape(file.environment['command'])}</code>" in text
    assert f"numpy {np.__version__}" in text
    assert "Made by <code>" not in text
    Path("o/report.html").unlink()
    assert run(["report", "o"]) == 0
    assert Path("o/report.html").read_text() == text


def test_a_folder_of_submissions_has_a_page_of_all(capsys):
    Path("many").mkdir()
    Path("many/good.py").write_text("x = 1\n")
    Path("many/half.py").write_text(PROGRAM.read_text())
    assert run(["check", "many", "--out", "o", "--quiet"]) == 1
    assert [(one.file, one.outcome) for one in open_run("o").files] == [
        ("good.py", "did not run"),
        ("half.py", "wrong"),
    ]
    Path("many/good.py").unlink()
    assert run(["check", "many", "--out", "o", "--quiet"]) == 1
    assert [one.file for one in open_run("o").files] == ["half.py"]
    assert "page: o/report.html" in capsys.readouterr().out


def test_a_recipe_s_check_joins_the_page_of_a_run(capsys):
    example_run(Path("r"))
    options = ["--dataset", "digits", "--samples", "5", "--quiet"]
    assert run(["selfcheck", "one_layer", *options, "--out", "r"]) == 0
    (checks,) = open_run("r").checks
    assert checks.recipe == "one_layer"
    text = Path("r/report.html").read_text()
    assert "Gradient check of one_layer" in text
    # The run was made by another command.
    assert f"Made by <code>{html.escape(checks.environment['command'])}</code>" in text
    assert "rate 0.1" in text
    assert run(["report", "r", "--out", "o", "--tables", "latex", "--recipe", "one_layer"]) == 0
    assert names("o/tables") == {"one_layer-gradient-check.tex"}


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
        (["report", "h.csv"], "draw a history with: chainrule plot h.csv"),
        (["plot", "none.csv"], "none.csv: cannot read: No such file or directory"),
        (["plot", "h.csv"], "h.csv: no column is recognised among a"),
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
