"""The command line as a user meets it: what it prints, writes and returns, and how it says no."""

from __future__ import annotations

import csv
import json

import pytest

from chainrule.cli.app import run
from chainrule.records.runs import Results
from support.commands import TABLE, refused


def test_train_writes_prints_and_resumes(capsys, tmp_path, mine):
    command = ["train", str(mine), "--dataset", "digits", "--seeds", "3", "--out", "out", "--jobs", "2"]
    assert run(command) == 0
    first = capsys.readouterr()
    assert "mine" in first.out
    assert "results: out" in first.out
    assert "mine: 100%" in first.err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "plan.json",
        "members",
        "results.json",
        "results.csv",
        "results.md",
        "mine.md",
        "figures",
        "report.html",
        "checkpoints",
        ".driver.lock",
    }
    figures = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    drawn = {f"mine-{kind}.{ending}" for kind in ("curves", "templates") for ending in ("json", "svg", "png")}
    assert figures == drawn | {"mine-predictions.json"}
    assert "page: out/report.html" in first.out
    before = (tmp_path / "out" / "results.json").stat().st_mtime_ns, first.out
    assert run(command) == 0
    again = capsys.readouterr()
    assert again.out == before[1]
    assert "mine: 100%" in again.err


@pytest.mark.usefixtures("in_process")
def test_json_is_results_json_and_nothing_else(capsys, tmp_path, mine):
    assert run(["train", str(mine), "--dataset", "digits", "--out", "out", "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.out == (tmp_path / "out" / "results.json").read_text()
    assert Results.model_validate_json(captured.out).rows[0].name == "all"
    with (tmp_path / "out" / "results.csv").open() as lines:
        assert next(csv.DictReader(lines))["metric"] == "test_accuracy"


@pytest.mark.usefixtures("in_process")
def test_quiet_is_quiet(capsys, mine):
    assert run(["train", str(mine), "--dataset", "digits", "--out", "out", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("in_process")
def test_set_changes_the_settings(capsys, tmp_path, mine):
    assert (
        run(["train", str(mine), "--dataset", "digits", "--out", "out", "--set", "epochs=3", "--quiet"]) == 0
    )
    plan = json.loads((tmp_path / "out" / "plan.json").read_text())
    assert plan["experiments"]["mine"]["settings"]["all"]["epochs"] == 3


@pytest.mark.usefixtures("in_process")
def test_a_folder_is_named_where_none_is_given(tmp_path, mine):
    assert run(["train", str(mine), "--dataset", "digits", "--quiet"]) == 0
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("mine-digits-")


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(("published", "code"), [('{ test_accuracy = "0.01" }', 1), ("{}", 0)])
def test_strict_says_no_with_code_1(tmp_path, mine, published, code):
    text = TABLE.replace('"xavier"', "{ normal = 1e-6 }").replace("shuffle = true", "shuffle = false")
    mine.write_text(f'dataset = "digits"\n{text}\n[[rows]]\nname = "a"\npublished = {published}\n')
    arguments = ["train", str(mine), "--seeds", "3", "--out", "out", "--quiet"]
    assert run(arguments) == 0
    (row,) = Results.read(tmp_path / "out" / "results.json").rows
    assert row.verdict == ("differs" if code else None)
    assert run([*arguments, "--strict"]) == code


@pytest.mark.usefixtures("in_process")
def test_published_values_are_about_their_own_data_set(tmp_path, mine):
    mine.write_text(f'{TABLE}\n[[rows]]\nname = "a"\npublished = {{ test_accuracy = "0.3601" }}\n')
    assert run(["train", str(mine), "--dataset", "digits", "--seeds", "3", "--out", "out", "--quiet"]) == 0
    (row,) = Results.read(tmp_path / "out" / "results.json").rows
    assert (row.published, row.verdict) == (None, None)


@pytest.mark.usefixtures("in_process")
def test_missing_extra_is_a_note_and_no_failure(capsys, monkeypatch, tmp_path, mine):
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    assert run(["train", str(mine), "--dataset", "digits", "--out", "out"]) == 0
    assert "note: figures need optional packages: pip install 'chainrule[report]'" in capsys.readouterr().err
    assert {path.suffix for path in (tmp_path / "out" / "figures").iterdir()} == {".json"}


def test_all_problems_at_once(capsys, mine):
    lines = refused(
        capsys,
        "train",
        str(mine),
        "--set",
        "epochs=0",
        "--set",
        "l2=-1",
        "--set",
        "hiden=[3]",
        "--set",
        "init=hee",
    )
    assert len(lines) == 4


@pytest.mark.usefixtures("in_process")
def test_another_plan_in_out_is_refused(capsys, mine):
    assert run(["train", str(mine), "--dataset", "digits", "--out", "out", "--quiet"]) == 0
    capsys.readouterr()
    (line,) = refused(capsys, "train", str(mine), "--dataset", "digits", "--out", "out", "--set", "epochs=3")
    assert "out: holds another plan (rows of mine); choose another --out" in line
