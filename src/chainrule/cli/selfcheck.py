"""``chainrule selfcheck``: the gradients of our own nets."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli import checked, options, pages
from chainrule.cli.progress import progress
from chainrule.cli.stages import Stages
from chainrule.data import datasets
from chainrule.errors import SettingsError
from chainrule.experiments import recipes
from chainrule.records.gradients import GradientChecks
from chainrule.report import check_tables
from chainrule.report.run import open_run
from chainrule.report.terminal import wide_console
from chainrule.selfcheck import (
    checked_course,
    checked_nets,
    costs,
    course_costs,
    gradient_differences,
    starts,
)
from chainrule.work.progress import WorkProgress


def selfcheck(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Whose nets; see: chainrule recipes.")],
    dataset: options.DatasetName = recipes.WRITTEN_FOR,
    data_dir: options.DataDir = None,
    samples: Annotated[
        int | None,
        typer.Option("--samples", min=1, metavar="N", help="Images; as many as the report used by default."),
    ] = None,
    l2: Annotated[
        float | None,
        typer.Option("--l2", min=0.0, metavar="VALUE", help="Beside 0; the recipe's own by default."),
    ] = None,
    batch_norm: Annotated[
        bool | None,
        typer.Option("--batch-norm/--no-batch-norm", help="For all nets, instead of what the recipe sets."),
    ] = None,
    below: Annotated[
        float | None,
        typer.Option(
            "--below",
            metavar="VALUE",
            help="Count entries that differ by less; the report's by default, or 1e-6.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Of the initial parameters.")] = 0,
    as_json: options.Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX tables.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Keeps what was found, and a page; it may be a folder of results."
        ),
    ] = None,
    quiet: options.Quiet = False,
) -> int:
    """Check the gradients of a recipe's nets, every entry of every parameter.

    They are compared with central differences, forward differences and the complex step; the report's own figures
    stand below. Errors that the report tells it met on the way are made again, beside what it says of them.

    The exit code is 0 when no gradient is wrong, 1 when some are, 2 when they could not be checked.
    """
    given = {"--json": as_json, "--csv": csv, "--latex": latex}
    if clash := options.clashing_forms({name for name, wanted in given.items() if wanted}):
        raise SettingsError(*clash)
    page = None
    with progress(f"check {recipe}", quiet) as update:
        stages = Stages(update, pages.DrawingTime(1).seconds() if out else 0.0)
        checks = _checks(recipe, dataset, data_dir, samples, l2, batch_norm, below, seed, stages.work)
        if out is not None:
            checked.keep_recipe(checks, out)
            page = pages.write_page(open_run(out), quiet, stages.rest)
        stages.rest(1.0)
    if as_json or csv or latex:
        write = GradientChecks.to_json if as_json else check_tables.to_csv if csv else check_tables.to_latex
        typer.echo(write(checks), nl=False)
    else:
        check_tables.print_checks(checks, wide_console())
    if page and not (as_json or csv or latex):
        typer.echo(f"page: {page}")
    return 1 if any(row.verdict == "wrong" for row in checks.rows) else 0


def _checks(
    recipe: str,
    dataset: str,
    data_dir: Path | None,
    samples: int | None,
    l2: float | None,
    batch_norm: bool | None,
    below: float | None,
    seed: int,
    update: WorkProgress,
) -> GradientChecks:
    """Check the nets, as the options say."""
    experiment = recipes.load(recipe)
    data = datasets.load(dataset, datasets.data_directory(data_dir))
    experiment = recipes.adapted(experiment, data)
    own = experiment.gradient_check
    if below is not None:
        if not 0 < below < math.inf:
            raise SettingsError(
                f"--below {below:g}: no difference lies below it, or all do; choose one such as 1e-6"
            )
        own = own.with_threshold(below)
        experiment = experiment.model_copy(update={"gradient_check": own})
    count = own.samples if samples is None else samples
    nets = checked_nets(experiment, batch_norm, l2)
    started = starts(nets, data, count, seed)
    of_nets, of_course = costs(started), course_costs(experiment, data)
    rows = gradient_differences(started, lambda done, _: update(done, of_nets + of_course))
    course = checked_course(
        experiment, data, seed, lambda done, _: update(of_nets + done, of_nets + of_course)
    )
    return GradientChecks(
        recipe=recipe,
        dataset={"name": data.name, "checksum": data.checksum},
        samples=count,
        seed=seed,
        eps=own.eps,
        below=own.below,
        inferred=list(own.inferred),
        rows=rows,
        course=course,
    )
