"""``chainrule check`` of a folder or a zip: a row for each program."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

from chainrule.cli import check_many
from chainrule.cli.app import run
from support.commands import COLUMNS, WRONG, write


def batch_folder() -> None:
    write("lab/ann.py", COLUMNS)
    write("lab/bob.py", WRONG)
    write("lab/cara/net.py", "import nosuchmodule\n")


def test_a_folder_gets_a_table(capsys):
    batch_folder()
    assert run(["check", "lab", "--jobs", "2"]) == 1
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].split() == ["ann.py", "right"]
    assert lines[1].split()[:2] == ["bob.py", "wrong"]
    assert lines[2].startswith("cara    did not run  net.py, line 1, in <module>: ModuleNotFoundError")
    assert lines[-3:] == [
        "1 right, 1 wrong, 1 did not run", "table: runs/check-lab/table.csv", "page: runs/check-lab/report.html",
    ]  # fmt: skip
    assert "check lab: 100%" in captured.err
    with Path("runs/check-lab/table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["submission"], row["outcome"]) for row in rows] == [
        ("ann.py", "right"), ("bob.py", "wrong"), ("cara", "did not run")]  # fmt: skip
    assert rows[1]["cause"]
    assert "line 18" in rows[1]["line"]
    records = json.loads(Path("runs/check-lab/table.json").read_text())
    assert records[1]["check"]["causes"][0]["name"] == rows[1]["cause"]
    assert records[2]["traceback"].startswith("Traceback")


def test_a_zip_gets_the_same_table(capsys):
    batch_folder()
    with zipfile.ZipFile("lab.zip", "w") as archive:
        for path in sorted(Path("lab").rglob("*.py")):
            archive.write(path)
    assert run(["check", "lab", "--quiet", "--csv"]) == 1
    of_folder = capsys.readouterr()
    assert run(["check", "lab.zip", "--quiet", "--csv", "--out", "zipped"]) == 1
    of_zip = capsys.readouterr()
    assert of_folder.err == of_zip.err == ""
    assert [line.rpartition(",")[0] for line in of_zip.out.splitlines()] == [
        line.rpartition(",")[0] for line in of_folder.out.splitlines()
    ]
    assert Path("zipped/table.csv").read_text() == of_zip.out


def test_json_of_a_folder_is_its_table(capsys):
    write("lab/ann.py", COLUMNS)
    assert run(["check", "lab", "--json", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert [record["outcome"] for record in json.loads(out)] == ["right"]
    assert Path("runs/check-lab/table.json").read_text() == out


def test_limits_hold_for_each_of_a_folder(capsys):
    write("lab/ann.py", "while True: pass")
    write("lab/bob.py", "import numpy as np\nx = np.ones(5 * 10**7)\n" + COLUMNS)
    assert run(["check", "lab", "--time", "5", "--memory", "100", "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "still runs after 5 s" in out
    assert "needs more than 100 MB" in out


def test_a_spreadsheet_takes_no_name_for_a_formula(capsys):
    write("lab/=1+1.py", COLUMNS)
    assert run(["check", "lab", "--csv", "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("'=1+1.py,'=1+1.py,right")


def test_where_the_system_cannot_confine_it_a_folder_is_checked_only_if_its_code_is_trusted(
    capsys, monkeypatch
):
    batch_folder()
    monkeypatch.setattr(check_many, "probe", lambda: {"landlock": "Function not implemented"})
    assert run(["check", "lab"]) == 2
    said = capsys.readouterr().err
    assert "cannot keep other people's code in: no landlock (Function not implemented)" in said
    assert "--trust-code" in said
    assert not Path("runs").exists()
    assert run(["check", "lab", "--trust-code", "--quiet"]) == 1
    assert "1 right, 1 wrong, 1 did not run" in capsys.readouterr().out
