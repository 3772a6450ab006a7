"""The work that everybody does: nets, data, a sweep of 40."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BATCH = 100
L2 = tuple(10.0**power for power in range(-8, 0))
SEEDS = tuple(range(5))
"""A sweep is every l2 with every seed; members of a seed see the same minibatches, those of two seeds do not."""

RATE = 0.01
VALIDATION = 1000


@dataclass(frozen=True)
class Work:
    """A net, and how many samples an epoch has.

    Attributes:
        widths: inputs, hidden layers, classes.
        batch_norm: in front of every ReLU.
        samples: training samples.
        batch: samples of a minibatch, which divides ``samples``.
    """

    widths: tuple[int, ...]
    batch_norm: bool
    samples: int = 5000
    batch: int = BATCH

    @property
    def name(self) -> str:
        """Widths and, where there is one, batch norm."""
        return "-".join(map(str, self.widths)) + (" BN" if self.batch_norm else "")

    @property
    def steps(self) -> int:
        """Updates an epoch."""
        return self.samples // self.batch

    @property
    def flop(self) -> int:
        """Floating-point operations of a step's matrix products: forward, dW, and dx but in the first layer."""
        products = [inputs * outputs for inputs, outputs in zip(self.widths, self.widths[1:], strict=False)]
        return 2 * self.batch * (3 * sum(products) - products[0])


WORKS = (
    Work((3072, 10), False),
    Work((3072, 50, 10), False),
    Work((3072, 50, 50, 10), True),
    Work((3072, 50, 30, 20, 20, 10, 10, 10, 10, 10), True),
    Work((3072, 512, 256, 10), False, samples=1000),
    Work((64, 64, 64, 10), False),
    Work((20, 32, 2), False),
)


def write_data(folder: Path, inputs: int, classes: int, samples: int) -> None:
    """Random bytes and labels: how fast a net trains does not depend on what it learns."""
    rng = np.random.default_rng([inputs, classes])
    count = samples + VALIDATION + BATCH
    np.save(folder / "images.npy", rng.integers(0, 256, (count, inputs), dtype=np.uint8))
    np.save(folder / "labels.npy", rng.integers(0, classes, count, dtype=np.uint8))


def read_bytes(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images and labels as they lie on disk, mapped: training, ``VALIDATION`` and a hundred that nobody looks at."""
    return np.load(folder / "images.npy", mmap_mode="r"), np.load(folder / "labels.npy")


def read_floats(folder: Path) -> dict[str, tuple[NDArray[np.float32], NDArray[np.int64]]]:
    """``train`` and ``val`` as the peers take them: standardised in float32, once, before the clock runs."""
    images, labels = (values[:-BATCH] for values in read_bytes(folder))
    train = images[:-VALIDATION]
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    inputs = ((images - mean) / deviation).astype(np.float32)
    targets = labels.astype(np.int64)
    return {
        "train": (inputs[:-VALIDATION], targets[:-VALIDATION]),
        "val": (inputs[-VALIDATION:], targets[-VALIDATION:]),
    }


def initial(work: Work, members: int, seed: int = 0) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """W (members, out, in) by He and b (members, out) of every layer, float32."""
    rng = np.random.default_rng(seed)
    return [
        (
            (rng.standard_normal((members, outputs, inputs)) * np.sqrt(2 / inputs)).astype(np.float32),
            np.zeros((members, outputs), np.float32),
        )
        for inputs, outputs in zip(work.widths, work.widths[1:], strict=False)
    ]
