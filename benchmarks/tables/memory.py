"""Memory that a large table of float32 takes to be trained on, with the defaults, in times of its size.

What is counted is the most that a process ever held, less what it held when it had trained on a small table of the
same kind. Pages of files that are mapped count, too. ``python benchmarks/tables/memory.py --rows 1000000``, with the
extra ``bench``.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chainrule import MLPClassifier
from chainrule.cli.app import run

COLUMNS, SMALL = 100, 2000
FORMS = ("memory", "mapped", "eval_set", "parquet", "feather", "npz", "csv")


def rows(count: int) -> NDArray[np.float32]:
    """Rows (N, 100), made in parts, as half of the memory would go into float64."""
    rng, X = np.random.default_rng(0), np.empty((count, COLUMNS), np.float32)
    for start in range(0, count, SMALL):
        part = X[start : start + SMALL]
        part[:] = rng.normal(size=part.shape)
    return X


def write(folder: Path, form: str, count: int) -> Path:
    """A table in a file."""
    X = rows(count)
    y, path = (X[:, 0] * X[:, 1] > 0).astype(np.int64), folder / f"{count}.{form}"
    if form == "mapped":
        np.save(path.with_suffix(".npy"), X)
        return path.with_suffix(".npy")
    if form == "npz":
        np.savez(path, X=X, y=y)
        return path
    import pyarrow
    from pyarrow import csv, feather, parquet

    table = pyarrow.table({f"c{i}": X[:, i] for i in range(COLUMNS)} | {"y": y})
    {"parquet": parquet.write_table, "feather": feather.write_feather, "csv": csv.write_csv}[form](
        table, path
    )
    return path


def train(form: str, count: int, folder: Path) -> None:
    """On a table of so many rows, an epoch."""
    path = folder / f"{count}.{'npy' if form == 'mapped' else form}"
    if form in ("parquet", "feather", "npz", "csv"):
        told = ["--target", "y", "--set", "epochs=1", "--quiet", "--out", str(path.with_suffix(".net"))]
        if run(["fit", str(path), *told]):
            raise RuntimeError(f"{path}: was not trained on")
        return
    X = np.load(path, mmap_mode="r") if form == "mapped" else rows(count)
    y, fit = X[:, 0] * X[:, 1] > 0, MLPClassifier(epochs=1, members=8, random_state=0).fit
    cut = count - count // 10
    fit(X[:cut], y[:cut], eval_set=(X[cut:], y[cut:])) if form == "eval_set" else fit(X, y)


def held() -> int:
    """Bytes that this process ever held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Print a line for each form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--forms", default=",".join(FORMS), help="some of them, a,b,...")
    parser.add_argument("--child", nargs=2, metavar=("FORM", "FOLDER"))
    given = parser.parse_args()
    if given.child:
        form, folder = given.child[0], Path(given.child[1])
        train(form, SMALL, folder)
        before = held()
        train(form, given.rows, folder)
        print(f"{form}: {(held() - before) / (given.rows * COLUMNS * 4):.2f} times its size", flush=True)
        return
    with tempfile.TemporaryDirectory() as name:
        for form in given.forms.split(","):
            if form not in ("memory", "eval_set"):
                for count in (SMALL, given.rows):
                    # In a process of its own, so that little is held when the others begin.
                    made = f"import memory, pathlib; memory.write(pathlib.Path({name!r}), {form!r}, {count})"
                    subprocess.run([sys.executable, "-c", made], cwd=Path(__file__).parent, check=True)
            told = ["--rows", str(given.rows), "--child", form, name]
            subprocess.run([sys.executable, __file__, *told], check=True, stdout=sys.stdout)


if __name__ == "__main__":
    main()
