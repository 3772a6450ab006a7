"""The one way nets get trained: what has no shard yet is planned into populations and spread over an executor."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.errors import TRAINING, MissingExtraError
from chainrule.records.runs import Member
from chainrule.train.engines import choice
from chainrule.train.state import State
from chainrule.version import version_of
from chainrule.work import checkpoints, lock, planner, resume, scratch, sharing, worker
from chainrule.work.executors import ATTEMPTS, Executor, Failure, InProcess
from chainrule.work.nets import NamedNet
from chainrule.work.progress import counting
from chainrule.work.store import Store
from chainrule.work.worker import PopulationTask, TaskContext, Trained


@dataclass(frozen=True)
class Site:
    """Where nets are trained: what stays equal for a run.

    Attributes:
        dataset: what they are trained on, whole.
        directory: the data directory, where workers find it again.
        store: where shards and checkpoints go.
        executor: what trains.
        checkpoint_every: epochs between two checkpoints of a population: what a kill loses at most.
    """

    dataset: Dataset
    directory: Path
    store: Store
    executor: Executor
    checkpoint_every: int = 5


@dataclass(frozen=True)
class TrainingOutcome:
    """What became of the nets asked for.

    Attributes:
        members: the finished ones by id (see :func:`chainrule.work.nets.named`).
        failed: those that could not be trained, and why, in a line each.
        notes: what the user should know, a line each.
    """

    members: dict[str, Member]
    failed: dict[str, str]
    notes: tuple[str, ...] = ()


def train_all(
    nets: Iterable[NamedNet],
    site: Site,
    on_work: Callable[[int], None],
    until: int | None = None,
) -> TrainingOutcome:
    """Train what has no shard yet; return all.

    A population that fails is trained again as single nets; a net that fails alone is given up, and no other.

    Args:
        nets: which; equal ones are trained once.
        site: where.
        on_work: called with the work done so far on these nets, that of shards and checkpoints found included, of
            the sum of ``planner.work(settings, dataset, until)``.
        until: stop at this epoch, on the way to the settings' own number of epochs: members are evaluated there, on
            the validation split alone, under the id ``<member id>@<until>``. A later call goes on from there. None:
            train to the end.

    Raises:
        MissingExtraError: SciPy is not installed, which the runs' statistics need in the end.
        StoreError: another driver holds the folder, or it cannot be written.
        DataError: a worker cannot read the data set.
    """
    if version_of("scipy") is None:
        raise MissingExtraError(*TRAINING)
    with lock.held(site.store.folder) as driver:
        site.store.sweep()
        scratch.sweep()
        wanted = {net.id: net for net in nets}
        call = _Call(site, driver.run, wanted, until, on_work)
        call.train()
        _tidy(site.store)
        return TrainingOutcome(
            {name: call.members[name] for name in wanted if name in call.members},
            call.failed,
            tuple(dict.fromkeys(call.notes)),
        )


def release(site: Site, keep: Iterable[NamedNet] = ()) -> None:
    """Remove the checkpoints that are needed for none of the nets ``keep``: all others are trained no further.

    Raises:
        StoreError: another driver holds the folder, or it cannot be written.
    """
    kept = {net.id for net in keep}
    with lock.held(site.store.folder):
        shelf = checkpoints.Shelf(site.store.folder)
        needed = {newest[0] for name in kept if (newest := shelf.newest(name))}
        for file in shelf.headers.keys() - needed:
            site.store.remove(file)


@dataclass
class _Call:
    """One call of :func:`train_all`: what is asked for, and what has become of it so far."""

    site: Site
    driver: str
    wanted: Mapping[str, NamedNet]
    until: int | None
    on_work: Callable[[int], None]
    members: dict[str, Member] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    impossible: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def train(self) -> None:
        """Train until every net is finished or has failed."""
        for name, net in self.wanted.items():
            problems = splits.problems(net.settings, self.site.dataset)
            if problems:
                self.failed[name] = "; ".join(problems)
                self.impossible.add(name)
            elif record := self.site.store.find(net.shard(self.until)):
                self.members[name] = record
        while missing := self.wanted.keys() - self.members.keys() - self.failed.keys():
            self._attempt(missing)
        self.on_work(self._work(self.wanted.keys()))

    def _attempt(self, missing: Set[str]) -> None:
        """Run a task for every net of ``missing``: it is finished then, or marked to be trained alone, or given up."""
        site, shelf = self.site, checkpoints.Shelf(self.site.store.folder)
        nets = {name: net for name, net in self.wanted.items() if name not in self.failed}
        tasks = resume.tasks(
            site.dataset, nets, missing, self.alone, shelf, workers=site.executor.workers, until=self.until
        )
        self.notes += [*shelf.notes, *self._told(tasks)]
        done = self._work(self.wanted.keys() - missing)
        done += sum(self._work(task.wanted, task.epoch) for task in tasks)
        with (
            counting(len(tasks)) as counters,
            sharing.shared(site.dataset, site.directory, site.executor) as data,
        ):

            def tick() -> None:
                self.on_work(done + counters.total())

            tick()
            context = TaskContext(
                data,
                site.store.folder,
                self.driver,
                counters.path,
                site.checkpoint_every,
            )
            away, here = _apart(tasks)
            for executor, own in ((site.executor, away), (InProcess(), here)):
                sent = [self._sent(task, executor) for task in own]
                running = executor.run(functools.partial(worker.run, context), sent, tick)
                with contextlib.closing(running):
                    for index, result in running:
                        task = own[index]
                        self._take(task, result)
                        if self.alone.isdisjoint(task.wanted):
                            work = self._work(task.wanted) - self._work(task.wanted, task.epoch)
                            counters.end(task.index, work)
                        tick()

    def _take(self, task: PopulationTask, result: Trained | Failure) -> None:
        if isinstance(result, Trained):
            for file, content in result.files.items():
                self.site.store.write(file, content)
            self.members |= dict(zip(task.names, result.members, strict=True))
            if all(self.site.store.holds(name) for name in task.population.members):
                self.site.store.remove(task.file)
            self.notes += result.notes
        elif len(task.wanted) > 1:
            self.alone |= task.wanted
        else:
            self.failed |= dict.fromkeys(task.wanted, f"given up after {ATTEMPTS} attempts: {result.why}")

    def _told(self, tasks: Sequence[PopulationTask]) -> Iterator[str]:
        """What the user should know of how these are trained."""
        for task in tasks:
            settings = next(iter(task.population.members.values()))
            if note := choice.note(settings):
                yield note
        _, here = _apart(tasks)
        own = {name for task in here for name in task.own_components}
        if own:
            yield f"trained in this process, one population after another: workers do not know {', '.join(sorted(own))}"

    def _sent(self, task: PopulationTask, executor: Executor) -> PopulationTask:
        """The task as workers get it: with what it starts from, where they do not see the folder."""
        if executor.sees_files:
            return task
        # Cores that are idle here are none of another machine's.
        task = dataclasses.replace(task, population=dataclasses.replace(task.population, threads=1))
        if task.epoch == 0 or isinstance(task.start, State):
            return task
        return dataclasses.replace(task, start=worker.gathered(self.site.store.folder, task.start))

    def _work(self, names: Set[str], epoch: int | None = None) -> int:
        """What these nets cost up to ``epoch``, or to where they stop (None)."""
        return sum(
            planner.work(
                self.wanted[name].settings, self.site.dataset, self.until if epoch is None else epoch
            )
            for name in names - self.impossible
        )


def _apart(tasks: Iterable[PopulationTask]) -> tuple[list[PopulationTask], list[PopulationTask]]:
    """Tasks for workers, and those that only this process can do, which knows their components."""
    away: list[PopulationTask] = []
    here: list[PopulationTask] = []
    for task in tasks:
        (here if task.own_components else away).append(task)
    return away, here


def _tidy(store: Store) -> None:
    """Remove checkpoints of nets that are all finished, or that newer checkpoints hold, and what workers left that were
    killed."""
    store.sweep()
    shelf = checkpoints.Shelf(store.folder)
    held: set[str] = set()
    for file, header in shelf.headers.items():
        open_ = {name for name in header.members if not store.holds(name)}
        if open_ <= held:
            store.remove(file)
        held |= open_
