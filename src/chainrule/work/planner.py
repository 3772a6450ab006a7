"""From tables and seeds to populations: what can be trained together is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chainrule.components import OPTIMIZERS
from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.nn.network import Network
from chainrule.records.runs import EngineName
from chainrule.settings.settings import Settings
from chainrule.train.engines import choice
from chainrule.train.sharing import SHARED
from chainrule.work.nets import NamedNet, last_epoch

WEIGHTS = 400 * 3072
"""Weights of the first layer a population at most: eight nets of 3072-50 ran fastest on a 1 MiB cache."""

UNITS = 8000
"""Hidden units and classes of all members together at most: so much for activations."""

_WORTH_A_THREAD = 5_000_000
"""Multiply-adds of the first layer a minibatch for each BLAS thread at least: two threads gained nothing on one net of
3072-10, a tenth on one of 3072-50-50-10 and nearly half on one of 3072-512-256-10."""

_WORTH_A_COMPILED_THREAD = 1_000_000
"""The same where compiled code shares out the inputs: two threads gained a third on one net of 3072-10."""

_INPUTS_OF_A_THREAD = 512
"""Inputs for each thread there at least: adding up what threads have of the scores is work for one."""

_OF_LAYERS = 3.5
"""How much longer the layers take than compiled code: 2.6 to 4.4 times with 20-20-2 to 1000-200-50-2, one to eight nets
and momentum (one thread, AVX-512); adam took up to 20 times as long."""

_OF_CALLS = 4000
"""Multiply-adds of a sample's that a layer's calls are worth, those of its batch norm, and those of a step: what is so
counted took 0.5 to 0.8 ns with one layer, two, nine, and nine with batch norm (digits, minibatches of 20)."""

_UNEVEN = 1.02
"""How much longer than an even share the busiest worker may take."""

_SOONER = 0.95
"""By what all must end sooner for populations to be halved, as every half pays a step's calls again."""


@dataclass(frozen=True)
class TrainedTogether:
    """Members, by id, that are trained together: equal in everything they must share, the minibatches' order too.

    Attributes:
        seeds: one a member; others than the first's only where all seeds share an order.
        engine: what trains them.
        threads: of BLAS, or parts of the first layer where code is compiled; more than one where there are cores to
            spare. Results depend on them in their last bits.
    """

    seeds: tuple[int, ...]
    members: Mapping[str, Settings]
    engine: EngineName = "layers"
    threads: int = 1

    def parts(self, count: int) -> Iterator[TrainedTogether]:
        """So many populations of nearly equal size."""
        names = list(self.members)
        for part in range(count):
            of_part = slice(part * len(names) // count, (part + 1) * len(names) // count)
            members = {name: self.members[name] for name in names[of_part]}
            yield replace(self, seeds=self.seeds[of_part], members=members)


def plan(
    dataset: Dataset, nets: Iterable[NamedNet], workers: int = 1, until: int | None = None
) -> list[TrainedTogether]:
    """Group the wanted nets, each once, into populations.

    Args:
        dataset: what they are trained on.
        nets: which; different seeds share a population only where they share the order of minibatches.
        workers: how many populations are trained side by side.
        until: the epoch at which they stop; None: at the end.

    Returns:
        Populations, the most work first, so that workers end together.

    Nets of one seed share a population whatever their l2; two seeds do not:

    >>> from chainrule.data.datasets import load
    >>> from chainrule.work.nets import named
    >>> data, own = load("digits"), Settings(
    ...     train=1000, val=200, test="test_batch", preprocess="center", init="he",
    ...     batch_size=10, epochs=5, shuffle=True, learning_rate=0.1,
    ... )
    >>> nets = [named(data, own.model_copy(update={"l2": l2}), seed) for seed in (0, 1) for l2 in (0.0, 0.1, 1.0)]
    >>> [population.seeds for population in plan(data, nets, workers=2)]
    [(0, 0, 0), (1, 1, 1)]
    """
    groups: dict[tuple[int | None, str, tuple[object, ...]], dict[str, NamedNet]] = {}
    for net in nets:
        shared = net.settings.model_dump_json(include=set(SHARED))
        seed = None if net.settings.order == "shared" else net.seed
        groups.setdefault((seed, shared, kind(net.settings)), {})[net.id] = net
    populations = [
        part
        for group in groups.values()
        for part in _whole(group).parts(-(-len(group) // most_members(_any(group).settings, dataset)))
    ]
    balanced = _balanced(populations, dataset, workers, until)
    spare = workers // max(1, len(balanced))
    return [
        replace(population, threads=max(1, min(spare, useful_threads(population, dataset))))
        for population in balanced
    ]


def kind(settings: Settings) -> tuple[object, ...]:
    """What tells nets apart that are not trained together, though all is equal that :data:`SHARED` names.

    What a net is trained by, and what checkpoints hold of it, depends on nothing that is trained beside it.

    >>> plain = Settings.model_construct(optimizer="sgd", loss="hinge")
    >>> kind(plain), kind(plain.model_copy(update={"clip": 1.0}))
    (('sgd', False, False), ('sgd', True, False))
    """
    return (
        OPTIMIZERS.of(settings.optimizer).name,
        *choice.without_kernel(settings),
        bool(settings.clip),
        bool(settings.early_stopping),
    )


def work(settings: Settings, dataset: Dataset, until: int | None = None) -> int:
    """What a net costs from its start to epoch ``until`` or the end (None), for order and progress.

    In multiply-adds of its forward pass; the calls of a step cost some whatever the layers' widths.

    >>> from chainrule.data.datasets import load
    >>> own = Settings.model_construct(train=1000, epochs=5, hidden=(20,))
    >>> work(own, load("digits")) == 5 * 1000 * (64 * 20 + 20 * 10 + 3 * _OF_CALLS)
    True
    """
    shape = network(settings, dataset)
    products = sum(inputs * outputs for inputs, outputs in itertools.pairwise(shape.widths))
    layers = len(shape.widths) - 1
    calls = 1 + layers + (layers - 1 if shape.batch_norm else 0)
    return (
        last_epoch(settings, until)
        * splits.count("train", settings, dataset)
        * (products + calls * _OF_CALLS)
    )


def most_members(settings: Settings, dataset: Dataset) -> int:
    """How many members of these settings a population holds at most.

    >>> from chainrule.data.datasets import load
    >>> most_members(Settings.model_construct(hidden=()), load("digits")), UNITS // 10
    (800, 800)
    """
    inputs, first, *rest = network(settings, dataset).widths
    return max(1, min(WEIGHTS // (inputs * first), UNITS // sum((first, *rest))))


def network(settings: Settings, dataset: Dataset) -> Network:
    """The net that settings ask for on a data set.

    >>> from chainrule.data.datasets import load
    >>> network(Settings.model_construct(hidden=(20,)), load("digits")).widths
    (64, 20, 10)
    """
    return Network.of(settings, dataset.images.shape[1], dataset.outputs)


def useful_threads(population: TrainedTogether, dataset: Dataset) -> int:
    """How many threads are worth their while; of a small population less than one.

    >>> from chainrule.data.datasets import load
    >>> own = Settings.model_construct(train=1000, hidden=(20,), batch_size=100)
    >>> useful_threads(TrainedTogether((0,), {"a": own}), load("digits"))
    0
    """
    first = next(iter(population.members.values()))
    inputs, units, *_ = network(first, dataset).widths
    samples = min(first.batch_size, splits.count("train", first, dataset))
    work = samples * inputs * units * len(population.members)
    if population.engine == "compiled":
        return min(work // _WORTH_A_COMPILED_THREAD, inputs // _INPUTS_OF_A_THREAD)
    return work // _WORTH_A_THREAD


def _whole(nets: Mapping[str, NamedNet]) -> TrainedTogether:
    """Nets that can be trained together."""
    members = {name: net.settings for name, net in nets.items()}
    return TrainedTogether(tuple(net.seed for net in nets.values()), members, choice.chosen(members.values()))


def _any(nets: Mapping[str, NamedNet]) -> NamedNet:
    return next(iter(nets.values()))


def cost(population: TrainedTogether, dataset: Dataset, epochs: int) -> float:
    """About how long so many epochs take, in compiled code's multiply-adds: members' products, and what a sample costs
    once for all.

    Fetching and packing a sample took as long as 40 multiply-adds an input, the calls of a step as long as 10,000 a
    sample of a hundred (one thread, OpenBLAS with AVX-512; nets from 20-32-2 to nine layers on 3072 inputs).

    A population of two costs less than two populations of one:

    >>> from chainrule.data.datasets import load
    >>> own, data = Settings.model_construct(train=1000, hidden=(20,)), load("digits")
    >>> one, two = TrainedTogether((0,), {"a": own}), TrainedTogether((0, 0), {"a": own, "b": own})
    >>> cost(two, data, 5) < 2 * cost(one, data, 5)
    True
    """
    first = next(iter(population.members.values()))
    widths = network(first, dataset).widths
    products = sum(inputs * outputs for inputs, outputs in itertools.pairwise(widths))
    samples = epochs * splits.count("train", first, dataset)
    slower = _OF_LAYERS if population.engine == "layers" else 1.0
    return slower * samples * (len(population.members) * products + 40 * widths[0] + 10_000)


def _balanced(
    populations: Iterable[TrainedTogether], dataset: Dataset, workers: int, until: int | None
) -> list[TrainedTogether]:
    """The most work first; populations of the busiest worker are halved where that lets all end sooner."""

    def whole(population: TrainedTogether) -> float:
        return cost(population, dataset, last_epoch(next(iter(population.members.values())), until))

    now = best = sorted(populations, key=whole, reverse=True)
    soonest, share = _busiest(list(map(whole, now)), workers)
    # Where workers are equally busy, one halving helps nobody and several do.
    for _ in range(4 * workers):
        large = [now[index] for index in share if len(now[index].members) > 1]
        if not large or soonest <= _UNEVEN * sum(map(whole, best)) / workers:
            break
        others = [population for population in now if population is not large[-1]]
        now = sorted([*others, *large[-1].parts(2)], key=whole, reverse=True)
        end, share = _busiest(list(map(whole, now)), workers)
        if end < _SOONER * soonest:
            best, soonest = now, end
    return best


def _busiest(costs: Sequence[float], workers: int) -> tuple[float, list[int]]:
    """When the last worker ends, and which populations it had, when whoever is free takes the next."""
    loads: list[float] = [0.0] * workers
    shares: list[list[int]] = [[] for _ in range(workers)]
    for index, cost in enumerate(costs):
        free = loads.index(min(loads))
        loads[free] += cost
        shares[free].append(index)
    last = loads.index(max(loads))
    return loads[last], shares[last]
