"""Searches from Python."""

from __future__ import annotations

import pytest

import chainrule
from chainrule.errors import SettingsError
from chainrule.work.executors import InProcess
from support.searching import SETTINGS


def test_a_search_from_python(monkeypatch, tmp_path):
    monkeypatch.setattr("chainrule.work.processes.Processes", lambda jobs: InProcess())
    found = chainrule.search(
        SETTINGS,
        {"l2": [0.0, 0.01], "hidden": [[4], [8]]},
        {"kind": "grid", "inits": 1},
        dataset="digits",
        out=tmp_path / "out",
        jobs=1,
    )
    assert found.best["values"] == found.record.trials[found.best["trial"]].values
    assert found.best["settings"]["l2"] == found.best["values"]["l2"]
    assert found.best["test_accuracy"] == found.record.winner.mean
    assert found.best["mean"] == found.record.trials[found.best["trial"]].mean
    assert found.best["test_accuracy"] != found.best["mean"]
    assert [line["trial"] for line in found.trials] == [0, 1, 2, 3]
    assert found.trials[1] | {"l2": 0.0, "hidden": [8], "state": "complete", "epochs": 2} == found.trials[1]
    assert len(found.plot().to_dict()["vconcat"]) == 1 + 2, "trials as lines, and the score over each setting"
    assert "selected on the 100 samples of the validation split alone" in str(found)
    assert found.write_page().name == "report.html"
    with pytest.raises(SettingsError, match="space: is empty"):
        chainrule.search(SETTINGS, {}, {"kind": "grid"}, dataset="digits")
