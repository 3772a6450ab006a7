"""Results say what was asked, in a form that is promised."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chainrule.experiments.reproduce import reproduce
from chainrule.records.runs import Results
from chainrule.work.executors import InProcess


def test_results_say_what_was_asked(job):
    wanted = job()
    report = reproduce(wanted, InProcess())
    results = Results.read(wanted.out / "results.json")
    assert results == report.results
    assert [(row.name, row.metric) for row in results.rows] == [
        (name, metric) for name in "ab" for metric in ("val_accuracy", "test_accuracy")
    ]
    first = results.rows[1]
    assert first.published == 0.8
    assert first.published_decimals == 2
    assert first.setting == {"learning_rate": 0.5}
    assert len(first.values) == 3
    assert first.mean == pytest.approx(np.mean(first.values))
    assert first.verdict in {"agrees", "differs", "uninformative"}
    assert first.inferred == ["shuffle"]
    assert results.rows[0].verdict is None
    assert results.rows[0].published is None
    assert results.rows[3].inferred == ["shuffle", "l2"]
    assert [claim.held for claim in results.claims] == [True, True]
    assert results.environment["dataset"]["name"] == "digits"
    assert results.environment["seeds"] == [0, 1, 2]
    assert {"python", "numpy", "chainrule"} <= set(results.environment["versions"])


def test_results_json_keeps_its_promised_form(job):
    wanted = job()
    reproduce(wanted, InProcess())
    document = json.loads((wanted.out / "results.json").read_text())
    assert document["version"] == 1
    promised = [
        "recipe",
        "setting",
        "metric",
        "published",
        "values",
        "mean",
        "low",
        "high",
        "verdict",
        "inferred",
    ]
    assert all(set(promised) <= set(row) for row in document["rows"])
    assert all({"recipe", "text", "held"} <= set(claim) for claim in document["claims"])
    assert isinstance(document["environment"], dict)


def test_a_diverging_row_is_reported(job, small):
    wild = small.model_copy(update={"rows": small.rows, "settings": {**small.settings, "epochs": 3}})
    rows = [small.rows[0], small.rows[1].model_copy(update={"set": {"learning_rate": 1e9, "l2": 1.0}})]
    wild = wild.model_copy(update={"rows": tuple(rows), "claims": ()})
    report = reproduce(job(experiments={"small": wild}), InProcess())
    assert [row.diverged for row in report.results.rows] == [[], [], [0, 1, 2], [0, 1, 2]]
    assert None in report.figures[0].rows[1].curves["train_loss"].mean
    assert None not in report.figures[0].rows[0].curves["train_loss"].mean
