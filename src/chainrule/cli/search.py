"""``chainrule search``: the best settings, by a TOML file of a space and a strategy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chainrule.api import executor, search_folder
from chainrule.cli import notices, options, pages
from chainrule.cli.live import watching
from chainrule.data import datasets, sources
from chainrule.machine import kernels
from chainrule.report.run import Run, open_run
from chainrule.report.search_tables import printed
from chainrule.report.terminal import wide_console
from chainrule.searches.estimate import estimate
from chainrule.searches.run import SearchJob, run
from chainrule.searches.search import check, read_file

_SHOWN = 10


def search(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A TOML file with settings, a space and a strategy.")
    ],
    override: options.Override = None,
    dataset: options.OwnDatasetName = None,
    data_dir: options.DataDir = None,
    out: options.Out = None,
    seed: options.Seed = 0,
    jobs: options.Jobs = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="ADDRESS", help="A Ray cluster to run on: auto, or HOST:PORT of its head."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan, estimated time and memory, and stop.")
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Search settings for the best: grid, random, coarse to fine, TPE, successive halving."""
    wanted = read_file(file, override or [])
    directory = datasets.data_directory(data_dir)
    with notices.as_notes(quiet):
        data = sources.load(dataset or wanted.dataset, directory, file.parent)
    if dry_run:
        check(wanted, data)
        notices.beforehand(wanted.probes(), quiet, weighted=data.weights is not None)
        with executor(jobs, cluster) as here:
            planned = estimate(wanted, data, seed, here)
        typer.echo(planned.to_json().rstrip() if json else "\n".join(planned.lines))
        return
    folder = out.expanduser() if out else search_folder(file.stem, wanted, data, seed)
    notes: list[str] = []
    job = SearchJob(wanted, data, directory, seed, folder, options.command_line())
    notices.beforehand(wanted.probes(), quiet, weighted=data.weights is not None)
    with watching(file.stem, wanted.strategy.metric, quiet) as watched:
        with executor(jobs, cluster) as here:
            results = run(job, here, watched.search, notes.append)
        finished = open_run(folder)
        page = pages.write_page(finished, quiet, watched.page)
    own_kernel = not cluster and not results.environment["in_process"]
    notices.notes([*notes, kernels.note() if own_kernel else None], quiet)
    if json:
        typer.echo(results.to_json(), nl=False)
        return
    _print(finished)
    typer.echo(f"results: {folder}")
    if page is not None:
        typer.echo(f"page: {page}")


def _print(finished: Run) -> None:
    table = finished.table(_SHOWN)
    typer.echo(finished.heading)
    wide_console().print(printed(table))
    for line in (*table.notes, *finished.words):
        typer.echo(line)
