"""``chainrule check --recipe NAME``: our own nets, every entry of every parameter.

The start that a recipe's nets are trained from is checked, in float64, with one change: biases, gamma and beta are
moved off 0 and 1, behind which mistakes hide.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import typer

from chainrule.arrays import Array as Floats
from chainrule.cli import checked
from chainrule.cli.progress import progress
from chainrule.config import Settings
from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.errors import SettingsError
from chainrule.experiments import gradient_check, recipes
from chainrule.experiments.gradient_check import CheckedNet
from chainrule.gradcheck.entrywise import (
    Array,
    Difference,
    Entries,
    Verdict,
    central,
    complex_step,
    difference,
    forward,
    judge,
)
from chainrule.nn.losses import Labels
from chainrule.nn.network import Network, Parameters
from chainrule.nn.probe import Probe, parameter_names
from chainrule.records import Compared, GradientChecks, GradientDifference
from chainrule.report import check_tables
from chainrule.rng import stream

Output = Literal["table", "json", "csv", "latex"]

_MOVED = 0.1
"""Deviation of what is added to biases, gamma and beta."""

SPREAD = 2**15
"""Entries of a parameter, at most, that forward differences and the complex step are taken of."""


class _Subject(NamedTuple):
    """A net with parameters of one member and a minibatch, x (N, D) and y (N,)."""

    network: Network
    parameters: Parameters
    x: Array
    y: Labels


def check_recipe(
    name: str,
    *,
    dataset: str = recipes.WRITTEN_FOR,
    data_dir: Path | None = None,
    samples: int | None = None,
    l2: float | None = None,
    batch_norm: bool | None = None,
    spread: int = SPREAD,
    seed: int = 0,
    output: Output = "table",
    quiet: bool = False,
    out: Path | None = None,
) -> int:
    """Check the gradients of a recipe's nets and print how far they lie from numeric ones.

    Args:
        name: of the recipe.
        dataset, data_dir: the images, and where they lie.
        samples: the first so many training images; as many as the report used by default.
        l2: beside 0; the recipe's own by default.
        batch_norm: for all nets, instead of what the recipe sets.
        spread: forward differences and the complex step take so many entries of a parameter at most, evenly spread;
            central differences take every one.
        seed: of the initial parameters.
        output: what to print.
        quiet: no progress.
        out: a folder that keeps what was found, and a page of it; it may be one of results.

    Returns:
        1 when a gradient is wrong, else 0.

    Raises:
        SettingsError: there is no such recipe, or it cannot be checked so.
        DataError: the data set is missing or too small.
    """
    recipe = recipes.load(name)
    data = datasets.load(dataset, datasets.data_directory(data_dir))
    recipe = recipes.adapted(recipe, data)
    own = recipe.gradient_check
    count = own.samples if samples is None else samples
    nets = gradient_check.nets(recipe, batch_norm)
    subjects = _subjects(nets, data, count, seed)
    total = sum(_costs(subject, spread) for subject in subjects)
    with progress(f"check {name}", quiet) as update:
        tick = _Counter(total, update)
        rows = [
            row
            for net, subject in zip(nets, subjects, strict=True)
            for row in _rows(net, subject, net.l2 if l2 is None else sorted({0.0, l2}), spread, tick)
        ]
    identity = {"name": data.name, "checksum": data.checksum}
    checks = GradientChecks(
        recipe=name, dataset=identity, samples=count, seed=seed, inferred=list(own.inferred), rows=rows
    )
    _print(checks, output)
    if out is not None:
        checked.keep_recipe(checks, out)
        page = checked.write_page(out, quiet)
        if page and output == "table":
            typer.echo(f"page: {page}")
    return 1 if any(row.verdict == "wrong" for row in rows) else 0


class _Counter:
    """Tells progress how many costs are done."""

    def __init__(self, total: int, update: Callable[[int, int], None]) -> None:
        self._total, self._update, self._done = total, update, 0

    def __call__(self, count: int) -> None:
        # Kinks take a few more than were foreseen.
        self._done = min(self._done + count, self._total)
        self._update(self._done, self._total)


def _subjects(nets: Sequence[CheckedNet], data: Dataset, samples: int, seed: int) -> list[_Subject]:
    """Every net at its start."""
    return [_subject(net.settings, *_minibatch(net.settings, data, samples), data, seed) for net in nets]


def _minibatch(settings: Settings, data: Dataset, samples: int) -> tuple[Array, Labels]:
    """The first training images as a net is fed with them, (N, D), and their labels (N,)."""
    seen = prepare(settings, data)
    split = seen.splits["train"]
    if not 1 <= samples <= len(split):
        raise SettingsError(
            f"--samples {samples}: the training split holds {len(split)} images; choose 1 to that"
        )
    convert = seen.transform.astype(np.float64)
    images = split.images[:samples]
    return convert(images, out=np.empty(images.shape)), split.labels[:samples]


def _subject(settings: Settings, x: Array, y: Labels, data: Dataset, seed: int) -> _Subject:
    """A net at its start, biases, gamma and beta moved."""
    if settings.batch_norm and len(y) < 2:
        raise SettingsError("--samples 1: batch norm needs 2 samples or more; choose more")
    widths = (x.shape[1], *settings.hidden, len(data.classes))
    network = Network(widths, settings.loss, settings.batch_norm)
    parameters = network.initial(seed, [settings.init], np.float64)
    for layer in range(1, network.depth + 1):
        for kind in ("b", "gamma", "beta"):
            if (array := parameters.get(f"{kind}{layer}")) is not None:
                array += _MOVED * stream(seed, f"check {kind}", layer).standard_normal(array.shape)
    return _Subject(network, parameters, x, y)


def _costs(subject: _Subject, spread: int) -> int:
    """Costs that a check takes: two of each entry for central differences, two more of those that are spread."""
    sizes = [subject.parameters[name].size for name in parameter_names(subject.network)]
    return sum(2 * size + 2 * min(size, spread) for size in sizes)


def _rows(
    net: CheckedNet, subject: _Subject, l2: Sequence[float], spread: int, tick: Callable[[int], None]
) -> list[GradientDifference]:
    """Every comparison of one net, l2 by l2, layer by layer."""
    network, parameters, x, y = subject
    penalties = np.array(l2)
    probe = Probe(network, parameters, x, y, penalties, tick=tick)
    analytic = [network.gradient(parameters, x, y, penalties[i : i + 1])[1] for i in range(len(l2))]
    rows: list[list[GradientDifference]] = [[] for _ in l2]
    for name in parameter_names(network):
        at = _flat(parameters[name])
        changes = functools.partial(probe.changes, name)
        entries = Entries(np.arange(at.size), at, probe.cost, changes)
        for i, found in enumerate(_compared(entries, [_flat(one[name]) for one in analytic], spread)):
            for compared, differs, verdict in found:
                about = {"net": _label(network), "l2": l2[i], "parameter": name, "compared": compared}
                figures = {key: _finite(value) for key, value in asdict(differs).items()}
                published = {key: float(text) for key, text in net.figures(l2[i], compared, name).items()}
                row = {**about, **figures, "verdict": verdict, "published": published}
                rows[i].append(GradientDifference.model_validate(row))
    return [row for table in rows for row in table]


def _compared(
    entries: Entries, analytic: Sequence[Array], spread: int
) -> Iterator[list[tuple[Compared, Difference, Verdict | None]]]:
    """For each cost the comparisons of one parameter; verdicts where numeric slopes are good enough to judge by."""
    few = np.unique(np.linspace(0, len(entries.at) - 1, spread).round().astype(np.intp))
    some = entries[few]
    numeric = zip(analytic, central(entries), forward(some), complex_step(some), strict=True)
    for gradient, centrals, forwards, complexes in numeric:
        yield [
            ("analytic-central", difference(gradient, centrals), judge(gradient, centrals)),
            ("analytic-forward", difference(gradient[few], forwards), None),
            ("analytic-complex", difference(gradient[few], complexes), judge(gradient[few], complexes)),
            ("forward-central", difference(forwards.slope, centrals[few]), None),
        ]


def _flat(parameter: Floats) -> Array:
    """The entries of one member's parameter, in float64."""
    return np.asarray(parameter, np.float64).reshape(-1)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _label(network: Network) -> str:
    """The net in a line: widths, and what is not usual."""
    words = ["-".join(map(str, network.widths))]
    words += ["batch norm"] if network.batch_norm else []
    return ", ".join([*words, *(["hinge loss"] if network.loss == "hinge" else [])])


def _print(checks: GradientChecks, output: Output) -> None:
    if output == "table":
        from rich.console import Console

        console = Console()
        # On a narrow terminal lines wrap; no number or verdict is ever cut.
        check_tables.print_checks(checks, Console(width=max(console.width, 80)))
        return
    written = {"json": GradientChecks.to_json, "csv": check_tables.to_csv, "latex": check_tables.to_latex}
    typer.echo(written[output](checks), nl=False)
