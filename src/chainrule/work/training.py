"""The one way nets get trained: what has no shard yet is planned into populations and spread over an executor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from chainrule.config import Settings
from chainrule.data.datasets import Dataset
from chainrule.errors import StoreError
from chainrule.records import Member
from chainrule.work import planner, worker
from chainrule.work.executors import Executor
from chainrule.work.progress import Counters
from chainrule.work.store import Store


@dataclass(frozen=True)
class Site:
    """Where nets are trained: what stays equal for a run.

    Attributes:
        dataset: what they are trained on, whole.
        directory: the data directory, where workers find it again.
        store: where shards go.
        executor: what trains.
        checkpoint_every: epochs between two checkpoints of a population: what a kill loses at most.
    """

    dataset: Dataset
    directory: Path
    store: Store
    executor: Executor
    checkpoint_every: int = 5


@dataclass(frozen=True)
class Outcome:
    """What became of the nets asked for.

    Attributes:
        members: the finished ones by id (see :func:`chainrule.work.planner.member_id`).
        failed: those that could not be trained, and why, in a line each.
    """

    members: dict[str, Member]
    failed: dict[str, str]


def train_all(
    nets: Iterable[tuple[Settings, int]],
    site: Site,
    on_work: Callable[[int], None],
    until: int | None = None,
) -> Outcome:
    """Train what has no shard yet; return all.

    Args:
        nets: settings and seed of each; equal ones are trained once.
        site: where.
        on_work: called with the work done so far, that of shards found included; see
            :func:`chainrule.work.planner.work`.
        until: stop at this epoch; None: train to the end.

    Raises:
        StoreError: the folder cannot be written.
    """
    if until is not None:
        raise NotImplementedError
    wanted = {planner.member_id(site.dataset, *net): net for net in nets}
    populations = planner.plan(site.dataset, wanted.values(), site.executor.workers)
    found = {name: member for name in wanted if (member := site.store.find(name)) is not None}
    missing = [one for one in populations if not one.members.keys() <= found.keys()]
    whole = sum(planner.work(settings, site.dataset) for settings, _ in wanted.values())
    done = whole - sum(
        planner.work(settings, site.dataset) for one in missing for settings in one.members.values()
    )
    with Counters(len(missing)) as counters:
        on_work(done)
        tasks = [
            worker.Task(one, site.dataset.name, site.directory, site.store.folder, counters.path, index)
            for index, one in enumerate(missing)
        ]
        for _ in site.executor.run(worker.run, tasks, lambda: on_work(done + counters.total())):
            pass
    found |= {name: _finished(site.store, name) for one in missing for name in one.members}
    return Outcome({name: found[name] for name in wanted}, {})


def _finished(store: Store, name: str) -> Member:
    member = store.find(name)
    if member is None:
        raise StoreError(
            f"{store.folder}: the finished net {name} is gone again; choose an --out on a sound disk"
        )
    return member
