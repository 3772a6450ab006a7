"""How long populations take, by what a few of them do."""

from __future__ import annotations

import itertools

import pytest

from chainrule.searches import pace
from chainrule.searches.pace import Pace
from chainrule.searches.planned import planned
from chainrule.searches.search import read_search
from support.searching import document


@pytest.fixture
def populations(digits):
    search = read_search(document({"batch_size": [10, 50]}, {"kind": "grid", "inits": 2}))
    return list(itertools.chain(*(stage.populations for stage in planned(search, digits, 0, workers=1))))


@pytest.fixture
def measured(monkeypatch):
    """Which populations were measured, each as 2 s an epoch."""
    asked = []
    monkeypatch.setattr(pace.Pace, "_measured", lambda self, population: asked.append(population) or 2.0)
    return asked


def test_every_kind_is_measured_once(digits, populations, measured):
    # Two batch sizes, and the winner, which is evaluated on all images; two seeds each.
    Pace(digits, populations)
    assert len(measured) == 3
    assert len(populations) == 6


def test_what_another_engine_or_optimizer_trains_is_measured_by_itself(digits, measured):
    search = read_search(document({"clip": [0.0, 0.5]}, {"kind": "grid", "inits": 1}, hidden=[4]))
    trials, _ = planned(search, digits, 0, workers=1)
    Pace(digits, trials.populations)
    assert {next(iter(population.members.values())).clip for population in measured} == {0.0, 0.5}


def test_what_was_not_measured_takes_as_long_by_its_cost(digits, populations, measured, monkeypatch):
    monkeypatch.setattr(pace, "_LONGEST_S", -1.0)
    found = Pace(digits, populations)
    assert len(measured) == 1
    for population in populations:
        more = found.seconds(population, 11) - found.seconds(population, 1)
        assert more == pytest.approx(20, rel=0.01)


def test_some_updates_of_a_population_are_trained(digits, populations):
    found = Pace(digits, populations[:1])
    assert found.start > 0
    assert found.seconds(populations[0], 100) > found.seconds(populations[0], 1) > 0
