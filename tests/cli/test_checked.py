"""Checks leave pages where they are asked for."""

from __future__ import annotations

import html
import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from chainrule.cli import checked
from chainrule.cli.app import run
from chainrule.gradcheck.result import Line
from chainrule.records.checked import CheckedComputation
from chainrule.report.run import open_run
from support.commands import names
from support.computations import computation
from support.runs import example_run

PROGRAM = Path(__file__).parents[2] / "examples" / "gradients" / "half_regulariser.py"


def test_a_checked_file_leaves_a_page_where_one_is_asked_for(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["chainrule", "check", "mine.py"])
    assert run(["check", str(PROGRAM)]) == 1
    assert list(tmp_path.iterdir()) == []
    assert run(["check", str(PROGRAM), "--out", "o"]) == 1
    assert "page: o/report.html" in capsys.readouterr().out
    text = Path("o/report.html").read_text()
    assert "regulariser-half" in text
    assert "<mark>  22  grad_W = G @ X.T / n + lam * W</mark>\n  23  grad_b" in text
    (file,) = open_run("o").files
    lines = PROGRAM.read_text().splitlines()
    assert (file.causes[0].first, file.causes[0].number, file.causes[0].code) == (19, 22, lines[18:25])
    assert (file.file, file.outcome, file.causes[0].name) == (PROGRAM.name, "wrong", "regulariser-half")
    assert file.environment["command"] == "chainrule check mine.py"
    assert f"<dt>command</dt><dd><code>{html.escape(file.environment['command'])}</code>" in text
    assert f"numpy {np.__version__}" in text
    assert "Made by <code>" not in text
    Path("o/report.html").unlink()
    assert run(["report", "o", "--tables", "latex,csv,markdown"]) == 0
    assert Path("o/report.html").read_text() == text
    stem = f"{PROGRAM.name}-gradient-check"
    stems = (stem, f"{PROGRAM.name}-gradient-differences")
    assert names("o/tables") == {f"{own}{suffix}" for own in stems for suffix in (".tex", ".csv", ".md")}
    assert "W & 3 x 6 & wrong" in Path("o/tables", f"{stem}.tex").read_text()


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


def test_the_computation_is_drawn_where_a_page_is_asked_for_and_is_as_it_should_be(capsys):
    assert run(["check", str(PROGRAM), "--out", "o", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    values = row["computation"]["values"]
    (wrong,) = (value for value in values if value["state"] == "wrong")
    assert (wrong["name"], wrong["place"], wrong["shapes"]) == ("grad_W", "line 22", [[3, 6]])
    assert values[wrong["derivative_of"]]["name"] == "W"
    # The numeric gradient, which the terminal shows beside the given one.
    worst = next(tensor for tensor in row["tensors"] if tensor["name"] == "W")["worst"][0]
    (entry,) = wrong["entries"]
    assert entry["index"] == worst["index"]
    np.testing.assert_allclose(
        [entry["given"], entry["true"]], [worst["analytic"], worst["numeric"]], rtol=1e-6
    )
    svg = Path("o/picture.svg").read_text()
    assert f"{worst['numeric']:.6g}" in svg
    assert f"{worst['analytic']:.6g}" in svg
    Path("o/picture.svg").unlink()
    assert run(["report", "o"]) == 0
    assert Path("o/picture.svg").read_text() == svg


def test_no_computation_is_followed_where_no_page_is_asked_for(capsys):
    assert run(["check", str(PROGRAM), "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row["computation"] is None


def test_a_record_whose_computation_does_not_hold_together_is_refused():
    whole = computation().model_dump()
    for damage in ({"edges": [[0, 7]]}, {"edges": [[0, -1]]}, {"edges": [[0]]}):
        with pytest.raises(ValidationError):
            CheckedComputation.model_validate({**whole, **damage})


def test_lines_around_are_of_the_file_that_holds_the_wrong_one(tmp_path):
    path = tmp_path / "net.py"
    path.write_text("a = 1\nb = 2\n")
    assert checked._around(Line("net.py", 2, "b = 2"), path) == (1, ["a = 1", "b = 2"])
    assert checked._around(Line("net.py", 2, "b = 3"), path) == (0, [])
    assert checked._around(Line("net.py", 9, "b = 2"), path) == (0, [])
    assert checked._around(Line("other.py", 2, "b = 2"), path) == (0, [])
    assert checked._around(Line("net.py", 2, "b = 2", cell=1), path) == (0, [])
