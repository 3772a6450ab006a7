"""What is left to do as tasks."""

from __future__ import annotations

from chainrule.work import planner, resume
from chainrule.work.checkpoints import Shelf
from chainrule.work.nets import named


def test_what_is_left_has_the_threads_of_the_whole_plan(digits, net, tmp_path):
    nets = {
        given.id: given
        for seed in (0, 1)
        for given in [named(digits, net(hidden=[5000], batch_size=100), seed)]
    }
    planned = planner.plan(digits, nets.values(), 4)
    assert [one.threads for one in planned] == [2, 2]
    missing = {next(iter(nets))}
    (task,) = resume.tasks(digits, nets, missing, set(), Shelf(tmp_path), workers=4, until=None)
    assert (task.population.threads, set(task.population.members)) == (2, missing)
