"""Seconds and memory of checking our own nets at full size: every entry, central differences, float64.

    python benchmarks/selfcheck/own_nets.py

Images are CIFAR-10's where CHAINRULE_DATA holds them, else as random as they are in number.
"""

from __future__ import annotations

import functools
import os
import resource
import sys
import time

import numpy as np

from chainrule.data import datasets
from chainrule.data.transforms.transform import fit
from chainrule.machine.threads import available_cores
from chainrule.nn.network import Network
from chainrule.selfcheck.entrywise import Entries, central, discrepancy, judge
from chainrule.selfcheck.probe import Probe, parameter_names

NETS = (
    Network((3072, 50, 10), "cross_entropy"),
    Network((3072, 50, 50, 10), "cross_entropy", batch_norm=True),
)
SAMPLES = 100


def minibatch() -> tuple[np.ndarray, np.ndarray, str]:
    """Standardized inputs (N, D), labels (N,), and where they come from."""
    dataset = datasets.find_cifar10(datasets.data_directory()) if os.environ.get("CHAINRULE_DATA") else None
    if dataset is None:
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (10_000, 3072), dtype=np.uint8)
        labels = rng.integers(0, 10, SAMPLES)
    else:
        images, labels = dataset.images[:10_000], dataset.labels[:SAMPLES]
    convert = fit("standardize", images, 255).astype(np.float64)
    source = "CIFAR-10" if dataset else "random"
    return convert(images[:SAMPLES], out=np.empty((SAMPLES, 3072))), labels, source


def check(network: Network, x: np.ndarray, y: np.ndarray) -> str:
    """Check one net and say in a line what it took."""
    l2 = np.array([0.005])
    parameters = network.initial(0, ["he"], np.float64)
    start, entries, kinks, off, verdicts = time.perf_counter(), 0, 0, 0.0, []
    probe = Probe(network, parameters, x, y, l2)
    _, gradient = network.gradient(parameters, x, y, l2)
    for name in parameter_names(network):
        at, analytic = parameters[name].reshape(-1), gradient[name].reshape(-1)
        changes = functools.partial(probe.changes, name)
        (slopes,) = central(Entries(np.arange(at.size), at, probe.cost, changes))
        differs = discrepancy(analytic, slopes)
        entries, kinks, off = (
            entries + differs.entries,
            kinks + differs.kinks,
            max(off, differs.largest_absolute),
        )
        verdicts.append(judge(analytic, slopes))
    seconds = time.perf_counter() - start
    widths = "-".join(map(str, network.widths)) + ", batch norm" * network.batch_norm
    counts = ", ".join(f"{verdicts.count(word)} {word}" for word in dict.fromkeys(verdicts))
    return (
        f"{widths}: {seconds:.2f} s for {entries} entries; {counts}; {kinks} kinks; largest |a-n| {off:.1e}"
    )


def main() -> None:
    """Time both nets and print a line for each, then the peak of memory."""
    x, y, source = minibatch()
    sys.stdout.write(f"{SAMPLES} {source} images, {available_cores()} cores\n")
    for network in NETS:
        sys.stdout.write(check(network, x, y) + "\n")
    # Linux counts in KiB.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"peak memory {peak:.0f} MiB\n")


if __name__ == "__main__":
    main()
