"""The search as an optuna journal, so that optuna and its dashboard open it.

It is a record, written by the driver alone: shards are the truth, and what they know and the journal lacks is told
again. A journal that cannot be read, or that is about something else, is put aside and written anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from chainrule.errors import StoreError
from chainrule.files import reported
from chainrule.inputs import read_bytes
from chainrule.records.plans import JOURNAL_ASIDE
from chainrule.records.searches import Metric, Trial
from chainrule.searches.distributions import direction, distributions, params_of
from chainrule.searches.extra import require_optuna, silent
from chainrule.searches.space import Space

LARGEST = 2**28
"""Bytes of the largest journal that is gone on with."""

_STATES = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}


class Journal:
    """One search's journal; nobody else may write it while this lives."""

    def __init__(self, path: Path, name: str, space: Space, metric: Metric) -> None:
        """Open it, or begin it.

        Args:
            path: the file.
            name: of the study in it.
            space: what is searched.
            metric: what trials are scored by.

        Raises:
            StoreError: it cannot be written.
        """
        self._path, self._name, self._space, self._metric = path.absolute(), name, space, metric
        self._told: dict[int, Trial] = {}
        with reported(path, "write"):
            # Left by a driver that was killed: whoever holds the folder is the only writer.
            Path(f"{self._path}.lock").unlink(missing_ok=True)
            try:
                _cut_torn_line(self._path)
                self._open()
            except OSError:
                raise
            except Exception:  # optuna raises whatever its parts do on a damaged line
                self._begin_anew()

    def record(self, trial: Trial) -> None:
        """Bring the journal up to a trial's state; what it knows already is not told twice.

        Raises:
            StoreError: it cannot be written.
        """
        if self._told.get(trial.number) == trial:
            return
        with reported(self._path, "write"):
            try:
                fits = self._fits(trial)
                if fits:
                    self._write(trial)
            except OSError:
                raise
            except Exception:  # as in __init__
                fits = False
            if not fits:
                self._begin_anew()
                for told in (*self._told.values(), trial):
                    self._write(told)
        self._told[trial.number] = trial

    def _open(self) -> None:
        storages = require_optuna().storages
        self._storage = storages.JournalStorage(storages.journal.JournalFileBackend(str(self._path)))
        studies = self._storage.get_all_studies()
        if studies:
            self._study = self._storage.get_study_id_from_name(studies[0].study_name)
        else:
            way = require_optuna().study.StudyDirection[direction(self._metric).upper()]
            with silent():
                self._study = self._storage.create_new_study([way], self._name)

    def _begin_anew(self) -> None:
        if os.path.lexists(self._path):
            self._path.replace(self._path.with_name(JOURNAL_ASIDE))
        self._open()

    @property
    def _trials(self) -> list[Any]:
        return list(self._storage.get_all_trials(self._study, deepcopy=False))

    def _fits(self, trial: Trial) -> bool:
        """Whether the journal lacks this trial only, or knows it by the same values."""
        known = self._trials
        if trial.number >= len(known):
            return trial.number == len(known)
        return bool(known[trial.number].params == params_of(self._space, trial.values))

    def _write(self, trial: Trial) -> None:
        optuna = require_optuna()
        states = optuna.trial.TrialState
        if trial.number == len(self._trials):
            begun = optuna.trial.create_trial(
                state=states.RUNNING,
                params=params_of(self._space, trial.values),
                distributions=distributions(self._space),
            )
            self._storage.create_new_trial(self._study, begun)
        known = self._trials[trial.number]
        if known.state.is_finished():
            return
        for rung in trial.rungs:
            if rung.epochs not in known.intermediate_values and rung.mean is not None:
                self._storage.set_trial_intermediate_value(self._id(trial), rung.epochs, rung.mean)
        if trial.state != "running":
            self._finish(self._id(trial), trial)

    def _id(self, trial: Trial) -> int:
        return int(self._storage.get_trial_id_from_study_id_trial_number(self._study, trial.number))

    def _finish(self, number: int, trial: Trial) -> None:
        attributes = {"scores": trial.scores, "standard_error": trial.error, "why": trial.why}
        for name, value in attributes.items():
            if value:
                self._storage.set_trial_user_attr(number, name, value)
        known = trial.state == "complete" and trial.mean is not None
        state = "FAIL" if trial.state == "complete" and not known else _STATES[trial.state]
        self._storage.set_trial_state_values(
            number, require_optuna().trial.TrialState[state], [trial.mean] if known else None
        )


def _cut_torn_line(path: Path) -> None:
    """Cut a last line back that was not written to its end: the next one would be appended to it.

    Raises:
        StoreError: it is no regular file, or larger than any journal.
    """
    if not os.path.lexists(path):
        return
    if path.is_symlink():
        raise StoreError(f"{path}: is a link, and what it leads to is not written to; delete it")
    data = read_bytes(path, LARGEST, StoreError, "delete it")
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
