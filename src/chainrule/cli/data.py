"""chainrule data: what is there, where it lies, whether it is whole."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from chainrule.cli import options
from chainrule.cli.mistyped import ToldGroup
from chainrule.data import cifar10, datasets, download
from chainrule.data.datasets import DATASETS, Dataset
from chainrule.errors import DataError, MissingExtraError, StoreError
from chainrule.report.sheet import write_sheet
from chainrule.report.table import TextTable
from chainrule.report.terminal import rich_table
from chainrule.text import one_line

app = typer.Typer(
    cls=ToldGroup,
    add_completion=False,
    help="Data sets: list, describe, download and import them.",
    no_args_is_help=True,
)

DatasetArgument = Annotated[str, typer.Argument(help="cifar10 or digits.")]

OFFICIAL = {
    True: "official: the checksums are the published ones",
    False: "not official: the checksums differ from the published ones",
    None: "unknown: no checksum is published for the files it came from",
}


def _origin(dataset: Dataset) -> tuple[str, str]:
    """Where the data lies, and in words whether it is official."""
    if dataset.directory is None:
        return "built in", "official: it comes with scikit-learn"
    return str(dataset.directory), OFFICIAL[dataset.official]


def _print_table(head: Sequence[str], body: Iterable[Sequence[str]]) -> None:
    """On a terminal as wide as that; elsewhere lines stay whole."""
    console = Console()
    table = TextTable("", [head], [list(map(one_line, cells)) for cells in body], text=len(head))
    wide = console if console.is_terminal else Console(width=1000)
    wide.print(rich_table(table, "l" + "w" * (len(head) - 1), ruled=False))


def _listed(name: str, directory: Path) -> dict[str, Any]:
    """One data set's line in the list; nothing is parsed or hashed for it."""
    entry: dict[str, Any] = {"name": name, "there": "no", "where": None, "images": None, "official": None}
    try:
        place = None
        dataset = datasets.find_cifar10(directory, verify=False) if name == "cifar10" else datasets.load(name)
        if dataset is None:
            place = cifar10.locate(directory)
    except DataError as error:
        return {**entry, "there": "damaged", "where": str(directory), "problem": str(error)}
    if dataset is not None:
        known = {"images": len(dataset.images), "official": dataset.official}
        return {**entry, "there": "yes", "where": _origin(dataset)[0], **known}
    return {**entry, "there": "not parsed yet", "where": str(place.path)} if place else entry


@app.command("list")
def list_(data_dir: options.DataDir = None, as_json: options.Json = False) -> None:
    """Say which data sets are there, where, and whether they are the official ones."""
    directory = datasets.data_directory(data_dir)
    entries = [_listed(name, directory) for name in DATASETS]
    if as_json:
        typer.echo(json.dumps(entries, indent=1))
        return
    _print_table(["name", "there", "images", "official", "where"], map(_cells, entries))


def _cells(entry: dict[str, Any]) -> list[str]:
    official = {True: "yes", False: "no", None: "not known"}[entry["official"]] if entry["images"] else ""
    return [entry["name"], entry["there"], str(entry["images"] or ""), official, entry["where"] or ""]


def _described(dataset: Dataset) -> dict[str, Any]:
    """What ``info`` says, as plain data."""
    batches = {}
    for name, rows in dataset.batches.items():
        counts = np.bincount(dataset.labels[rows.start : rows.stop], minlength=len(dataset.classes))
        classes = dict(zip(dataset.classes, counts.tolist(), strict=True))
        batches[name] = {"images": len(rows), "classes": classes}
    return {
        "name": dataset.name,
        "where": str(dataset.directory) if dataset.directory else None,
        "images": len(dataset.images),
        "shape": list(dataset.shape),
        "max_value": dataset.max_value,
        "classes": list(dataset.classes),
        "batches": batches,
        "checksum": dataset.checksum,
        "official": dataset.official,
    }


def _print_info(dataset: Dataset, described: dict[str, Any]) -> None:
    shape = " x ".join(map(str, dataset.shape))
    typer.echo(f"{dataset.name}: {len(dataset.images)} images, {len(dataset.classes)} classes")
    typer.echo(f"image: {shape} (channels, height, width), values 0 to {dataset.max_value}")
    where, official = _origin(dataset)
    typer.echo(f"where: {where}")
    typer.echo(f"sha256: {dataset.checksum} (of the images, then the labels)")
    typer.echo(official)
    batches = described["batches"].items()
    counts = ([name, str(batch["images"]), *map(str, batch["classes"].values())] for name, batch in batches)
    _print_table(["batch", "images", *dataset.classes], counts)


def _draw(dataset: Dataset, path: Path) -> None:
    """The first training image of each class, raw and centered."""
    training = dataset.training_rows
    labels = dataset.labels[: training.stop]
    present = [k for k in range(len(dataset.classes)) if (labels == k).any()]
    first = [int(np.argmax(labels == k)) for k in present]
    mean = dataset.images[: training.stop].mean(axis=0, dtype=np.float64) / dataset.max_value
    samples = dataset.images[first].astype(np.float64) / dataset.max_value
    names = [dataset.classes[k] for k in present]
    write_sheet(path, samples.reshape(-1, *dataset.shape), mean.reshape(dataset.shape), names)


@app.command()
def info(
    name: DatasetArgument,
    data_dir: options.DataDir = None,
    as_json: options.Json = False,
    sheet: Annotated[
        Path | None, typer.Option(help="PNG of sample images (default: NAME-samples.png beside the data).")
    ] = None,
) -> None:
    """Describe a data set and draw a sheet of samples; with --json the sheet is drawn only if asked for."""
    directory = datasets.data_directory(data_dir)
    dataset = datasets.load(name, directory)
    described = _described(dataset)
    if not as_json:
        _print_info(dataset, described)
    path = sheet or (None if as_json else directory / f"{name}-samples.png")
    drawn = None
    if path is not None:
        try:
            _draw(dataset, path)
            drawn = str(path)
        except (MissingExtraError, StoreError) as error:
            if sheet is not None:
                raise
            typer.echo(str(error), err=True)
    if as_json:
        typer.echo(json.dumps({**described, "sheet": drawn}, indent=1))
    elif drawn:
        typer.echo(f"samples: {drawn}")


class _DownloadLines:
    """Progress as plain lines, one a tenth."""

    def __init__(self) -> None:
        self.total, self.done, self.told = 0, 0, 0

    def update(self, count: int) -> None:
        self.done += count
        tenth = min(10 * self.done // self.total, 10) if self.total else 0
        if tenth > self.told:
            self.told = tenth
            typer.echo(f"downloaded {10 * tenth}% of {self.total / 1e6:.0f} MB", err=True)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        self.told = 0


class _DownloadBar:
    """Progress as a bar with time left."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = progress.add_task("downloading", total=None)

    @property
    def total(self) -> int:
        return int(self.progress.tasks[0].total or 0)

    @total.setter
    def total(self, value: int) -> None:
        self.progress.reset(self.task, total=value or None)

    def update(self, count: int) -> None:
        self.progress.advance(self.task, count)

    def reset(self) -> None:
        self.progress.update(self.task, completed=0)

    def close(self) -> None:
        self.progress.refresh()


@contextlib.contextmanager
def _progress() -> Iterator[download.DownloadProgress]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _DownloadLines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _DownloadBar(progress)


def _say_there(dataset: Dataset, how: str) -> None:
    where, official = _origin(dataset)
    typer.echo(f"{dataset.name}: {how}: {len(dataset.images)} images, {where}")
    typer.echo(official)


@app.command()
def fetch(name: DatasetArgument, data_dir: options.DataDir = None) -> None:
    """Download a data set from its official location, check and import it."""
    datasets.require_known(name)
    directory = datasets.data_directory(data_dir)
    with contextlib.suppress(DataError):
        return _say_there(datasets.load(name, directory), "already there and whole")
    with _progress() as progress:
        dataset = download.fetch(name, directory, progress)
    _say_there(dataset, "fetched")
    return None


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="Official archive, or the folder it unpacks to.")],
    data_dir: options.DataDir = None,
) -> None:
    """Import CIFAR-10 from official files: python, binary or MATLAB, unpacked or .tar.gz."""
    _say_there(datasets.import_path(path, datasets.data_directory(data_dir)), "imported")
