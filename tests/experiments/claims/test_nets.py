"""Claims on the entries of made-up nets, and on inits."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.experiments.claims.base import Measured
from chainrule.experiments.claims.nets import InitNear, SameDistribution, total_variation
from chainrule.settings.settings import Settings
from support.members import made_row

SETTINGS = {
    "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "standardize",
    "batch_size": 10, "epochs": 1, "shuffle": True, "learning_rate": 0.1, "init": {"normal": 0.1},
}  # fmt: skip


def settings(**changes: object) -> Settings:
    return Settings.model_validate(SETTINGS | changes)


def test_total_variation():
    generator = np.random.default_rng(0)
    values = generator.normal(size=50_000)
    assert total_variation(values, values) == 0
    assert total_variation(values, values + 100) == 1
    # Of normal densities with deviations 1 and 2 it is 0.3227.
    assert total_variation(values, 2 * generator.normal(size=50_000)) == pytest.approx(0.323, abs=0.02)


@pytest.mark.parametrize(("factor", "held"), [(1.02, True), (2.0, False)])
@pytest.mark.parametrize("of", ["weights", "gradients"])
def test_same_distribution(of, factor, held):
    def entries(what: str, row: str) -> list[np.ndarray]:
        assert what == of
        generator = np.random.default_rng(1 if row == "a" else 2)
        return [generator.normal(size=20_000) * (factor if row == "a" else 1) for _ in range(3)]

    claim = SameDistribution(text="t", predicate="same_distribution", of=of, row="a", to="b", margin=0.1)
    measured = Measured({"a": made_row(0.1), "b": made_row(0.1)}, entries=entries)
    assert claim.decide(measured).held is held


def test_nothing_is_read_before_a_claim_asks():
    with pytest.raises(LookupError):
        Measured({}).entries("weights", "a")


def test_what_settings_rule_out():
    rows = {
        "deep": settings(hidden=[5]), "flat": settings(), "brief": settings(evaluate="validation"),
    }  # fmt: skip

    def refused(of: str, row: str) -> list[str]:
        claim = SameDistribution.model_validate(
            {"text": "t", "predicate": "same_distribution", "of": of, "row": row, "to": "flat", "margin": 0.1}
        )
        return claim.contradictions(rows)

    assert refused("gradients", "flat") == refused("weights", "deep") == []
    assert "'deep' has hidden layers" in refused("gradients", "deep")[0]
    assert "'brief' keeps no weights" in refused("weights", "brief")[0]


@pytest.mark.parametrize(
    ("inputs", "hidden", "to", "held"),
    [
        (64, [100], ["he", "xavier"], True),
        (64, [100], ["he"], True),
        (3072, [50, 50], ["he", "xavier"], False),
        (64, [100, 800], ["he"], True),
        (64, [100, 801], ["he"], False),
        (64, [100, 10], ["xavier"], False),
    ],
)
def test_an_init_must_be_near_in_every_layer(inputs, hidden, to, held):
    claim = InitNear.model_validate(
        {"text": "t", "predicate": "init_near", "row": "a", "to": to, "factor": 2.0}
    )
    measured = Measured({}, settings={"a": settings(hidden=hidden)}, inputs=inputs)
    assert claim.decide(measured).held is held


def test_the_evidence_of_a_near_init():
    claim = InitNear.model_validate(
        {"text": "t", "predicate": "init_near", "row": "a", "to": ["he", "xavier"], "factor": 2.0}
    )
    told = claim.decide(Measured({}, settings={"a": settings(hidden=[100])}, inputs=64)).evidence
    assert told == (
        "layer by layer 0.57, 0.71 times the deviation of he, 0.80, 1.00 times that of xavier; 2 times allowed"
    )
