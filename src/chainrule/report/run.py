"""A finished run in somebody's hands: its numbers, words, tables, figures and page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.errors import SettingsError
from chainrule.files import write_text
from chainrule.records.runs import Results
from chainrule.records.searches import SearchResults
from chainrule.report import search_run, search_tables, tables
from chainrule.report.folder import RunFolder
from chainrule.report.table import TextTable

if TYPE_CHECKING:
    from chainrule.report.plots import Plots

PAGE = "report.html"


@dataclass(frozen=True)
class Run(RunFolder):
    """A folder of results, as :func:`chainrule.open_run` and :func:`chainrule.search` give it."""

    @property
    def record(self) -> Results | SearchResults:
        """All that ``results.json`` holds."""
        return self.search or self.results

    @property
    def best(self) -> dict[str, Any] | None:
        """The winner of a search: ``trial``, ``values``, ``settings``, ``mean`` and ``error`` of its score,
        ``test_accuracy`` and ``test_error``; None where every trial diverged, and where nothing was searched."""
        return search_run.best(self.search) if self.search else None

    @property
    def trials(self) -> list[dict[str, Any]]:
        """A line a trial, in the order asked, its values beside its score: ``pandas.DataFrame(run.trials)``; none
        where nothing was searched."""
        return search_run.trials(self.search) if self.search else []

    @property
    def heading(self) -> str:
        """What was run, in a line."""
        if self.search is None:
            return self.name
        name = search_run.named(self.search, self.folder)
        return f"{name} on {self.search.dataset['name']}: {search_tables.strategy_text(self.search)}"

    @property
    def words(self) -> list[str]:
        """What came of it: of a search the winner, by which rule, and what it was selected and tested on; else how
        many numbers agree with the published ones and how many claims hold."""
        if self.search:
            return search_tables.words(self.search)
        return [*tables.widened(self.results), tables.summary(self.results)]

    def __str__(self) -> str:
        return "\n".join([self.heading, *self.words])

    def table(self, most: int = search_tables.MOST, recipe: str | None = None) -> TextTable:
        """The best trials of a search, or the numbers of a recipe.

        Args:
            most: trials, at most.
            recipe: whose numbers; it may be left out where there is one.

        Raises:
            SettingsError: the recipe is not named, or unknown.
        """
        if self.search:
            return search_tables.trials_of(self.search, most)
        known = tables.recipe_names(self.results)
        if recipe is None and len(known) != 1:
            held = f"several tables; name one of {', '.join(known)}" if known else "no table"
            raise SettingsError(f"{self.folder}: holds {held}")
        name = known[0] if recipe is None else recipe
        return tables.recipe_table(self.only([name]).results, name)

    @cached_property
    def plot(self) -> Plots:
        """The figures as altair charts: ``run.plot.loss()``; ``run.plot()`` is the first of them."""
        from chainrule.report.plots import Plots

        return Plots(self)

    def write_page(self, share: Callable[[float], None] = lambda done: None) -> Path:
        """Write ``report.html`` into the folder, and the computations of checked programs as ``picture.svg``.

        Args:
            share: called with how much of it is drawn, from 0 to 1.

        Raises:
            MissingExtraError: what draws it is not installed.
            StoreError: the folder cannot be written or the disk is full.
        """
        from chainrule.report.page import run_page
        from chainrule.report.rendering import write_pictures

        write_pictures(self.files, self.folder)
        path = self.folder / PAGE
        write_text(path, run_page(self, share))
        return path


def open_run(folder: str | Path) -> Run:
    """Read what ``chainrule reproduce``, ``train``, ``demo``, ``search`` or ``check --out`` wrote.

    Args:
        folder: the folder of results.

    Raises:
        StoreError: it is no such folder, its training was not finished, or a file in it is damaged or of a newer
            version.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     results = Results(rows=[], claims=[], input_means=[], titles={"hinge": "Two losses"}, environment={})
    ...     _ = Path(folder, "results.json").write_text(results.to_json())
    ...     open_run(folder).results.titles
    {'hinge': 'Two losses'}
    """
    return Run.read(folder)
