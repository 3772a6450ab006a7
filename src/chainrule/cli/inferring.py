"""``chainrule reproduce --infer``: what the reports left unsaid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from pathlib import Path

import typer

from chainrule.cli import notices, options, pages
from chainrule.cli.outputs import RunOptions
from chainrule.cli.progress import progress
from chainrule.cli.stages import Stages
from chainrule.data import datasets
from chainrule.errors import SettingsError
from chainrule.experiments import recipes
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.inference import InferenceJob, infer
from chainrule.experiments.trials import plan
from chainrule.files import write_text
from chainrule.machine import kernels
from chainrule.records.inferences import Inference
from chainrule.work.processes import processes

NEEDLESS = {
    "--strict": "there are no verdicts to be strict about",
    "--search-seeds": "no search is trained",
}
"""Options of ``reproduce`` that ``--infer`` has no use for, and why."""


def run(wanted: Mapping[str, Experiment], chosen: RunOptions, given: Set[str]) -> Inference:
    """Infer what the recipes leave unsaid, write everything below the folder of results, and print.

    Raises:
        SettingsError: an option makes no sense here, or nothing is published about the data set.
    """
    problems = [f"--infer and {name}: {why}; drop {name}" for name, why in NEEDLESS.items() if name in given]
    if chosen.dataset != recipes.WRITTEN_FOR:
        problems.append(
            f"--infer on {chosen.dataset}: the reports publish nothing about it, so nothing is more or less likely; "
            f"use --dataset {recipes.WRITTEN_FOR}"
        )
    if problems:
        raise SettingsError(*problems)
    data = chosen.load()
    planned = plan(wanted, data, range(chosen.seeds))
    unnamed = Path("runs") / f"infer-{data.name}-{planned.record.short_name}"
    out = chosen.out.expanduser() if chosen.out else unnamed
    job = InferenceJob(planned, datasets.data_directory(chosen.data_dir), out, options.command_line())
    notices.notes(planned.words, chosen.quiet)
    members = [net.settings for table in planned.experiments for net in planned.nets(table).values()]
    notices.beforehand(members, chosen.quiet, weighted=data.weights is not None)
    with progress("infer", chosen.quiet) as update:
        stages = Stages(update, pages.DrawingTime(1).seconds())
        with processes(chosen.jobs) as workers:
            inference = infer(job, workers, stages.work)
        page = _write(inference, out, chosen.quiet, stages.rest)
        stages.rest(1.0)
    notices.notes([kernels.note()], chosen.quiet)
    _print(inference, out, page, chosen)
    return inference


def _write(inference: Inference, out: Path, quiet: bool, share: Callable[[float], None]) -> Path | None:
    """Write the tables and the page of all that the folder holds."""
    from chainrule.report import inference_tables
    from chainrule.report.run import open_run

    write_text(out / "inference.csv", inference_tables.to_csv(inference))
    write_text(out / "inference.md", inference_tables.to_markdown(inference))
    return pages.write_page(open_run(out), quiet, share)


def _print(inference: Inference, out: Path, page: Path | None, chosen: RunOptions) -> None:
    from chainrule.report import inference_tables
    from chainrule.report.terminal import wide_console

    if chosen.json:
        typer.echo(inference.to_json(), nl=False)
        return
    inference_tables.print_inference(inference, wide_console())
    typer.echo(f"results: {out}")
    if page is not None:
        typer.echo(f"page: {page}")
