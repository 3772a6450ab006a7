"""What is left to do as tasks: populations that were running go on as they were, the rest is planned."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence, Set

from chainrule.data.datasets import Dataset
from chainrule.work import planner
from chainrule.work.checkpoints import Header, Shelf
from chainrule.work.nets import NamedNet, last_epoch
from chainrule.work.planner import TrainedTogether
from chainrule.work.worker import PopulationTask, Slot

Nets = Mapping[str, NamedNet]
"""By id."""


def tasks(
    dataset: Dataset,
    nets: Nets,
    missing: Set[str],
    alone: Set[str],
    shelf: Shelf,
    *,
    workers: int,
    until: int | None,
) -> list[PopulationTask]:
    """The tasks that train what is missing, the most work first.

    Populations are planned from all nets and then lose those that are not missing: with as many workers as before,
    training after an interruption gives the same bits as training without.

    Args:
        dataset: what nets are trained on.
        nets: all that were asked for.
        missing: those to train.
        alone: those of them that failed in company.
        shelf: checkpoints to go on from.
        workers: how many tasks run side by side.
        until: where they stop; None: at the end.
    """
    ends = {name: last_epoch(nets[name].settings, until) for name in missing}
    latest = {name: newest for name, end in ends.items() if (newest := shelf.newest(name, end))}
    made = [
        *(_task(nets, [name], latest, {name}, until) for name in sorted(alone & missing)),
        *_running(nets, missing - alone, latest, shelf, until),
    ]
    left = missing - {name for task in made for name in task.wanted}
    planned: dict[str, TrainedTogether] = {}
    for population in planner.plan(dataset, nets.values(), workers, until):
        planned |= dict.fromkeys(population.members, population)
        groups: dict[int, list[str]] = {}
        for name in population.members:
            if name in left:
                groups.setdefault(latest[name][1].epoch if name in latest else 0, []).append(name)
        made += [_task(nets, names, latest, set(names), until) for names in groups.values()]

    def cost(task: PopulationTask) -> float:
        return planner.cost(task.population, dataset, task.until - task.epoch)

    return [
        dataclasses.replace(task, index=index, population=_as_planned(task.population, planned))
        for index, task in enumerate(sorted(made, key=cost, reverse=True))
    ]


def _as_planned(population: TrainedTogether, planned: Mapping[str, TrainedTogether]) -> TrainedTogether:
    """The population with the engine and the threads that its members were planned with, whatever of the plan is done
    already."""
    plans = [planned[name] for name in population.members]
    return dataclasses.replace(
        population, engine=plans[0].engine, threads=min(plan.threads for plan in plans)
    )


def _running(
    nets: Nets, missing: Set[str], latest: Mapping[str, tuple[str, Header]], shelf: Shelf, until: int | None
) -> Iterator[PopulationTask]:
    """Populations that were on the way to where they are to stop now, or are there and lack shards."""
    for file, header in shelf.headers.items():
        mine = [name for name in header.members if name in missing and latest.get(name, ("",))[0] == file]
        if not mine or header.until != last_epoch(nets[mine[0]].settings, until):
            continue
        # Where nothing is left but to evaluate, all do it together again: alone a net's last bits may differ.
        there = header.epoch == header.until
        names = [name for name in header.members if name in mine or (there and name in nets)]
        yield _task(nets, names, dict.fromkeys(names, (file, header)), set(mine), until)


def _task(
    nets: Nets,
    names: Sequence[str],
    latest: Mapping[str, tuple[str, Header]],
    wanted: Set[str],
    until: int | None,
) -> PopulationTask:
    """A population of ``names``, all at the epoch where the first is found."""
    settings = nets[names[0]].settings
    places = [Slot(latest[name][0], latest[name][1].members.index(name)) for name in names if name in latest]
    return PopulationTask(
        population=TrainedTogether(
            tuple(nets[name].seed for name in names), {name: nets[name].settings for name in names}
        ),
        index=0,
        epoch=latest[names[0]][1].epoch if places else 0,
        until=last_epoch(settings, until),
        start=places,
        wanted=frozenset(wanted),
    )
