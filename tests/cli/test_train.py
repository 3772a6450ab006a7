"""The command line as a user meets it: what it prints, writes and returns, and how it says no."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.cli.app import run
from chainrule.cli.commands import COMMANDS, load
from chainrule.experiments import recipes
from chainrule.records.runs import Results
from support.commands import refused

TRAIN = """
title = "mine"
[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = "xavier"
batch_size = 50
epochs = 2
shuffle = true
learning_rate = 0.5
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(TRAIN)
    return path


def test_train_writes_prints_and_resumes(capsys, tmp_path, file):
    command = ["train", str(file), "--dataset", "digits", "--seeds", "3", "--out", "out", "--jobs", "2"]
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


def test_json_is_results_json_and_nothing_else(capsys, tmp_path, file):
    assert run(["train", str(file), "--dataset", "digits", "--out", "out", "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.out == (tmp_path / "out" / "results.json").read_text()
    assert Results.model_validate_json(captured.out).rows[0].name == "all"
    with (tmp_path / "out" / "results.csv").open() as lines:
        assert next(csv.DictReader(lines))["metric"] == "test_accuracy"


def test_quiet_is_quiet(capsys, file):
    assert run(["train", str(file), "--dataset", "digits", "--out", "out", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_set_changes_the_settings(capsys, tmp_path, file):
    assert (
        run(["train", str(file), "--dataset", "digits", "--out", "out", "--set", "epochs=3", "--quiet"]) == 0
    )
    plan = json.loads((tmp_path / "out" / "plan.json").read_text())
    assert plan["experiments"]["mine"]["settings"]["all"]["epochs"] == 3


def test_a_folder_is_named_where_none_is_given(tmp_path, file):
    assert run(["train", str(file), "--dataset", "digits", "--quiet"]) == 0
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("mine-digits-")


@pytest.mark.parametrize(("published", "code"), [('{ test_accuracy = "0.01" }', 1), ("{}", 0)])
def test_strict_says_no_with_code_1(tmp_path, file, published, code):
    text = TRAIN.replace('"xavier"', "{ normal = 1e-6 }").replace("shuffle = true", "shuffle = false")
    file.write_text(f'dataset = "digits"\n{text}\n[[rows]]\nname = "a"\npublished = {published}\n')
    arguments = ["train", str(file), "--seeds", "3", "--out", "out", "--quiet"]
    assert run(arguments) == 0
    (row,) = Results.read(tmp_path / "out" / "results.json").rows
    assert row.verdict == ("differs" if code else None)
    assert run([*arguments, "--strict"]) == code


def test_published_values_are_about_their_own_data_set(tmp_path, file):
    file.write_text(f'{TRAIN}\n[[rows]]\nname = "a"\npublished = {{ test_accuracy = "0.3601" }}\n')
    assert run(["train", str(file), "--dataset", "digits", "--seeds", "3", "--out", "out", "--quiet"]) == 0
    (row,) = Results.read(tmp_path / "out" / "results.json").rows
    assert (row.published, row.verdict) == (None, None)


def test_missing_extra_is_a_note_and_no_failure(capsys, monkeypatch, tmp_path, file):
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    assert run(["train", str(file), "--dataset", "digits", "--out", "out"]) == 0
    assert "note: figures need optional packages: pip install 'chainrule[report]'" in capsys.readouterr().err
    assert {path.suffix for path in (tmp_path / "out" / "figures").iterdir()} == {".json"}


def test_demo_runs_every_recipe_on_digits(capsys, tmp_path):
    assert run(["demo", "--seeds", "1", "--out", "out", "--quiet"]) == 0
    captured = capsys.readouterr()
    assert "on digits they need not hold" in captured.out
    results = Results.read(tmp_path / "out" / "results.json")
    assert {row.recipe for row in results.rows} == set(recipes.names())
    assert {row.published for row in results.rows} == {None}
    assert all(value is not None and value > 0.05 for row in results.rows for value in row.values)


def test_reproduce_names_recipes(capsys, tmp_path):
    command = ["reproduce", "one_layer", "--dataset", "digits", "--seeds", "1", "--out", "out", "--quiet"]
    assert run(command) == 0
    assert {row.recipe for row in Results.read(tmp_path / "out" / "results.json").rows} == {"one_layer"}


def test_recipes_are_listed_and_shown(capsys):
    assert run(["recipes"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == recipes.names()
    assert run(["recipes", "show", "one_layer_centered"]) == 0
    text = capsys.readouterr().out
    for piece in (
        "0.516",
        "0.370",
        "A. Bea",
        "shuffle",
        "without l2 the accuracy is higher",
        "batch_size = 100",
    ):
        assert piece in text
    assert run(["recipes", "show", "one_layer", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["published"] == {"test_accuracy": "0.2673"}


def test_version(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("chainrule 0.")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["reproduce", "one_layr"], "recipe 'one_layr': is unknown; did you mean 'one_layer'?"),
        (["recipes", "show", "x"], "recipe 'x': is unknown; known: deep_batch_norm"),
        (["reproduce", "--dataset", "digit"], "no data set is named 'digit'; did you mean 'digits'?"),
        (["reproduce"], "chainrule data fetch cifar10"),
        (["reproduce"], "chainrule data import PATH"),
        (["reproduce"], "--dataset digits"),
        (["reproduce", "--seeds", "0"], "--seeds"),
        (["reproduce", "--seeds", "two"], "'two' is no whole number from 1 to 10000"),
        (["reproduce", "--seeds", "9" * 30], "is no whole number from 1 to 10000"),
        (["reproduce", "--search-seeds", "-1"], "--search-seeds"),
        (["reproduce", "a\nb"], r"recipe 'a\nb': is unknown"),
        (["reproduce", "--jobs", "0"], "--jobs"),
        (["reproduce", "--sedes", "1"], "No such option: --sedes"),
        (["reprodcue"], "No such command"),
        (["train"], "Missing argument 'FILE'"),
        (["train", "none.toml"], "none.toml: cannot be read: No such file or directory"),
        (["train", "mine.toml", "--set", "epochs"], "--set epochs: is no key=value"),
        (["train", "mine.toml", "--set", "learning_rate=-1"], "learning_rate = -1: write a number above 0"),
        (
            ["train", "mine.toml", "--dataset", "digits", "--set", "batch_size=301"],
            "batch_size = 301: train holds 300",
        ),
        (
            ["train", "mine.toml", "--dataset", "digits", "--out", "mine.toml"],
            "mine.toml: is no folder of results",
        ),
        (
            ["train", "mine.toml", "--dataset", "digits", "--out", "mine.toml/x"],
            "cannot use the folder: Not a directory",
        ),
    ],
)
def test_bad_input_is_one_clear_line_and_code_2(capsys, tmp_path, file, arguments, expected):
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (line,) = refused(capsys, *arguments)
    assert expected in line
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_all_problems_at_once(capsys, file):
    lines = refused(
        capsys,
        "train",
        str(file),
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


def test_another_plan_in_out_is_refused(capsys, file):
    assert run(["train", str(file), "--dataset", "digits", "--out", "out", "--quiet"]) == 0
    capsys.readouterr()
    (line,) = refused(capsys, "train", str(file), "--dataset", "digits", "--out", "out", "--set", "epochs=3")
    assert "out: holds another plan (rows of mine); choose another --out" in line


def test_interruption_ends_with_code_130(monkeypatch, file):
    from chainrule.cli import outputs

    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs, "reproduce", interrupted)
    assert run(["train", str(file), "--dataset", "digits", "--quiet"]) == 130


def test_help_loads_nothing_that_computes():
    code = "import sys; from chainrule.cli.app import run; run(sys.argv[1:]); print(*sys.modules, sep='\\n')"
    for arguments in (["--help"], ["--version"], ["reproduc"]):
        ran = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        )
        assert not {"numpy", "scipy", "chainrule.experiments"} & set(ran.stdout.splitlines())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_help_is_the_command_s_own(name, capsys):
    assert load(name).help.splitlines()[0] == COMMANDS[name]
    assert run([name, "--help"]) == 0
    assert f" {name} " in capsys.readouterr().out
