"""The commands joined, and errors turned into one line each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from chainrule.cli.commands import Commands
from chainrule.errors import ChainruleError
from chainrule.text import LONGEST_LINE, one_line

YES, BAD_INPUT = 0, 2

# What typer says about a command line that it cannot read, by whatever copy of click it brings.
_ComplaintError: type[typer.BadParameter] = next(
    base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException"
)

app = typer.Typer(
    name="chainrule",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chainrule {version('chainrule')}")
        raise typer.Exit


@app.callback()
def _root(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Fully connected nets with gradients derived by hand: published results beside measured ones."""


def run(arguments: Sequence[str]) -> int:
    """Run a command; 0 for yes, 1 for a clear no, 2 for bad input, 130 when interrupted."""
    try:
        code = app(list(arguments), standalone_mode=False)
        sys.stdout.flush()
    except _ComplaintError as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "chainrule"
        message = " ".join(error.format_message().split())
        return _fail(*([f"{message} (see {where} --help)"] if message else []))
    except ChainruleError as error:
        return _fail(*error.problems)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}; is there space, and may you write there?")
    except MemoryError:
        return _fail("there is not enough memory; use smaller settings or fewer --jobs")
    return code if isinstance(code, int) else YES


def _fail(*lines: str) -> int:
    for line in lines:
        typer.echo(f"chainrule: {one_line(line, LONGEST_LINE)}", err=True)
    return BAD_INPUT
