"""Threads that wait for one another, and what becomes of them when one fails."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.train.engines import team as teams


@njit(nogil=True)
def passed_on(team, values, rounds):
    """Round after round everyone writes what its left neighbour wrote in the round before, plus 1."""
    for i in range(rounds):
        teams.wait(team)
        values[i + 1, team.number] = values[i, team.number - 1] + 1
    return team.turns[0]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_everyone_waits_for_all_others(size):
    values = np.zeros((301, size), np.int64)
    turns = teams.together(size, lambda team: passed_on(team, values, 300))
    assert turns == [300 if size > 1 else 0] * size
    assert (values == np.arange(301)[:, np.newaxis]).all()


@pytest.mark.parametrize("failing", [0, 1])
def test_where_one_fails_the_others_wait_no_longer(failing):
    values = np.zeros((301, 3), np.int64)

    def task(team):
        if team.number == failing:
            raise ZeroDivisionError
        passed_on(team, values, 300)

    with pytest.raises(ZeroDivisionError):
        teams.together(3, task)


def test_alone_nobody_is_waited_for():
    values = np.zeros((11, 2), np.int64)
    teams.together(2, lambda team: passed_on(teams.alone(team), values, 10) if team.number else None)
    assert values[1:].tolist() == [[1, 0]] * 10
