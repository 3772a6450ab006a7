"""Answers class by class are those of the weights kept; searches keep every point."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from chainrule.experiments.executors import InProcess
from chainrule.experiments.predictions import MISTAKES
from chainrule.experiments.reproduce import reproduce
from chainrule.experiments.search import Search
from chainrule.figure_records import PredictionsFigure, SearchesFigure


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


def test_every_point_of_a_search_is_kept(job, small):
    search = Search(name="grid", grid={"l2": [0.0, 0.1]}, set={"learning_rate": 0.5}, inits=2)
    wanted = job(experiments={"small": small.model_copy(update={"searches": (search,)})}, replicates=2)
    report = reproduce(wanted, InProcess())
    (found,) = SearchesFigure.read(wanted.out / "figures" / "small-searches.json").searches
    assert (found.name, found.inits, found.setting) == ("grid", 2, {"learning_rate": 0.5})
    assert [[point.values["l2"] for point in points] for points in found.replicates] == [[0.0, 0.1]] * 2
    (best,) = [row for row in report.results.rows if row.metric == "best_val_accuracy"]
    assert [max(point.score for point in points) for points in found.replicates] == best.values
