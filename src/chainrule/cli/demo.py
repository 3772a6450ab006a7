"""``chainrule demo``: a broken gradient named, then the recipes on the built-in digits."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import typer

from chainrule.cli import checked, options, outputs
from chainrule.experiments import recipes
from chainrule.records.checked import CheckedFile

_BROKEN = "two_layers.py"


def demo(
    out: options.Out = None,
    seeds: options.Seeds = 3,
    search_seeds: options.Replicates = 1,
    jobs: options.Jobs = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Name the bug in a broken gradient, then reproduce every recipe, scaled, on scikit-learn's digits."""
    named = () if json or quiet else (_name_a_bug(),)
    chosen = outputs.RunOptions("digits", None, out, seeds, search_seeds, jobs, json, quiet, named)
    data = chosen.load()
    experiments = {name: recipes.adapted(recipe, data) for name, recipe in recipes.load_all([]).items()}
    outputs.run("demo", experiments, data, chosen, recipes.note(data))


def _name_a_bug() -> CheckedFile:
    """Check the program that comes with us, whose gradient is wrong in one line."""
    from chainrule.gradcheck.files.conditions import Conditions
    from chainrule.gradcheck.files.file_check import check_file
    from chainrule.gradcheck.sandbox.process import Limits

    with resources.as_file(resources.files("chainrule").joinpath("examples", _BROKEN)) as path:
        outcome = check_file(Path(path), Conditions(Limits(), untrusted=False))
        typer.echo(f"chainrule check {path}\n\n{outcome}\n")
        return checked.records(path.name, outcome)[0]
