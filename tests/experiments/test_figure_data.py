"""What figures hold is computed from the nets trained."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.experiments.reproduce import reproduce
from chainrule.records.figures import CurvesFigure, HistogramsFigure, TemplatesFigure
from chainrule.work.executors import InProcess
from chainrule.work.nets import named
from chainrule.work.store import Store


def test_figure_data(job, digits):
    wanted = job()
    reproduce(wanted, InProcess())
    curves = CurvesFigure.read(wanted.out / "figures" / "small-curves.json")
    assert [row.row for row in curves.rows] == ["a", "b"]
    band = curves.rows[0].curves["val_loss"]
    assert len(band.mean) == len(curves.rows[0].epoch) == 3
    assert all(low <= mean <= high for low, mean, high in zip(band.low, band.mean, band.high, strict=True))
    templates = TemplatesFigure.read(wanted.out / "figures" / "small-templates.json")
    assert templates.shape == (1, 8, 8)
    picture = np.array(templates.rows[0].images)
    assert picture.shape == (10, 64)
    assert (picture.min(axis=1) == 0).all()
    assert (picture.max(axis=1) == 255).all()


def test_gradient_histograms(job, small, digits):
    wanted = job(experiments={"small": small.model_copy(update={"gradient_histograms": ("a",)})}, seeds=[0])
    reproduce(wanted, InProcess())
    figure = HistogramsFigure.read(wanted.out / "figures" / "small-gradients.json")
    (row,) = figure.rows
    assert row.row == "a"
    assert sum(row.counts) == 10 * 64
    assert len(row.edges) == len(row.counts) + 1
    settings = small.resolved()["a"]
    store = Store(wanted.out)
    member = store.find(named(digits, settings, 0).id)
    assert member is not None
    weights = store.weights(member)
    x = digits.images[:300] / 16
    x = x - x.mean(axis=0)
    scores = x @ weights["last.W1"].T + weights["last.b1"]
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    gradient = (p - np.eye(10)[digits.labels[:300]]).T @ x / 300
    expected, _ = np.histogram(gradient, row.edges)
    assert np.abs(expected - row.counts).sum() <= 4  # float32 may move an entry over an edge
    assert row.edges[0] == pytest.approx(gradient.min(), rel=1e-4)
