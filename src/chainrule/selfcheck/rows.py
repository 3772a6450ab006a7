"""Every comparison of our nets' gradients with numeric ones, as records."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.result import Discrepancy
from chainrule.nn.network import Network
from chainrule.records.gradients import Compared, GradientDifference, GradientVerdict
from chainrule.selfcheck.entrywise import (
    Entries,
    NumericSlopes,
    central,
    complex_step,
    discrepancy,
    forward,
    judge,
    resolution,
)
from chainrule.selfcheck.probe import Probe, parameter_names
from chainrule.selfcheck.start import Start
from chainrule.settings.settings import Settings
from chainrule.text import json_values

SPREAD = 2**15
"""Entries of a parameter, at most, that forward differences and the complex step are taken of."""


class MeasuredGap(NamedTuple):
    """Two gradients of one parameter: how far they lie apart, what the analytic one is worth where that is judged, and
    :func:`chainrule.selfcheck.entrywise.resolution` where it is of use."""

    compared: Compared
    gap: Discrepancy
    verdict: GradientVerdict | None = None
    resolution: float | None = None


def gradient_differences(
    starts: Sequence[Start],
    progress: Callable[[int, int], None] = lambda done, total: None,
    spread: int = SPREAD,
) -> list[GradientDifference]:
    """How far the gradients of nets lie from numeric ones: net by net, l2 by l2, layer by layer.

    Args:
        starts: the nets, each where it is checked.
        progress: called with how many costs are done, and of how many.
        spread: forward differences and the complex step take so many entries of a parameter at most, evenly spread;
            central differences take every one.

    >>> from chainrule.data import datasets
    >>> from chainrule.experiments import recipes
    >>> from chainrule.selfcheck import checked_nets, starts
    >>> data = datasets.load("digits")
    >>> nets = checked_nets(recipes.adapted(recipes.load("one_layer"), data), l2=0.1)
    >>> rows = gradient_differences(starts(nets, data, samples=10, seed=0))
    >>> {(row.parameter, row.entries) for row in rows if row.verdict == "right"} == {("W1", 640), ("b1", 10)}
    True
    """
    total, done = costs(starts, spread), 0

    def tick(count: int) -> None:
        nonlocal done
        # Kinks take a few more than were foreseen.
        done = min(done + count, total)
        progress(done, total)

    return [row for start in starts for row in _rows(start, spread, tick)]


def costs(starts: Sequence[Start], spread: int = SPREAD) -> int:
    """Costs that checks take: two of each entry for central differences, two more of those that are spread.

    >>> from chainrule.data import datasets
    >>> from chainrule.experiments import recipes
    >>> from chainrule.selfcheck import checked_nets, starts
    >>> data = datasets.load("digits")
    >>> nets = checked_nets(recipes.adapted(recipes.load("one_layer"), data), l2=0.1)
    >>> costs(starts(nets, data, samples=10, seed=0), spread=0) == 2 * (640 + 10)
    True
    """
    sizes = [start.parameters[name].size for start in starts for name in parameter_names(start.network)]
    return sum(2 * size + 2 * min(size, spread) for size in sizes)


def _rows(start: Start, spread: int, tick: Callable[[int], None]) -> list[GradientDifference]:
    """Every comparison of one net, l2 by l2, layer by layer."""
    net, network, parameters, x, y = start
    penalties = np.array(net.l2)
    probe = Probe(network, parameters, x, y, penalties, tick=tick)
    gradients = [network.gradient(parameters, x, y, penalties[i : i + 1])[1] for i in range(len(penalties))]
    tables: list[list[GradientDifference]] = [[] for _ in gradients]
    measure = functools.partial(discrepancy, eps=net.eps, below=net.below)
    for name in parameter_names(network):
        at = flat(parameters[name])
        entries = Entries(np.arange(at.size), at, probe.cost, functools.partial(probe.changes, name))
        analytic = [flat(gradient[name]) for gradient in gradients]
        compared = _compared(entries, analytic, measure, spread)
        for l2, table, comparisons in zip(net.l2, tables, compared, strict=True):
            table += [
                record(network, l2, name, comparison, net.figures(l2, comparison.compared, name))
                for comparison in comparisons
            ]
    return [row for table in tables for row in table]


def _compared(
    entries: Entries,
    analytic: Sequence[Array],
    measure: Callable[[Array, NumericSlopes], Discrepancy],
    spread: int,
) -> Iterator[list[MeasuredGap]]:
    """For each cost the comparisons of one parameter; verdicts where numeric slopes are good enough to judge by."""
    few = np.unique(np.linspace(0, len(entries.at) - 1, spread).round().astype(np.intp))
    some = entries[few]
    numeric = zip(analytic, central(entries), forward(some), complex_step(some), entries.cost, strict=True)
    for gradient, centrals, forwards, complexes, cost in numeric:
        part = gradient[few]
        yield [
            MeasuredGap(
                "analytic-central", measure(gradient, centrals), judge(gradient, centrals), resolution(cost)
            ),
            MeasuredGap("analytic-forward", measure(part, forwards)),
            MeasuredGap("analytic-complex", measure(part, complexes), judge(part, complexes)),
            MeasuredGap("forward-central", measure(forwards.slope, centrals[few])),
        ]


def record(
    network: Network, l2: float, name: str, comparison: MeasuredGap, published: dict[str, str]
) -> GradientDifference:
    """One comparison of one parameter as a record, beside what is published of it."""
    compared, gap, verdict, resolution = comparison
    about = {"net": _label(network), "l2": l2, "parameter": name, "compared": compared}
    about |= {"verdict": verdict, "resolution": resolution}
    figures = {key: json_values(value) for key, value in asdict(gap).items()}
    printed = {key: float(text) for key, text in published.items()}
    return GradientDifference.model_validate({**about, **figures, "published": printed})


def flat(parameter: Array) -> Array:
    """The entries of one member's parameter, in float64."""
    return np.asarray(parameter, np.float64).reshape(-1)


def _label(network: Network) -> str:
    """The net in a line: widths, and what is not usual."""
    usual = Network(network.widths, Settings.model_fields["loss"].default)
    words = ["-".join(map(str, network.widths))]
    words += [network.activation] if network.activation != usual.activation else []
    words += ["batch norm"] if network.batch_norm else []
    return ", ".join([*words, *([f"{network.loss} loss"] if network.loss != usual.loss else [])])
