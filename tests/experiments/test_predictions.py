"""Answers class by class are those of the weights kept; searches keep every point."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from chainrule.experiments.predictions import MISTAKES
from chainrule.experiments.published_search import TableSearch
from chainrule.experiments.reproduce import reproduce
from chainrule.records.figures import PredictionsFigure, SearchesFigure
from chainrule.work.executors import InProcess
from chainrule.work.nets import named
from chainrule.work.store import Store


@pytest.mark.parametrize(
    "changes", [{}, {"loss": "hinge"}, {"hidden": [12], "batch_norm": True, "init": "he"}]
)
def test_counts_and_mistakes(job, small, digits, changes):
    settings = {**small.settings, **changes}
    wanted = job(experiments={"small": small.model_copy(update={"settings": settings})}, seeds=range(2))
    report = reproduce(wanted, InProcess())
    figure = PredictionsFigure.read(wanted.out / "figures" / "small-predictions.json")
    assert figure.classes == list(digits.classes)
    labels = digits.labels[list(digits.batches["test_batch"])]
    images = digits.images[list(digits.batches["test_batch"])]
    for row in figure.rows:
        counts = np.array(row.counts)
        np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(labels, minlength=10))
        (first,) = [
            r.values[0] for r in report.results.rows if (r.name, r.metric) == (row.row, "test_accuracy")
        ]
        assert np.trace(counts) / counts.sum() == pytest.approx(first, abs=1.5 / len(labels))
        assert row.confidence == ("margin" if changes.get("loss") == "hinge" else "probability")
        assert len(row.mistakes) == min(MISTAKES, counts.sum() - np.trace(counts))
        sure = [one.confidence for one in row.mistakes]
        assert sure == sorted(sure, reverse=True)
        assert all(one.truth != one.predicted and counts[one.truth, one.predicted] for one in row.mistakes)
        known = {
            (np.rint(image * (255 / 16)).astype(np.uint8).tobytes(), int(y))
            for image, y in zip(images, labels, strict=True)
        }
        assert all((base64.b64decode(one.image), one.truth) in known for one in row.mistakes)


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_sureness_is_that_of_the_weights_kept(job, small, digits, loss):
    experiment = small.model_copy(update={"settings": {**small.settings, "loss": loss}})
    wanted = job(experiments={"small": experiment}, seeds=[0])
    reproduce(wanted, InProcess())
    store = Store(wanted.out)
    member = store.find(named(digits, experiment.resolved()["a"], 0).id)
    assert member is not None
    weights = store.weights(member)
    test = list(digits.batches["test_batch"])
    x = (digits.images[test] - digits.images[:300].mean(axis=0)) / 16
    scores = x @ weights["last.W1"].T + weights["last.b1"]
    labels, highest = digits.labels[test], scores.max(axis=1)
    if loss == "hinge":
        sure = highest - scores[np.arange(len(test)), labels]
    else:
        sure = 1 / np.exp(scores - highest[:, np.newaxis]).sum(axis=1)
    expected = np.sort(sure[scores.argmax(axis=1) != labels])[::-1][:MISTAKES]
    figure = PredictionsFigure.read(wanted.out / "figures" / "small-predictions.json")
    assert [one.confidence for one in figure.rows[0].mistakes] == pytest.approx(expected.tolist(), rel=1e-3)


def test_every_point_of_a_search_is_kept(job, small):
    search = TableSearch.model_validate(
        {
            "name": "grid",
            "space": {"l2": [0.0, 0.1]},
            "set": {"learning_rate": 0.5},
            "strategy": {"kind": "grid", "inits": 2},
        }
    )
    wanted = job(experiments={"small": small.model_copy(update={"searches": (search,)})}, replicates=2)
    report = reproduce(wanted, InProcess())
    (found,) = SearchesFigure.read(wanted.out / "figures" / "small-searches.json").searches
    assert (found.name, found.inits, found.setting) == ("grid", 2, {"learning_rate": 0.5})
    assert [[point.values["l2"] for point in points] for points in found.replicates] == [[0.0, 0.1]] * 2
    (best,) = [row for row in report.results.rows if row.metric == "best_val_accuracy"]
    assert [max(point.score for point in points) for points in found.replicates] == best.values
