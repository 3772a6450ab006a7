"""A search whose nets others train: it asks for the same, in the same order, as one that trains its own."""

from __future__ import annotations

import pytest

from chainrule.data import datasets
from chainrule.searches.run import SearchJob, run
from chainrule.searches.search import read_search
from chainrule.searches.standing import Standing
from chainrule.work.executors import InProcess
from chainrule.work.store import Store
from chainrule.work.training import Site, train_all
from support.searching import L2, document

DIGITS = datasets.load("digits")


@pytest.mark.parametrize(
    "strategy",
    [
        {"kind": "grid", "points": 3, "inits": 2},
        {"kind": "random", "trials": 4, "inits": 1},
        {"kind": "coarse_to_fine", "points": 3, "fine": 2, "inits": 1},
        {"kind": "tpe", "trials": 5, "batch": 2, "startup": 3, "inits": 1},
    ],
    ids=lambda strategy: strategy["kind"],
)
def test_trials_are_those_of_a_search_on_its_own(tmp_path, strategy):
    search = read_search(document({"l2": L2}, strategy))
    job = SearchJob(search, DIGITS, tmp_path / "data", 1, tmp_path / "own", "test")
    expected = run(job, InProcess()).trials
    site = Site(DIGITS, tmp_path / "data", Store(tmp_path / "other"), InProcess())
    standing, members, rounds = Standing(search, DIGITS, 1), {}, 0
    standing.advance(members)
    while standing.waiting:
        nets = [net for _, own in standing.waiting for net in own]
        members |= train_all(nets, site, lambda done: None).members
        standing.advance(members)
        rounds += 1
    assert standing.trials == expected
    assert rounds == {"coarse_to_fine": 2, "tpe": 2}.get(strategy["kind"], 1)


def test_it_waits_until_all_its_nets_are_there(tmp_path):
    standing = Standing(read_search(document()), DIGITS, 0)
    standing.advance({})
    waiting = list(standing.waiting)
    standing.advance({})
    assert standing.waiting == waiting
    assert standing.trials == []
    assert [len(nets) for _, nets in waiting] == [2, 2, 2]
