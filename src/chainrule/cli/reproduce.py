"""``chainrule reproduce``: published beside measured."""

from __future__ import annotations

from typing import Annotated

import typer

from chainrule.cli import inferring, options, outputs
from chainrule.experiments import recipes


def reproduce(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RECIPE]...", help="Which; all when none is named.", show_default=False),
    ] = None,
    dataset: options.DatasetName = recipes.WRITTEN_FOR,
    data_dir: options.DataDir = None,
    out: options.Out = None,
    seeds: options.Seeds = 5,
    search_seeds: options.Replicates = 3,
    jobs: options.Jobs = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    strict: options.StrictFlag = False,
    infer: Annotated[
        bool,
        typer.Option(
            "--infer", help="Instead, try what the reports leave unsaid: how likely is each setting?"
        ),
    ] = False,
) -> int:
    """Train what recipes claim, and put the published numbers beside the measured ones."""
    wanted = recipes.load_all(names or [])
    chosen = outputs.RunOptions(dataset, data_dir, out, seeds, search_seeds, jobs, json, quiet)
    if infer:
        inferring.run(wanted, chosen, options.given(context))
        return 0
    data = chosen.load()
    experiments = {name: recipes.adapted(recipe, data) for name, recipe in wanted.items()}
    results = outputs.run("reproduce", experiments, data, chosen, lambda _: recipes.note(data))
    differs = any(row.verdict == "differs" for row in results.rows)
    return 1 if strict and differs else 0
