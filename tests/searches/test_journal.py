"""The journal: optuna opens it, it survives what can happen to a file, and nothing is told twice."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import optuna
import pytest

from chainrule.errors import StoreError
from chainrule.records.plans import JOURNAL_ASIDE
from chainrule.records.searches import Rung
from chainrule.searches import journal
from chainrule.searches.journal import Journal
from chainrule.searches.run import run
from chainrule.searches.space import read_space
from chainrule.work.executors import InProcess
from support.searching import L2, document, trial

SPACE, _ = read_space(
    {"l2": L2, "hidden": [[5], [5, 5]], "batch_size": {"low": 2, "high": 9, "integer": True}}
)
STATES = optuna.trial.TrialState


def values(l2: float = 0.01):
    return {"l2": l2, "hidden": [5, 5], "batch_size": 3}


def begun(number: int, l2: float = 0.01):
    return trial(number, values(l2), None, scores=[], error=None, rungs=[], state="running")


def opened(path, metric="val_accuracy") -> Journal:
    return Journal(path, "a search", SPACE, metric)


def loaded(path) -> optuna.Study:
    backend = optuna.storages.journal.JournalFileBackend(str(path))
    storage = optuna.storages.JournalStorage(backend)
    (name,) = optuna.get_all_study_names(storage)
    return optuna.load_study(study_name=name, storage=storage)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.log"


def test_optuna_opens_what_was_told(path):
    journal = opened(path)
    for one in (begun(0), trial(0, values(), 0.5), begun(1, 0.1), begun(2, 0.05)):
        journal.record(one)
    rungs = [Rung(epochs=1, mean=0.2, error=None), Rung(epochs=3, mean=0.3, error=None)]
    journal.record(trial(1, values(0.1), 0.3, rungs=rungs, state="pruned"))
    journal.record(trial(2, values(0.05), None, state="failed", why="poison"))
    study = loaded(path)
    assert study.study_name == "a search"
    assert study.direction == optuna.study.StudyDirection.MAXIMIZE
    assert [one.state for one in study.trials] == [STATES.COMPLETE, STATES.PRUNED, STATES.FAIL]
    assert study.best_value == 0.5
    assert study.best_params == {"l2": 0.01, "hidden": "[5, 5]", "batch_size": 3}
    assert study.trials[0].user_attrs == {"scores": [0.5, 0.5], "standard_error": 0.01}
    assert study.trials[1].intermediate_values == {1: 0.2, 3: 0.3}
    assert study.trials[2].user_attrs["why"] == "poison"


def test_a_loss_is_made_small(path):
    opened(path, "val_loss").record(trial(0, values(), None))
    study = loaded(path)
    assert study.direction == optuna.study.StudyDirection.MINIMIZE
    assert study.trials[0].state == STATES.FAIL


def test_nothing_is_told_twice(path):
    told = [begun(0), trial(0, values(), 0.5), begun(1, 0.1)]
    journal = opened(path)
    for one in told:
        journal.record(one)
    before = path.read_bytes()
    for one in told:
        journal.record(one)
    again = opened(path)
    for one in told:
        again.record(one)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_torn_line_is_cut_back_and_told_again(path, kept):
    journal = opened(path)
    told = [begun(0), trial(0, values(), 0.5), begun(1, 0.1), trial(1, values(0.1), 0.6)]
    for one in told:
        journal.record(one)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    assert not path.read_bytes().endswith(b"\n")
    again = opened(path)
    for one in told:
        again.record(one)
    assert [told.value for told in loaded(path).trials] == [0.5, 0.6]
    assert not path.with_name(JOURNAL_ASIDE).exists()


@pytest.mark.parametrize("damage", [b"not json\n", b'{"op_code": 99}\n', b"\0" * 50 + b"\n", b"3\n"])
def test_a_journal_that_cannot_be_read_is_put_aside(path, damage):
    journal = opened(path)
    journal.record(trial(0, values(), 0.5))
    whole = path.read_bytes()
    path.write_bytes(damage + whole)
    opened(path).record(trial(0, values(), 0.5))
    assert [one.value for one in loaded(path).trials] == [0.5]
    assert path.with_name(JOURNAL_ASIDE).read_bytes() == damage + whole


def test_a_journal_of_other_values_is_put_aside(path):
    opened(path).record(trial(0, values(0.1), 0.4))
    again = opened(path)
    again.record(trial(0, values(), 0.5))
    again.record(trial(1, values(0.1), 0.6))
    assert [one.params["l2"] for one in loaded(path).trials] == [0.01, 0.1]


def test_a_lock_left_by_a_killed_driver_holds_nobody_up(path):
    opened(path).record(begun(0))
    lock = path.with_name("journal.log.lock")
    lock.symlink_to(path)
    journal = opened(path)
    assert not lock.is_symlink()
    journal.record(trial(0, values(), 0.5))
    assert loaded(path).trials[0].state == STATES.COMPLETE


def test_a_full_disk_is_one_line(path, monkeypatch):
    journal = opened(path)

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(
        StoreError, match=r"journal\.log: cannot write: No space left on device; free some space"
    ):
        journal.record(begun(0))


def test_optuna_s_own_words_are_as_loud_as_before(path, capfd):
    before = optuna.logging.get_verbosity()
    opened(path)
    assert optuna.logging.get_verbosity() == before
    assert capfd.readouterr().err == ""


def test_the_journal_of_a_search_shows_all_trials_complete(job):
    wanted = job(document({"l2": L2}, {"kind": "tpe", "trials": 6, "inits": 2}))
    results = run(wanted, InProcess())
    study = loaded(wanted.out / "journal.log")
    assert [one.state for one in study.trials] == [STATES.COMPLETE] * 6
    assert [one.value for one in study.trials] == [one.mean for one in results.trials]
    before = (wanted.out / "journal.log").read_bytes()
    run(wanted, InProcess())
    assert (wanted.out / "journal.log").read_bytes() == before


def test_a_link_in_its_place_is_put_aside_and_what_it_leads_to_stays(path):
    other = path.with_name("precious")
    other.write_text("a line\nand half a")
    path.symlink_to(other)
    opened(path).record(trial(0, values(), 0.5))
    assert other.read_text() == "a line\nand half a"
    assert path.with_name(JOURNAL_ASIDE).is_symlink()
    assert len(loaded(path).trials) == 1


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_what_is_no_file_is_put_aside(path, make):
    make(path)
    opened(path).record(trial(0, values(), 0.5))
    assert len(loaded(path).trials) == 1


def test_a_journal_larger_than_any_is_put_aside(path, monkeypatch):
    opened(path).record(trial(0, values(), 0.5))
    monkeypatch.setattr(journal, "LARGEST", 10)
    opened(path).record(trial(0, values(), 0.6))
    assert path.with_name(JOURNAL_ASIDE).exists()
    assert loaded(path).best_value == 0.6


@pytest.mark.parametrize(
    ("part", "damaged"),
    [('"params"', '"parms"'), ('"state":1', '"state":77')],
)
def test_a_journal_whose_lines_lie_is_put_aside(path, part, damaged):
    opened(path).record(trial(0, values(), 0.5))
    text = path.read_text()
    assert part in text
    path.write_text(text.replace(part, damaged))
    again = opened(path)
    for told in (trial(0, values(), 0.5), trial(1, values(0.1), 0.6)):
        again.record(told)
    assert path.with_name(JOURNAL_ASIDE).exists()
    assert [told.value for told in loaded(path).trials] == [0.5, 0.6]
