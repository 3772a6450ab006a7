"""The commands by name: each is imported when it is called, so that help and mistyped names wait for none of them."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

from chainrule.cli.mistyped import ToldCommand, ToldGroup

COMMANDS = {
    "demo": "Name the bug in a broken gradient, then train nets of one to nine layers on scikit-learn's digits.",
    "check": "Check a hand-written gradient, and name what is wrong with it.",
    "explain": "Explain a bug by its name, or list all of them.",
    "selfcheck": "Check the gradients of a recipe's nets, every entry of every parameter.",
    "reproduce": "Train what recipes claim, and put the published numbers beside the measured ones.",
    "fit": "Train nets on a table or on images, say how well they do on rows kept aside, and keep them in a file.",
    "predict": "What a net says of the rows of a table or of images, a line each, as CSV.",
    "evaluate": "How well a net does on a table or images, by any of scikit-learn's scorers; larger is better for all.",
    "export": "Write a net as a graph for ONNX runtimes, what makes numbers of its columns included.",
    "train": "Train the settings of a TOML file together, exactly as written, on any data set.",
    "search": "Search settings for the best: grid, random, coarse to fine, TPE, successive halving.",
    "report": "Make one self-contained page of what a run left behind; several runs are compared.",
    "plot": "Figures of your own net: its history, its weights, its gradients, its search; every guess is said.",
    "recipes": "What can be reproduced.",
    "data": "Data sets: list, describe, download and import them.",
    "info": "Say what holds on this machine: engine, kernels, confinement, extras, caches.",
    "warm": "Compile the training step for this machine, so that no training waits for it.",
    "bench": "Measure this machine: its matrix-product peak, and steps a second of nets alone and in a sweep of 40.",
}
"""What each command does. ``chainrule.cli.NAME`` holds it: a function of that name, or several below ``app``."""


def load(name: str) -> Any:
    """Import a command."""
    module = importlib.import_module(f"chainrule.cli.{name}")
    if hasattr(module, "app"):
        return get_command(module.app)
    alone = typer.Typer(add_completion=False)
    alone.command(name, cls=ToldCommand)(getattr(module, name))
    return get_command(alone)


class Commands(ToldGroup):
    """Shows what each command does, and imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A name and its line of help."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, and its arguments."""
        name, shown, rest = super().resolve_command(ctx, args)
        return name, shown and load(str(name)), rest
