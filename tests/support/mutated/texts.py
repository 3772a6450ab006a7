"""Single files that people give to commands: histories, settings, programs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from chainrule.data import datasets
from chainrule.data.frames import read_frame
from chainrule.experiments.plan import plan
from chainrule.experiments.reading import read_experiment
from chainrule.gradcheck.folder.walking import BOUNDS
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.sandbox.unpacking import unpack
from chainrule.records.runs import Results
from chainrule.report.folder import RunFolder
from chainrule.report.history import read_histories
from chainrule.report.page import run_page
from chainrule.searches import search
from support.mutated.binary_changes import NPZ, ZIP
from support.mutated.reader import Files, Reader, all_files
from support.mutated.text_changes import JSON, TEXT, TOML

ROOT = Path(__file__).parents[3]
DIGITS = datasets.load("digits")

_ROWS = [(epoch, 2.5 / epoch, 3.0 / epoch, 50 + epoch, 0.1) for epoch in range(1, 6)]
_NAMES = ("epoch", "loss", "val_loss", "acc", "lr")


def _csv() -> Files:
    lines = [",".join(_NAMES), *(",".join(map(str, row)) for row in _ROWS)]
    return {"h.csv": "\n".join(lines).encode() + b"\n"}


def _json_history() -> Files:
    columns = dict(zip(_NAMES, map(list, zip(*_ROWS, strict=True)), strict=True))
    return {"h.json": json.dumps({"history": columns | {"val_acc": [[0.1, 0.2], [0.3, 0.4]]}}).encode()}


def _json_log() -> Files:
    return {"h.json": json.dumps([dict(zip(_NAMES, row, strict=True)) for row in _ROWS]).encode()}


def _npz() -> Files:
    file = io.BytesIO()
    np.savez(file, epoch=np.arange(3), loss=np.array([[3.0, 2.0, 1.0], [5.0, 4.0, 3.0]]), lr=np.ones(3))
    return {"h.npz": file.getvalue()}


def _table() -> Files:
    return {"t.csv": b'age,city,stayed\n31,Rome,true\n,"Oslo, N",false\n52,NA,true\n'}


def _table_of_arrays() -> Files:
    file = io.BytesIO()
    np.savez(file, X=np.arange(6.0).reshape(3, 2), y=np.array(["a", "b", "a"]))
    return {"t.npz": file.getvalue()}


def _frame(name: str) -> Callable[[Path], object]:
    return lambda folder: read_frame(folder / name)


def _plot(name: str) -> Callable[[Path], object]:
    return lambda folder: read_histories([folder / name])


def _plot_drawn(folder: Path) -> None:
    curves, notes = read_histories([folder / "h.json"])
    empty = Results(rows=[], claims=[], input_means=[], environment={})
    run_page(
        RunFolder(folder, None, empty, (curves,), notes=tuple(notes), command=("chainrule", "plot", "h"))
    )


def _toml(name: str) -> Callable[[], Files]:
    return lambda: {"f.toml": (ROOT / name).read_bytes()}


def _train(folder: Path) -> None:
    experiment = read_experiment(folder / "f.toml")
    plan({"f": experiment.on("digits")}, DIGITS, range(1), 1)


def _search(folder: Path) -> None:
    search.check(search.read_file(folder / "f.toml"), DIGITS)


def _script() -> Files:
    return {"net.py": _SCRIPT}


_SCRIPT = b'''# -*- coding: latin-1 -*-
import numpy as np


def compute_cost(X, Y, W, b, lam=0.1):
    """The cost; l2 of W."""
    P = np.exp(X @ W + b)
    return -np.mean(np.log((P / P.sum(1, keepdims=True))[range(len(Y)), Y])) + lam * (W**2).sum()


class Net:
    def __init__(self, sizes):
        self.params = {"W1": np.zeros(sizes), f"b{1}": 0}

    def compute_gradients(self, X, Y, lam):
        return {"W1": self.params["W" + str(1)]}, [0.5, "text", -1]
'''


def _notebook() -> Files:
    code = {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": [{"data": {"text/plain": "2.5"}}],
    }
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A net"]},
        {**code, "source": _SCRIPT.decode().splitlines(True)},
        {**code, "source": "%time x = 1"},
    ]
    return {
        "net.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    }


def _source(name: str) -> Callable[[Path], object]:
    def read(folder: Path) -> None:
        path = folder / name
        definitions(source.read(path))
        adapter.appended(source.content(path), "def chainrule_check(rng): ...", path.suffix == ".ipynb")

    return read


def _zip() -> Files:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("anna/net.py", _SCRIPT)
        archive.writestr("ben.py", _SCRIPT)
        archive.writestr("carl/net.ipynb", _notebook()["net.ipynb"])
    return {"hand-ins.zip": file.getvalue()}


def _zipped(folder: Path) -> None:
    (folder / "unpacked").mkdir()
    unpack(folder / "hand-ins.zip", folder / "unpacked", BOUNDS)


_RECIPE = _toml("src/chainrule/recipes/one_layer.toml")

READERS = (
    Reader("fit, CSV", _table, all_files(TEXT), _frame("t.csv"), 0.5),
    Reader("fit, npz", _table_of_arrays, all_files(NPZ), _frame("t.npz"), 0.5),
    Reader("plot, CSV", _csv, all_files(TEXT), _plot("h.csv"), 2),
    Reader("plot, JSON", _json_history, all_files(JSON), _plot("h.json"), 2),
    Reader("plot, JSON of a log", _json_log, all_files(JSON), _plot("h.json")),
    Reader("plot, npz", _npz, all_files(NPZ), _plot("h.npz"), 2),
    Reader("plot, drawn", _json_history, all_files(JSON), _plot_drawn, 0.1),
    Reader("train, recipe", _RECIPE, all_files(TOML), _train),
    Reader("train, own file", _toml("examples/hinge.toml"), all_files(TOML), _train, 2),
    Reader("search", _toml("examples/search.toml"), all_files(TOML), _search, 2),
    Reader("check, script", _script, all_files(TEXT), _source("net.py"), 2),
    Reader("check, zip", _zip, all_files(ZIP), _zipped, 2),
    Reader("check, notebook", _notebook, all_files(JSON), _source("net.ipynb"), 2),
)
