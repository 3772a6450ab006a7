"""Searches from Python: :func:`search` is ``chainrule.search``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError
from chainrule.files import safe_name, write_text
from chainrule.records.searches import SearchResults, Trial
from chainrule.report import search_run, search_tables
from chainrule.report.table import TextTable
from chainrule.searches.run import SearchJob, run
from chainrule.searches.search import Search, read_search
from chainrule.work.executors import Executor
from chainrule.work.processes import processes

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class FinishedSearch:
    """What a search found.

    Attributes:
        folder: where all of it lies.
        record: all of it.
    """

    folder: Path
    record: SearchResults

    @property
    def best(self) -> dict[str, Any] | None:
        """The winner: ``trial``, ``values``, ``settings``, ``mean`` and ``error`` of its score, ``test_accuracy`` and
        ``test_error``; None where every trial diverged."""
        winner = self.record.winner
        if winner is None:
            return None
        trial = self.record.trials[winner.trial]
        return {
            "trial": winner.trial,
            "values": trial.values,
            "settings": winner.settings,
            "mean": trial.mean,
            "error": trial.error,
            "test_accuracy": winner.mean,
            "test_error": winner.error,
        }

    @property
    def trials(self) -> list[dict[str, Any]]:
        """A line a trial, in the order asked, its values beside its score: ``pandas.DataFrame(found.trials)``."""
        return [
            {
                "trial": trial.number,
                **trial.values,
                "state": trial.state,
                "mean": trial.mean,
                "error": trial.error,
                "scores": trial.scores,
                "epochs": trial.epochs,
            }
            for trial in self.record.trials
        ]

    def plot(self) -> alt.VConcatChart:
        """The score over every setting searched.

        Raises:
            MissingExtraError: altair is not installed.
        """
        from chainrule.records.figures import SearchesFigure
        from chainrule.report.searches import draw_searches

        name = search_run.named(self.record, self.folder)
        points = search_run.scored(self.record, name)
        return draw_searches(SearchesFigure(recipe=name, title=self.record.title, searches=[points]))

    def write_page(self) -> Path:
        """Write ``report.html`` into the folder.

        Raises:
            MissingExtraError: what draws it is not installed.
        """
        from chainrule.report.page import run_page
        from chainrule.report.run import open_run

        path = self.folder / "report.html"
        write_text(path, run_page(open_run(self.folder)))
        return path

    @property
    def heading(self) -> str:
        """What was searched and how, in a line."""
        name = search_run.named(self.record, self.folder)
        return f"{name} on {self.record.dataset['name']}: {search_tables.strategy_text(self.record)}"

    def table(self, most: int = search_tables.MOST) -> TextTable:
        """The best trials."""
        return search_tables.trials_of(self.record, most)

    @property
    def words(self) -> list[str]:
        """The winner, by which rule, and what it was selected and tested on."""
        return search_tables.words(self.record)

    def __str__(self) -> str:
        return "\n".join([self.heading, *self.words])


def search(
    settings: Mapping[str, Any],
    space: Mapping[str, Any],
    strategy: Mapping[str, Any],
    *,
    title: str = "",
    dataset: str = "cifar10",
    data_dir: str | Path | None = None,
    out: str | Path | None = None,
    seed: int = 0,
    jobs: int | None = None,
    cluster: str | None = None,
    progress: Callable[[int, int, Sequence[Trial]], None] = lambda done, total, trials: None,
) -> FinishedSearch:
    """Search settings for the best, as ``chainrule search`` does; the same folder again goes on in it.

    Args:
        settings: what all trials have in common, keys as in :class:`chainrule.settings.settings.Settings`.
        space: for each setting a list of values or ``{"low": 1e-5, "high": 0.1, "log": True}``.
        strategy: ``{"kind": "tpe", "trials": 40}`` and so on; see :mod:`chainrule.searches.strategies`.
        title: what it is, in a line.
        dataset: its name.
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
    document = {"title": title, "dataset": dataset, "settings": dict(settings)}
    wanted = read_search({**document, "space": dict(space), "strategy": dict(strategy)})
    directory = datasets.data_directory(Path(data_dir) if data_dir is not None else None)
    data = datasets.load(dataset, directory)
    folder = Path(out).expanduser() if out is not None else search_folder("search", wanted, data, seed)
    job = SearchJob(wanted, data, directory, seed, folder, "chainrule.search")
    with executor(jobs, cluster) as here:
        return FinishedSearch(folder, run(job, here, progress))


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
