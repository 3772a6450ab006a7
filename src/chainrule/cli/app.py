"""The commands joined."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from chainrule.cli.commands import Commands
from chainrule.cli.endings import COULD_NOT, YES, ended
from chainrule.errors import SettingsError
from chainrule.version import installed_version

# What typer says about a command line that it cannot read, by whatever copy of click it brings.
_ComplaintError: type[typer.BadParameter] = next(
    base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException"
)

app = typer.Typer(
    name="chainrule",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chainrule {installed_version()}")
        raise typer.Exit


@app.callback()
def _root(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find the bug in your backprop: the line, the reason, a fix that is verified. Train many small nets in one."""


def run(arguments: Sequence[str]) -> int:
    """Run a command; 0 for yes, 1 for a clear no, 2 for what could not be done, 130 when interrupted."""
    return ended(lambda: invoke(arguments))


_COMPLETION = "_CHAINRULE_COMPLETE"
"""Set by a shell that asks typer what may stand next on its command line."""


def invoke(arguments: Sequence[str]) -> int:
    """Run a command that comes to an end; its exit code."""
    command = get_command(app)
    try:
        if _COMPLETION in os.environ:
            app(prog_name="chainrule")
        # Not typer's own way to run it, which takes interruptions and closed pipes for exit codes of its own.
        with command.make_context("chainrule", list(arguments)) as context:
            code = command.invoke(context)
    except typer.Exit as asked:
        code = asked.exit_code
    except SystemExit as end:
        # So typer ends what it says to a shell.
        if end.code:
            raise
        code = YES
    except _ComplaintError as error:
        where = error.ctx.command_path if getattr(error, "ctx", None) else "chainrule"  # type: ignore[union-attr]
        message = " ".join(error.format_message().split())
        if not message:
            return COULD_NOT
        raise SettingsError(f"{message} (see {where} --help)") from error
    sys.stdout.flush()
    return code if isinstance(code, int) else YES
