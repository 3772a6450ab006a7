"""Searches from Python: :func:`search` is ``chainrule.search``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chainrule.data import datasets, sources
from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError
from chainrule.files import safe_name
from chainrule.records.searches import Trial
from chainrule.report.run import Run, open_run
from chainrule.searches.run import SearchJob, run
from chainrule.searches.search import Search, read_search
from chainrule.work.executors import Executor
from chainrule.work.processes import processes


def search(
    settings: Mapping[str, Any],
    space: Mapping[str, Any],
    strategy: Mapping[str, Any],
    *,
    title: str = "",
    dataset: str | Mapping[str, Any] | Dataset = "cifar10",
    data_dir: str | Path | None = None,
    out: str | Path | None = None,
    seed: int = 0,
    jobs: int | None = None,
    cluster: str | None = None,
    progress: Callable[[int, int, Sequence[Trial]], None] = lambda done, total, trials: None,
) -> Run:
    """Search settings for the best, as ``chainrule search`` does; the same folder again goes on in it.

    Args:
        settings: what all trials have in common, keys as in :class:`chainrule.settings.settings.Settings`.
        space: for each setting a list of values or ``{"low": 1e-5, "high": 0.1, "log": True}``.
        strategy: ``{"kind": "tpe", "trials": 40}`` and so on; see :mod:`chainrule.searches.strategies`.
        title: what it is, in a line.
        dataset: its name, one of your own (:func:`chainrule.from_arrays`), or the file of a table,
            ``{"path": "d.parquet", "target": "label"}`` (:class:`chainrule.data.sources.TableSource`).
        data_dir: where data lies; else ``CHAINRULE_DATA``, else the user's cache folder.
        out: the folder of the search; below ``runs`` by default.
        seed: keys all that is drawn, and the inits.
        jobs: cores to use; all by default.
        cluster: ``auto`` or ``HOST:PORT`` of a Ray cluster to run on instead of this machine alone.
        progress: called now and then with the work done, the work in all, and the trials so far.

    Raises:
        SettingsError: with every problem of the arguments, one line each; nothing was written.
        MissingExtraError: optuna, or Ray for a cluster, is not installed.
        ChainruleError: the cluster cannot be reached.
        DataError: the data set is missing or damaged.
        StoreError: the folder holds another search, another process runs it, or it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> settings = {"train": 200, "val": 100, "test": "test_batch", "preprocess": "center", "init": "he"}
    >>> settings |= {"batch_size": 20, "epochs": 2, "shuffle": True, "learning_rate": 0.1}
    >>> with TemporaryDirectory() as folder:
    ...     kind = {"kind": "grid", "inits": 1}
    ...     finished = search(settings, {"l2": [0.0, 10.0]}, kind, dataset="digits", out=folder, jobs=1)
    >>> finished.best["values"], [trial["state"] for trial in finished.trials]
    ({'l2': 0.0}, ['complete', 'complete'])
    """
    own = dataset if isinstance(dataset, Dataset) else None
    document = {"title": title, "dataset": own.name if own else dataset, "settings": dict(settings)}
    wanted = read_search({**document, "space": dict(space), "strategy": dict(strategy)})
    directory = datasets.data_directory(Path(data_dir) if data_dir is not None else None)
    data = own or sources.load(wanted.dataset, directory)
    folder = Path(out).expanduser() if out is not None else search_folder("search", wanted, data, seed)
    job = SearchJob(wanted, data, directory, seed, folder, "chainrule.search")
    with executor(jobs, cluster) as here:
        run(job, here, progress)
    return open_run(folder)


@contextlib.contextmanager
def executor(jobs: int | None, cluster: str | None) -> Iterator[Executor]:
    """What trains: processes of this machine, as many as cores where ``jobs`` does not say, or a cluster.

    Raises:
        SettingsError: both are asked for.
        ChainruleError: the cluster cannot be reached.
        MissingExtraError: Ray is not installed.
    """
    if cluster is None:
        with processes(jobs) as here:
            yield here
        return
    if jobs is not None:
        raise SettingsError(f"--jobs {jobs}: on a cluster all its cores are used; drop --jobs or --cluster")
    from chainrule.work.cluster import Cluster

    with contextlib.closing(Cluster(cluster)) as connected:
        yield connected


def search_folder(name: str, wanted: Search, dataset: Dataset, seed: int) -> Path:
    """The folder of a search that nobody named."""
    return Path("runs") / safe_name(f"{name}-{dataset.name}-{wanted.plan(dataset, seed).short_name}")
