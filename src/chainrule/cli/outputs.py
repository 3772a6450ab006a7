"""What reproduce, train and demo have in common: run a job, write its files, print its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from chainrule.cli import notices, options, pages
from chainrule.cli.progress import progress
from chainrule.cli.stages import Stages
from chainrule.data import datasets, sources
from chainrule.data.datasets import Dataset
from chainrule.data.sources import TableSource
from chainrule.errors import MissingExtraError
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.plan import plan
from chainrule.experiments.reproduce import TableJob, reproduce
from chainrule.files import safe_name, write_text
from chainrule.machine import kernels
from chainrule.records.checked import CheckedFile
from chainrule.records.runs import Results
from chainrule.work.processes import processes


@dataclass(frozen=True)
class RunOptions:
    """The options that the commands share, and programs checked before, for the page."""

    dataset: str | TableSource
    data_dir: Path | None
    out: Path | None
    seeds: int
    replicates: int
    jobs: int | None
    json: bool
    quiet: bool
    checked: tuple[CheckedFile, ...] = ()

    def load(self, beside: Path | None = None) -> Dataset:
        """The data set asked for; a table's relative path starts in ``beside``."""
        with notices.as_notes(self.quiet):
            return sources.load(self.dataset, datasets.data_directory(self.data_dir), beside)


def run(
    name: str,
    experiments: Mapping[str, Experiment],
    dataset: Dataset,
    chosen: RunOptions,
    note: Callable[[Results], str] = lambda results: "",
) -> Results:
    """Train the tables, write everything below the folder of results, and print.

    Args:
        name: what to call the folder when ``--out`` does not.
        experiments: the tables by name, as they fit ``dataset``.
        dataset: loaded.
        chosen: the options.
        note: of the results, what is printed above the tables.
    """
    planned = plan(experiments, dataset, range(chosen.seeds), chosen.replicates)
    unnamed = Path("runs") / f"{name}-{dataset.name}-{planned.record.short_name}"
    out = chosen.out.expanduser() if chosen.out else unnamed
    job = TableJob(planned, datasets.data_directory(chosen.data_dir), out, options.command_line())
    notices.beforehand(planned.settings, chosen.quiet, weighted=dataset.weights is not None)
    with progress(name, chosen.quiet) as update:
        stages = Stages(update, pages.DrawingTime(len(experiments), len(experiments)).seconds())
        with processes(chosen.jobs) as workers:
            report = reproduce(job, workers, stages.work)
        if chosen.checked:
            # It brings the checker, for which no training waits.
            from chainrule.cli import checked

            checked.keep_files(chosen.checked, out)
        page = _write(out, chosen, stages.rest)
    notices.notes([*report.notes, kernels.note()], chosen.quiet)
    _print(report.results, out, page, chosen, note(report.results))
    return report.results


_ON_SHEETS = ("curves", "templates", "gradients")
"""Figures that the sheets of Markdown show."""


def _write(out: Path, chosen: RunOptions, share: Callable[[float], None]) -> Path | None:
    """Write everything that is made of the results; the page, where what draws it is installed."""
    from chainrule.report import markdown
    from chainrule.report.figures import write_figures
    from chainrule.report.run import open_run
    from chainrule.report.tables import recipe_names, to_csv

    written = open_run(out)
    results = written.results
    write_text(out / "results.csv", to_csv(results))
    write_text(out / "results.md", markdown.overview(results))
    drawn: dict[str, list[Path]] = {}
    page = None
    files = pages.DrawingTime(len(written.recipes), len(written.recipes)).files_share
    try:
        for number, recipe in enumerate(written.recipes, start=1):
            drawn |= write_figures(written.only([recipe]), out / "figures", ("svg", "png"), _ON_SHEETS)
            share(files * number / len(written.recipes))
        page = pages.write_page(written, chosen.quiet, lambda drawn: share(files + (1 - files) * drawn))
    except MissingExtraError as error:
        notices.notes([str(error)], chosen.quiet)
    share(1.0)
    for recipe in recipe_names(results):
        pictures = [f"figures/{path.name}" for path in drawn.get(recipe, []) if path.suffix == ".svg"]
        write_text(out / f"{safe_name(recipe)}.md", markdown.sheet(results, recipe, pictures))
    return page


def _print(results: Results, out: Path, page: Path | None, chosen: RunOptions, note: str) -> None:
    if chosen.json:
        typer.echo(results.to_json(), nl=False)
        return
    from chainrule.report import tables
    from chainrule.report.terminal import wide_console

    if note:
        typer.echo(f"{note}\n")
    tables.print_results(results, wide_console())
    typer.echo(f"results: {out}")
    if page is not None:
        typer.echo(f"page: {page}")
