"""``chainrule search`` and ``chainrule.search`` as a user meets them."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from chainrule.cli.app import run
from chainrule.records.searches import SearchResults
from chainrule.report.run import open_run
from support.commands import refused

FILE = """
title = "l2 of a small net"
dataset = "digits"
[settings]
train = 200
val = 100
test = 100
preprocess = "center"
hidden = [8]
init = "he"
batch_size = 50
epochs = 2
shuffle = true
learning_rate = 0.5
[space]
l2 = { low = 1e-5, high = 0.1, log = true }
hidden = [[8], [8, 8]]
[strategy]
kind = "random"
trials = 4
inits = 2
"""


@pytest.fixture
def file(tmp_path) -> str:
    (tmp_path / "small.toml").write_text(FILE)
    return "small.toml"


def test_a_search_prints_its_trials_winner_and_rule_and_resumes(capsys, file):
    command = ["search", file, "--out", "out", "--jobs", "2"]
    assert run(command) == 0
    first = capsys.readouterr()
    results = SearchResults.read(Path("out/results.json"))
    winner = results.trials[results.winner.trial]
    lines = first.out.splitlines()
    assert (
        lines[0]
        == "l2 of a small net on digits: random, 4 trials of 2 inits each, scored by validation accuracy"
    )
    assert sum("complete  " in line for line in lines) == 3
    assert sum("winner  " in line for line in lines) == 1
    assert f"winner: trial {winner.number} (l2 = {winner.values['l2']:.4g}, hidden = " in first.out
    assert f"val_accuracy {winner.mean:.4f} ± {winner.error:.4f}" in first.out
    assert "chosen by mean: the best mean val_accuracy of 4 complete trials" in first.out
    assert (
        "selected on the 100 samples of the validation split alone; the test split was touched once, by the winner "
        f"trained once more: test accuracy {results.winner.mean:.4f} ± {results.winner.error:.4f}"
    ) in first.out
    assert lines[-2:] == ["results: out", "page: out/report.html"]
    assert "small: 100%; 4 of 4 trials scored, best val_accuracy" in first.err
    assert run(command) == 0
    assert capsys.readouterr().out == first.out


@pytest.mark.usefixtures("in_process")
def test_json_is_results_json_and_nothing_else(capsys, file):
    assert run(["search", file, "--out", "out", "--json", "--quiet"]) == 0
    captured = capsys.readouterr()
    assert captured.out == Path("out/results.json").read_text()
    assert captured.err == ""


@pytest.mark.usefixtures("in_process")
def test_set_seed_and_dataset_are_heard(capsys, file):
    assert run(["search", file, "--out", "a", "--set", "epochs=1", "--quiet"]) == 0
    assert run(["search", file, "--out", "b", "--seed", "3", "--quiet"]) == 0
    a, b = (SearchResults.read(Path(name) / "results.json") for name in "ab")
    assert a.winner.settings["epochs"] == 1
    assert b.seeds == [6, 7]
    assert a.trials[0].values != b.trials[0].values
    capsys.readouterr()
    (line,) = refused(capsys, "search", file, "--dataset", "cifar10")
    assert "cifar10" in line


@pytest.mark.usefixtures("in_process")
def test_a_folder_is_named_where_none_is_given(file, tmp_path):
    assert run(["search", file, "--quiet"]) == 0
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("small-digits-")


def test_a_dry_run_prints_the_plan_and_writes_nothing(capsys, file, tmp_path):
    assert run(["search", file, "--dry-run", "--jobs", "2"]) == 0
    out = capsys.readouterr().out
    assert "4 trials: 8 nets in " in out
    assert "the winner once more: 2 nets" in out
    assert "in one process, estimated from what was measured here" in out
    assert "MiB a worker" in out
    assert run(["search", file, "--dry-run", "--jobs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stages"][0]["trials"] == 4
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["small.toml"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("low = 1e-5", "low = 1", "small.toml: space.l2.low = 1 is not below high = 0.1; swap them"),
        ("low = 1e-5", "low = 0", "small.toml: space.l2.log = true: low = 0 has no logarithm; write a low above 0"),
        ("hidden = [[8], [8, 8]]", "hiden = [[8]]", "space.hiden: is no setting that can be searched; did you mean 'h"),
        ("trials = 4", "trials = 0", "strategy.random.trials = 0: should be greater than or equal to 1"),
        ("trials = 4", "trails = 4", "strategy.random.trails: is no known key; did you mean 'trials'?"),
        ("inits = 2", 'metric = "test_accuracy"', "metric = 'test_accuracy': did you mean 'val_accuracy'?"),
        ('"random"', '"randm"', "strategy.kind = 'randm': did you mean 'random'?"),
        ("epochs = 2", "epoch = 2", "epoch: is no known key; did you mean 'epochs'?"),
        ("batch_size = 50", "batch_size = 5000", "batch_size = 5000: train holds 200 samples of digits; choose fewer"),
        ("[space]", "[space", "is not TOML"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(capsys, file, tmp_path, old, new, expected):
    assert old in FILE
    Path(file).write_text(FILE.replace(old, new))
    lines = refused(capsys, "search", file, "--out", "out")
    assert any(expected in line for line in lines), lines
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["none.toml"], "none.toml: cannot be read"),
        (["small.toml", "--set", "l2=1"], "--set l2=1: l2 is set by the space; edit the file"),
        (["small.toml", "--set", "epochs"], "--set epochs: is no key=value"),
        (["small.toml", "--seed", "-1"], "'-1' is no whole number from 0 to 1000000"),
        (["small.toml", "--jobs", "0"], "'0' is no whole number from 1 to 1000"),
        (["small.toml", "--dataset", "mnist"], "mnist"),
    ],
)
def test_bad_options_are_one_line(capsys, file, arguments, expected):
    (line,) = refused(capsys, "search", *arguments)
    assert expected in line


def test_an_empty_space_is_one_line(capsys, file):
    text = FILE.replace("l2 = {", "#").replace("hidden = [[8], [8, 8]]", "")
    Path(file).write_text(text)
    assert "small.toml: space: is empty; write for example l2 = [0.001, 0.01]" in refused(
        capsys, "search", file
    )


@pytest.mark.usefixtures("in_process")
def test_another_search_and_a_newer_version_are_refused(capsys, file):
    assert run(["search", file, "--out", "out", "--quiet"]) == 0
    capsys.readouterr()
    (line,) = refused(capsys, "search", file, "--out", "out", "--set", "epochs=3")
    assert line == "out: holds another search, with another settings; choose another --out"
    plan = Path("out/search.json")
    plan.write_text(plan.read_text().replace('"version": 1', '"version": 9', 1))
    (line,) = refused(capsys, "search", file, "--out", "out")
    assert line == "out/search.json: written by a newer chainrule (its form is number 9); update chainrule"


def test_without_optuna_the_extra_is_named(capsys, file, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "optuna", None)
    (line,) = refused(capsys, "search", file, "--out", "out")
    assert line == "searches need optional packages: pip install 'chainrule[search]'"


@pytest.mark.usefixtures("in_process")
def test_without_what_draws_the_page_a_search_says_so(capsys, file, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    assert run(["search", file, "--out", "out"]) == 0
    captured = capsys.readouterr()
    assert "note: figures need optional packages: pip install 'chainrule[report]'" in captured.err
    assert "page:" not in captured.out


def test_interruption_ends_with_code_130(monkeypatch, file):
    from chainrule.cli import search

    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(search, "run", interrupted)
    assert run(["search", file, "--quiet"]) == 130


@pytest.mark.usefixtures("in_process")
def test_a_search_s_page_and_report(capsys, file):
    assert run(["search", file, "--out", "out", "--quiet"]) == 0
    text = Path("out/report.html").read_text()
    for words in (
        "4 of 4 trials, the best first",
        "Chosen by mean",
        "the test split was touched once",
        "What was tried",
    ):
        assert words in text
    Path("out/report.html").unlink()
    capsys.readouterr()
    assert run(["report", "out", "--figures", "svg", "--tables", "csv,markdown"]) == 0
    rows = list(csv.DictReader(Path("out/tables/l2_of_a_small_net.csv").read_text().splitlines()))
    trials = SearchResults.read(Path("out/results.json")).trials
    assert [(float(row["l2"]), float(row["mean"])) for row in rows] == [
        (one.values["l2"], one.mean) for one in trials
    ]
    assert [json.loads(row["hidden"]) for row in rows] == [one.values["hidden"] for one in trials]
    assert Path("out/report.html").read_text() == text
    assert len(list(Path("out/figures").glob("*-searches.svg"))) == 1
    assert open_run("out").recipes == ["l2 of a small net"]
    Path("out/results.json").unlink()
    capsys.readouterr()
    (line,) = refused(capsys, "report", "out")
    assert "is half written: 10 nets are finished" in line


def test_a_cluster_needs_ray_and_takes_no_jobs(capsys, file, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    (line,) = refused(capsys, "search", file, "--cluster", "auto")
    assert "chainrule[ray]" in line
    (line,) = refused(capsys, "search", file, "--cluster", "auto", "--jobs", "2")
    assert "--jobs 2: on a cluster all its cores are used" in line
