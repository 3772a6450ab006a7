"""``chainrule recipes``: what can be reproduced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from chainrule.cli import options
from chainrule.experiments import recipes, results
from chainrule.experiments.experiment import Experiment

SUPPOSED = " [only supposed in the report]"

app = typer.Typer(add_completion=False, help="What can be reproduced.", invoke_without_command=True)


@app.callback()
def list_recipes(context: typer.Context, as_json: options.Json = False) -> None:
    """List the recipes."""
    if context.invoked_subcommand:
        return
    everything = recipes.load_all([])
    if as_json:
        typer.echo(json.dumps({name: recipe.title for name, recipe in everything.items()}, indent=1))
        return
    width = max(map(len, everything))
    for name, recipe in everything.items():
        typer.echo(f"{name:{width}}  {recipe.title}")


@app.command("show")
def show(name: Annotated[str, typer.Argument(metavar="NAME")], as_json: options.Json = False) -> None:
    """Settings, published values and claims of a recipe."""
    recipe = recipes.load(name)
    if as_json:
        typer.echo(json.dumps(recipe.model_dump(mode="json"), indent=1))
    else:
        typer.echo("\n".join(_lines(name, recipe)))


def _lines(name: str, recipe: Experiment) -> list[str]:
    published = recipe.published_means
    lines = [f"{name}: {recipe.title}", f"source: {recipe.source}", "", "settings of all rows:"]
    lines += [f"  {key} = {_toml(value)}" for key, value in recipe.settings.items()]
    lines += [f"inferred, not stated in the report: {', '.join(recipe.inferred) or 'nothing'}", "", "rows:"]
    lines += [f"  {row.name}: {_toml(row.set)}{_published(row.published)}" for row in recipe.table]
    lines += [f"  mean of preprocessed inputs:{_published(published.model_dump())}"] if published else []
    lines += ["", "searches:"] if recipe.searches else []
    lines += [
        f"  {search.name}: {_toml(search.set | search.space)}, {_toml(search.strategy.model_dump())}"
        f"{_published(search.published.model_dump())}"
        for search in recipe.searches
    ]
    lines += ["", "claims:", *(f"  {claim.text}{SUPPOSED * claim.supposed}" for claim in recipe.claims)]
    told = [f"  {remark.told}" for remark in results.remarks(name, recipe)]
    return [*lines, *(["", "of other runs:", *told] if told else [])]


def _published(values: Mapping[Any, Any]) -> str:
    texts = {
        key: _toml(value) if isinstance(value, dict) else _plain(value)
        for key, value in values.items()
        if value
    }
    return f"; published: {', '.join(f'{key} = {text}' for key, text in texts.items())}" if texts else ""


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(each if isinstance(each, str) else _toml(each) for each in value)
    return str(value)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)
