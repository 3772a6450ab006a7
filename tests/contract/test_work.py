"""Components of one's own on the ordinary path: settings, plan, training, checkpoints, records, notes, the page."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest

from chainrule.cli.app import run
from chainrule.data import datasets
from chainrule.errors import SettingsError
from chainrule.experiments.reading import read_experiment
from chainrule.records.figures import PredictionsFigure
from chainrule.records.runs import Member
from chainrule.settings.settings import Settings
from chainrule.train.population import Training
from chainrule.work.executors import results
from chainrule.work.nets import named
from chainrule.work.planner import plan
from chainrule.work.processes import Processes
from chainrule.work.store import Store
from chainrule.work.training import Site, train_all
from support.training import nothing, shelved

DIGITS = datasets.load("digits")
OWN = {
    "loss": "squared", "hidden": [8], "activation": "bipolar", "init": "halved", "preprocess": "doubled",
    "learning_rate": {"highest": 0.2, "lowest": 0.01},
}  # fmt: skip


def net(**changes):
    base = {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "batch_size": 50, "epochs": 6,
        "shuffle": True,
    }  # fmt: skip
    return Settings.model_validate(base | OWN | changes)


def nets(**changes):
    return [named(DIGITS, net(l2=l2, **changes), 0) for l2 in (0.0, 0.001)]


@pytest.fixture
def site(tmp_path):
    def make(folder, executor):
        return Site(DIGITS, tmp_path / "data", Store(tmp_path / folder), executor, checkpoint_every=2)

    return make


@pytest.fixture
def workers():
    with contextlib.closing(Processes(2)) as started:
        yield started


def test_they_train_in_this_process_and_the_user_is_told(site, workers, compiling):
    outcome = train_all(nets(), site("a", workers), nothing)
    assert not outcome.failed
    assert {member.engine for member in outcome.members.values()} == {"layers"}
    for member in outcome.members.values():
        assert member.history.train_loss[-1] < 0.8 * member.history.train_loss[0]
        assert member.history.learning_rate[0] == 0.2
    assert outcome.notes == (
        "trained by the layers: compiled code has no loss 'squared' and no activation 'bipolar'",
        "trained in this process, one population after another: workers do not know activation 'bipolar', "
        "init 'halved', loss 'squared', schedule 'half_wave', transform 'doubled'",
    )


def test_others_of_the_same_call_go_to_the_workers_compiled(site, workers, compiling):
    usual = {
        "loss": "hinge",
        "activation": "relu",
        "init": "he",
        "preprocess": "center",
        "learning_rate": 0.01,
    }
    wanted = [*nets(), *nets(**usual)]
    outcome = train_all(wanted, site("a", workers), nothing)
    assert [outcome.members[one.id].engine for one in wanted] == ["layers"] * 2 + ["compiled"] * 2
    alone = train_all(nets(**usual), site("b", workers), nothing)
    assert not alone.notes
    for name, member in alone.members.items():
        np.testing.assert_allclose(outcome.members[name].history.val_loss, member.history.val_loss, rtol=1e-4)


def test_the_plan_alone_says_which_engine_trains(compiling, monkeypatch):
    wanted = [*nets(), *nets(loss="hinge", activation="relu"), *nets(loss="hinge")]
    engines = {name: one.engine for one in plan(DIGITS, wanted, 2) for name in one.members}
    assert [engines[one.id] for one in wanted] == [
        "layers",
        "layers",
        "compiled",
        "compiled",
        "layers",
        "layers",
    ]
    monkeypatch.setenv("CHAINRULE_COMPILED", "off")
    assert {one.engine for one in plan(DIGITS, wanted, 2)} == {"layers"}


EVERYTHING = {
    "loss": "cross_entropy", "label_smoothing": 0.1, "clip": 1.0, "ema": 0.9, "dropout": 0.2, "optimizer": "adam",
    "augment": {"flip": True, "shift": 1}, "early_stopping": {"metric": "val_loss", "patience": 3},
    "learning_rate": {"rate": 0.01, "warm_up": 0.2},
}  # fmt: skip


@pytest.mark.parametrize("own", [{}, EVERYTHING], ids=["components", "everything"])
def test_an_interrupted_training_goes_on_from_its_checkpoint_to_the_same_bits(
    site, workers, monkeypatch, own
):
    undisturbed = train_all(nets(**own), site("a", workers), nothing)
    real, seen = Training.train_epoch, []

    def interrupted(self):
        seen.append(self.epoch)
        if seen == [0, 1, 2, 3, 4]:
            raise KeyboardInterrupt
        real(self)

    monkeypatch.setattr(Training, "train_epoch", interrupted)
    here = site("b", workers)
    with pytest.raises(KeyboardInterrupt):
        train_all(nets(**own), here, nothing)
    assert len(shelved(here)) == 1
    outcome = train_all(nets(**own), here, nothing)
    assert seen == [0, 1, 2, 3, 4, 4, 5]
    assert outcome.members == undisturbed.members


def test_a_worker_that_is_asked_after_all_names_what_it_does_not_know(workers):
    with pytest.raises(SettingsError, match="loss 'squared': is unknown here; did you mean 'squared_error'"):
        list(results(workers, _loss, ["squared"], lambda: None))


def _loss(name: str) -> str:
    from chainrule.components import LOSSES

    return LOSSES[name].name


def test_a_command_trains_them_and_shows_them(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(
        """
title = "own"
[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = "he"
batch_size = 50
epochs = 2
shuffle = true
hidden = [8]
learning_rate = { highest = 0.1, lowest = 0.001 }
[[rows]]
name = "usual"
[[rows]]
name = "own"
set = { activation = "bipolar", loss = "squared" }
"""
    )
    assert run(["train", "own.toml", "--dataset", "digits", "--out", "o", "--jobs", "1"]) == 0
    said = capsys.readouterr().err
    assert "note: trained in this process" in said
    assert "activation 'bipolar', loss 'squared', schedule 'half_wave'" in said
    rows = json.loads(Path("o/results.json").read_text())["rows"]
    assert [row["setting"] for row in rows] == [{}, {"activation": "bipolar", "loss": "squared"}]
    members = [Member.read(path) for path in Path("o/members").glob("*.json")]
    assert sorted(member.settings.get("activation", "relu") for member in members) == ["bipolar", "relu"]
    assert "bipolar" in Path("o/report.html").read_text()
    for row, result in zip(
        PredictionsFigure.read(Path("o/figures/own-predictions.json")).rows, rows, strict=True
    ):
        counts = np.array(row.counts)
        assert np.trace(counts) / counts.sum() == pytest.approx(result["values"][0], abs=1.5 / counts.sum())
        assert row.confidence == {"usual": "probability", "own": "margin"}[row.row]


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('loss = "square"', "loss = 'square': did you mean 'squared'?"),
        ('activation = "tan"', "activation = 'tan': did you mean 'tanh'?"),
        (
            "activation = 3",
            "activation = 3: should be 'relu', 'leaky_relu', 'tanh', 'sigmoid', 'silu', 'gelu', 'gelu_tanh', "
            "'bipolar' or 'leaky'",
        ),
        ('init = "q"', 'init = \'q\': write "xavier", "he", "glorot", { normal = 0.01 } or "halved"'),
        (
            "learning_rate = 0",
            "learning_rate = 0: write a number above 0, { start = 0.02, decay_per_epoch = 0.9 }, "
            "{ min = 1e-5, max = 0.1, half_cycle = 500 }, { peak = 0.1, warm_up = 0.1 }, "
            "{ rate = 0.1, warm_up = 0.1 } or { highest = 0.1, lowest = 0.001 }",
        ),
        (
            "learning_rate = { highest = 1, lowst = 1 }",
            "learning_rate.lowst: is no known key; did you mean 'lowest'?",
        ),
        ("learning_rate = { highest = 1, lowest = 0 }", "learning_rate.lowest = 0: should be greater than 0"),
    ],
)
def test_error_lines_of_settings_know_them(tmp_path, written, line):
    path = tmp_path / "f.toml"
    path.write_text('title = "t"\n[settings]\n' + written)
    with pytest.raises(SettingsError) as refused:
        read_experiment(path)
    assert f"{path}: {line}" in refused.value.problems
