"""Nets to train in tests, and what a folder then holds."""

from __future__ import annotations

import numpy as np
from safetensors import safe_open

from chainrule.data import datasets
from chainrule.work.nets import named


def nothing(done):
    pass


def sweep(net, count=4, seeds=1, **own):
    """Nets that differ in l2, on digits."""
    digits = datasets.load("digits")
    return [
        named(digits, net(l2=index / 1000, **own), seed) for seed in range(seeds) for index in range(count)
    ]


def files(site):
    """What the folder holds; a checkpoint's metadata have no order, so of these the digest."""
    folder = site.store.folder
    held = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in shelved(site):
        with safe_open(path, "numpy") as file:
            held[path.relative_to(folder)] = file.metadata()["sha256"].encode()
    return held


def shelved(site):
    return sorted((site.store.folder / "checkpoints").glob("*"))


def assert_agree(members, others, rtol=1e-4):
    assert members.keys() == others.keys()
    for name, member in members.items():
        np.testing.assert_allclose(member.history.val_loss, others[name].history.val_loss, rtol=rtol)
