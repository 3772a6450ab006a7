"""``chainrule reproduce --infer``, on a table about digits in the place of the reports."""

from __future__ import annotations

import csv

import pytest

from chainrule.cli.app import run
from chainrule.experiments import recipes
from chainrule.experiments.experiment import Experiment
from chainrule.records.inferences import Inference

TABLE = {
    "title": "small", "dataset": "digits", "inferred": ["shuffle"],
    "settings": {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center",
        "init": {"normal": 0.01}, "batch_size": 50, "epochs": 2, "shuffle": True, "learning_rate": 0.5,
    },
    "rows": [{"name": "a", "published": {"test_accuracy": "0.80"}}],
    "unknowns": [{
        "name": "shuffle", "rows": ["a"], "assumed": "a new order",
        "alternatives": [{"name": "the images' own", "set": {"shuffle": False}}],
    }],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _about_digits(monkeypatch):
    monkeypatch.setattr(recipes, "WRITTEN_FOR", "digits")
    monkeypatch.setattr(recipes, "load_all", lambda names: {"small": Experiment.model_validate(TABLE)})


def infer(tmp_path, *more):
    command = ["reproduce", "--infer", "small", "--dataset", "digits", "--seeds", "4", "--jobs", "1"]
    return run([*command, "--out", str(tmp_path / "out"), *more])


def test_odds_are_printed_and_everything_is_written(capsys, tmp_path):
    assert infer(tmp_path) == 0
    printed = capsys.readouterr()
    assert "note: small: 8 nets, 2.0 times the work of its rows; candidates: 2 of shuffle" in printed.err
    assert "infer: 100%" in printed.err
    inference = Inference.read(tmp_path / "out" / "inference.json")
    sentence = inference.recipes[0].unknowns[0].sentence
    assert sentence in " ".join(printed.out.split())
    assert sentence.replace("'", "'") in (tmp_path / "out" / "inference.md").read_text()
    with (tmp_path / "out" / "inference.csv").open() as file:
        assert len(list(csv.reader(file))) == 3
    assert sentence.replace("'", "&#39;") in (tmp_path / "out" / "report.html").read_text()
    assert inference.environment["command"].startswith("chainrule")


def test_json_is_inference_json_and_nothing_else(capsys, tmp_path):
    assert infer(tmp_path, "--json", "--quiet") == 0
    printed = capsys.readouterr()
    assert printed.out == (tmp_path / "out" / "inference.json").read_text()
    assert printed.err == ""


def test_a_folder_is_named_where_none_is_given(tmp_path):
    command = ["reproduce", "--infer", "--dataset", "digits", "--seeds", "4", "--jobs", "1", "--quiet"]
    assert run(command) == 0
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("infer-digits-")


def test_three_seeds_are_too_few(capsys, tmp_path):
    command = ["reproduce", "--infer", "--dataset", "digits", "--seeds", "3", "--out", str(tmp_path / "out")]
    assert run(command) == 2
    assert "seeds = 3: odds need 4 or more" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
