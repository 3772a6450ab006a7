"""Entries of W1 and of its gradient are read when a claim asks, seed by seed."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest

from chainrule.experiments.entries import entries_by_row, weight_gradient
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.reproduce import reproduce
from chainrule.work.executors import InProcess
from chainrule.work.nets import named
from chainrule.work.store import Store

ALIKE = [
    {"text": of, "predicate": "same_distribution", "of": of, "row": "a", "to": "b", "margin": 0.05}
    for of in ("weights", "gradients")
]


def test_nothing_is_read_of_a_table_without_claims_on_entries(digits):
    store = Mock(spec=Store)
    entries_by_row(store, digits, {}, {})
    assert store.mock_calls == []


def test_a_claim_on_entries_looks_at_every_seed(job, small, digits):
    claims = Experiment.model_validate(small.model_dump() | {"claims": ALIKE}).claims
    wanted = job(experiments={"small": small.model_copy(update={"claims": claims})}, seeds=[0, 1, 2])
    results = reproduce(wanted, InProcess()).results
    assert [claim.held for claim in results.claims] == [False, False]
    store, settings = Store(wanted.out), small.resolved()
    rows = {
        row: [store.find(named(digits, own, seed).id) for seed in (0, 1, 2)] for row, own in settings.items()
    }
    entries = entries_by_row(store, digits, settings, rows)
    for seed, member in enumerate(rows["a"]):
        weights = store.weights(member)
        np.testing.assert_array_equal(entries("weights", "a")[seed], weights["last.W1"].ravel())
        gradient = weight_gradient(settings["a"], digits, weights)
        np.testing.assert_array_equal(entries("gradients", "a")[seed], gradient)
        assert gradient.shape == (640,)


def test_row_b_has_its_penalty_in_the_gradient(job, small, digits):
    wanted = job(seeds=[0])
    reproduce(wanted, InProcess())
    settings, store = small.resolved()["b"], Store(wanted.out)
    weights = store.weights(store.find(named(digits, settings, 0).id))
    free = weight_gradient(settings.model_copy(update={"l2": 0.0}), digits, weights)
    penalty = 2 * settings.l2 * weights["last.W1"].astype(np.float64).ravel()
    assert weight_gradient(settings, digits, weights) == pytest.approx(free + penalty, abs=1e-12)
