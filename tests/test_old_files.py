"""Files that version 0.1.0 wrote, as they lie in ``tests/support/version_0_1_0``: read and gone on from, or refused by
name with what to do. Nothing there is ever written again by a later version."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from chainrule import open_run
from chainrule.cli.app import run
from chainrule.errors import SettingsError
from chainrule.experiments.reading import read_experiment
from chainrule.records.plans import Plan
from chainrule.records.runs import Member
from chainrule.searches.search import read_file
from chainrule.settings.settings import Settings
from support.commands import refused

KEPT = Path(__file__).parent / "support" / "version_0_1_0"
GOES_ON = {
    "tables": ["train", "tables.toml", "--seeds", "2"],
    "search": ["search", "search.toml"],
}
REWRITTEN = """
title = "Searches of a table as version 0.1.0 wrote them"
dataset = "digits"
metrics = ["val_accuracy"]

[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = "xavier"
batch_size = 100
epochs = 1
shuffle = true
learning_rate = 0.5

[[searches]]
name = "coarse search"
space = { l2 = [0.001, 0.01, 0.1] }
strategy = { kind = "grid", inits = 2 }
published = { best_val_accuracy = ["0.81"], best_settings = [{ l2 = 0.001 }] }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """A copy, to work in."""
    copy = tmp_path / "copy"
    shutil.copytree(KEPT, copy)
    monkeypatch.chdir(copy)
    return copy


def members(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "members").iterdir()}


def test_runs_are_opened_with_figures_and_checks():
    opened = open_run("tables")
    assert opened.plan is not None
    assert opened.plan.written_by == "0.1.0"
    assert {row.name for row in opened.results.rows} == {"one layer", "two layers", "hinge"}
    assert [claim.held for claim in opened.results.claims] == [True, False]
    assert {figure.kind for figure in opened.figures} == {"curves", "templates", "gradients", "predictions"}
    assert [(check.recipe, len(check.rows)) for check in opened.checks] == [("one_layer", 16)]
    assert [(file.file, file.outcome) for file in opened.files] == [("half_regulariser.py", "wrong")]
    search = open_run("search").search
    assert search is not None
    assert search.winner is not None
    assert search.winner.trial == 0


@pytest.mark.parametrize("name", ["tables", "searched", "search"])
def test_a_page_is_made_of_them(name, capsys):
    assert run(["report", name]) == 0
    assert capsys.readouterr().out == f"page: {name}/report.html\n"


@pytest.mark.parametrize("name", GOES_ON)
def test_the_same_command_trains_nothing_again(folder, name):
    before, results = members(folder / name), json.loads((folder / name / "results.json").read_text())
    assert run([*GOES_ON[name], "--out", name, "--quiet", "--jobs", "1"]) == 0
    assert members(folder / name) == before
    again = json.loads((folder / name / "results.json").read_text())
    for key in ("rows", "trials", "winner"):
        assert again.get(key) == results.get(key)
    assert again["written_by"] != "0.1.0"


def test_more_seeds_go_on_in_it(folder):
    before = members(folder / "tables")
    assert run(["train", "tables.toml", "--out", "tables", "--seeds", "3", "--quiet", "--jobs", "1"]) == 0
    after = members(folder / "tables")
    assert after.items() > before.items()
    assert Plan.read(folder / "tables" / "plan.json").written_by != "0.1.0"


def test_nets_have_the_settings_and_ids_they_had(folder):
    records = [Member.read(path) for path in folder.glob("*/members/*.json")]
    assert len(records) > 20
    for record in records:
        assert Settings.model_validate(record.settings).model_dump(mode="json") == record.settings


def test_a_checkpoint_is_gone_on_from(folder, capsys):
    arguments = ["train", "interrupted.toml", "--jobs", "1"]
    assert run([*arguments, "--out", "interrupted"]) == 0
    assert capsys.readouterr().err.startswith("interrupted: 62%\n"), "5 of 8 epochs were done"
    assert run([*arguments, "--out", "whole", "--quiet"]) == 0
    assert members(folder / "interrupted").keys() == members(folder / "whole").keys()
    for path in sorted((folder / "whole" / "members").glob("*.json")):
        went_on, whole = Member.read(folder / "interrupted" / "members" / path.name), Member.read(path)
        assert went_on.history.epoch == list(range(9))
        np.testing.assert_allclose(went_on.history.train_loss, whole.history.train_loss, rtol=1e-3)
    assert not list((folder / "interrupted" / "checkpoints").iterdir())


def test_searches_of_tables_are_refused_by_name_and_their_nets_kept(folder, capsys):
    (folder / "searched.toml").write_text(REWRITTEN)
    before = members(folder / "searched")
    arguments = [
        "train",
        "searched.toml",
        "--search-seeds",
        "2",
        "--out",
        "searched",
        "--quiet",
        "--jobs",
        "1",
    ]
    (line,) = refused(capsys, *arguments)
    assert line == (
        "searched: holds another plan (searches of searched), as chainrule 0.1.0 wrote it; choose another --out, or "
        "remove its plan.json: nets that are the same are not trained again"
    )
    (folder / "searched" / "plan.json").unlink()
    assert run(arguments) == 0
    assert members(folder / "searched") == before


@pytest.mark.parametrize("path", sorted(KEPT.glob("**/*.toml")), ids=lambda path: path.name)
def test_documents_are_read_or_say_what_to_write(path):
    read = read_file if path.name == "search.toml" else read_experiment
    problems: tuple[str, ...] = ()
    try:
        read(path)
    except SettingsError as error:
        problems = error.problems
    assert [line for line in problems if "was of version 0.1.0; write " not in line] == []
    replaced = ("[[searches]]", '"close"', "within")
    assert bool(problems) is any(word in path.read_text() for word in replaced)


def test_what_was_told_of_other_runs_is_read():
    (told,) = read_experiment(KEPT / "tables.toml").found
    assert told.text == "a remark on a number that differs"
