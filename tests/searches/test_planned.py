"""What a search comes to before anything is trained."""

from __future__ import annotations

import pytest

from chainrule.searches.planned import executor_of, planned
from chainrule.searches.run import run
from chainrule.searches.search import read_search
from chainrule.work.executors import InProcess
from chainrule.work.processes import Processes
from support.searching import document


def test_every_batch_and_the_winner_in_populations(digits):
    batch, winner = planned(read_search(document()), digits, 0, workers=1)
    assert (batch.stage.trials, winner.stage.trials) == (3, 1)
    # Two seeds share no population.
    assert [len(population.members) for population in batch.populations] == [3, 3]
    assert [population.seeds for population in winner.populations] == [(0,), (1,)]


@pytest.mark.parametrize(("epochs", "here"), [(2, True), (5000, False)])
def test_a_small_search_needs_no_workers(digits, epochs, here):
    workers = Processes(2)
    chosen = executor_of(read_search(document(epochs=epochs)), digits, 0, workers)
    assert isinstance(chosen, InProcess) if here else chosen is workers


class Untouched(Processes):
    """Workers that must not be asked for."""

    def run(self, function, tasks, tick):
        raise AssertionError("a worker is started")


def test_a_small_search_starts_no_worker_and_says_so(job):
    assert run(job(), Untouched(2)).environment["in_process"] is True
