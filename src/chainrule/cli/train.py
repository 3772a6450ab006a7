"""``chainrule train``: a population from a TOML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli import options, outputs
from chainrule.experiments.reading import read_experiment


def train(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A TOML file with settings, and rows of them.")
    ],
    override: options.Override = None,
    dataset: options.OwnDatasetName = None,
    data_dir: options.DataDir = None,
    out: options.Out = None,
    seeds: options.Seeds = 1,
    search_seeds: options.Replicates = 1,
    jobs: options.Jobs = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    strict: options.StrictFlag = False,
) -> int:
    """Train the settings of a TOML file together, exactly as written, on any data set."""
    experiment = read_experiment(file, override or [])
    chosen = outputs.RunOptions(
        dataset or experiment.dataset, data_dir, out, seeds, search_seeds, jobs, json, quiet
    )
    data = chosen.load(file.parent)
    results = outputs.run(file.stem, {file.stem: experiment.on(data.name)}, data, chosen)
    return 1 if strict and any(row.verdict == "differs" for row in results.rows) else 0
