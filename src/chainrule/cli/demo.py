"""``chainrule demo``: the recipes on the built-in digits."""

from __future__ import annotations

from chainrule.cli import options, outputs
from chainrule.experiments import recipes


def demo(
    out: options.Out = None,
    seeds: options.Seeds = 3,
    search_seeds: options.Replicates = 1,
    jobs: options.Jobs = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Reproduce every recipe, scaled, on scikit-learn's digits: no download, no waiting."""
    request = outputs.Request("digits", None, out, seeds, search_seeds, jobs, json, quiet)
    data = request.load()
    experiments = {name: recipes.adapted(recipe, data) for name, recipe in recipes.load_all([]).items()}
    outputs.run("demo", experiments, data, request, recipes.note(data))
