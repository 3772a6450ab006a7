"""What a member comes to by scikit-learn's scorers while it trains."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, r2_score, roc_auc_score

from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import SettingsError
from chainrule.nn.network import Network
from chainrule.train.scoring import score

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3)).astype(np.float32)
AS_THEY_ARE = Transform(np.ones(3), np.zeros(3))


def scored(metric, labels, outputs, loss="cross_entropy", member=1):
    network = Network((3, outputs), loss)
    parameters = network.initial(0, ["he", "glorot"], np.float64)
    scores = (X @ parameters["W1"][member].T + parameters["b1"][member]).astype(np.float64)
    return score(network, parameters, AS_THEY_ARE, Split(X, labels), metric, member), scores


def test_a_member_is_measured_by_itself():
    labels = RNG.integers(0, 3, 60)
    measured, scores = scored("f1_macro", labels, 3)
    assert measured == f1_score(labels, scores.argmax(axis=1), average="macro")
    measured, scores = scored("roc_auc", labels > 0, 2)
    assert measured == pytest.approx(roc_auc_score(labels > 0, scores[:, 1] - scores[:, 0]))
    targets = RNG.integers(0, 2, (60, 4))
    measured, scores = scored("f1_micro", targets, 4, "binary_cross_entropy")
    assert measured == f1_score(targets, scores > 0, average="micro")
    numbers = RNG.normal(size=60)
    measured, scores = scored("r2", numbers, 1, "squared_error")
    assert measured == pytest.approx(r2_score(numbers, scores[:, 0]))


def test_what_cannot_be_measured_is_one_line():
    with pytest.raises(SettingsError, match="metric 'f1': Target is multiclass"):
        scored("f1", RNG.integers(0, 3, 60), 3)
