"""Successive halving beside training all: wall-clock time, and whether its winner is as good, in one run.

Both draw the same settings, from the same seed. The winner of halving counts as as good when its score, as training all
measured it, lies within one standard error of the best.

    python benchmarks/search/halving.py --json halving.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import chainrule
from chainrule.report.run import Run

SPACE = {
    "l2": {"low": 1e-5, "high": 0.1, "log": True},
    "learning_rate.start": {"low": 0.002, "high": 0.5, "log": True},
    "init.normal": {"low": 0.003, "high": 0.3, "log": True},
}


def settings(train: int, val: int, epochs: int) -> dict[str, Any]:
    """Two layers with a decaying rate."""
    return {
        "train": train, "val": val, "test": "test_batch", "preprocess": "standardize", "hidden": [50],
        "init": {"normal": 0.01}, "batch_size": 100, "epochs": epochs, "shuffle": True,
        "learning_rate": {"start": 0.02, "decay_per_epoch": 0.95},
    }  # fmt: skip


def searched(arguments: argparse.Namespace, strategy: dict[str, Any], out: Path) -> tuple[Run, float]:
    """One search and the seconds it took, from its first trial to the winner's test."""
    began = time.perf_counter()
    found = chainrule.search(
        settings(arguments.train, arguments.val, arguments.epochs),
        SPACE,
        strategy | {"trials": arguments.trials, "inits": arguments.inits},
        dataset=arguments.dataset,
        seed=arguments.seed,
        jobs=arguments.jobs,
        out=out,
    )
    return found, time.perf_counter() - began


def main() -> None:
    """Run both, print a line each, and what it comes to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dataset", default="cifar10")
    parser.add_argument("--train", type=int, default=2000, help="training images")
    parser.add_argument("--val", type=int, default=2000, help="validation images")
    parser.add_argument("--epochs", type=int, default=81)
    parser.add_argument("--trials", type=int, default=81)
    parser.add_argument("--inits", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=None)
    parser.add_argument("--json", type=Path, default=None, help="also write the figures there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        halving, fast = searched(arguments, {"kind": "halving"}, Path(folder) / "halving")
        print(f"halving: {fast:.0f} s", flush=True)
        whole, slow = searched(arguments, {"kind": "random"}, Path(folder) / "all")
    assert halving.best is not None
    assert whole.best is not None
    assert [one.values for one in halving.record.trials] == [one.values for one in whole.record.trials]
    picked = whole.trials[halving.best["trial"]]
    figures = {
        **{
            key: getattr(arguments, key)
            for key in ("dataset", "train", "val", "epochs", "trials", "inits", "seed")
        },
        "halving_seconds": fast,
        "all_seconds": slow,
        "share": fast / slow,
        "best": whole.best["mean"],
        "standard_error": whole.best["error"],
        "picked": picked["mean"],
        "within_one_standard_error": picked["mean"] >= whole.best["mean"] - whole.best["error"],
        "machine": whole.record.environment["machine"],
    }
    print(f"training all: {slow:.0f} s, best {figures['best']:.4f} ± {figures['standard_error']:.4f}")
    print(
        f"halving took {100 * figures['share']:.0f}% of it; its winner scores {figures['picked']:.4f} there"
    )
    print(f"within one standard error of the best: {'yes' if figures['within_one_standard_error'] else 'no'}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
