"""``chainrule recipes``: what can be reproduced."""

from __future__ import annotations

import json as jsonlib
from typing import Annotated

import typer

from chainrule.cli import options
from chainrule.experiments import recipes
from chainrule.experiments.experiment import Experiment

app = typer.Typer(help="What can be reproduced.", invoke_without_command=True)


@app.callback()
def list_recipes(context: typer.Context, json: options.Json = False) -> None:
    """List the recipes."""
    if context.invoked_subcommand:
        return
    everything = recipes.load_all([])
    if json:
        typer.echo(jsonlib.dumps({name: recipe.title for name, recipe in everything.items()}, indent=1))
        return
    width = max(map(len, everything))
    for name, recipe in everything.items():
        typer.echo(f"{name:{width}}  {recipe.title}")


@app.command("show")
def show(name: Annotated[str, typer.Argument(metavar="NAME")], json: options.Json = False) -> None:
    """Settings, published values and claims of a recipe."""
    recipe = recipes.load(name)
    if json:
        typer.echo(jsonlib.dumps(recipe.model_dump(mode="json"), indent=1))
    else:
        typer.echo("\n".join(_lines(name, recipe)))


def _lines(name: str, recipe: Experiment) -> list[str]:
    published = recipe.published_means
    return [
        f"{name}: {recipe.title}",
        f"source: {recipe.source}",
        "",
        "settings of all rows:",
        *(f"  {key} = {_toml(value)}" for key, value in recipe.settings.items()),
        f"not stated by the source, inferred: {', '.join(recipe.inferred) or 'nothing'}",
        "",
        "rows:",
        *(
            f"  {row.name}: {', '.join(f'{key} = {value}' for key, value in row.published.items()) or '-'} (published)"
            for row in recipe.table
        ),
        *([f"mean of preprocessed inputs: {published.model_dump()} (published)"] if published else []),
        "",
        "claims:",
        *(f"  {claim.text}" for claim in recipe.claims),
    ]


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    return jsonlib.dumps(value)
