"""Commands that answer what was typed wrong with what may have been meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup

from chainrule.errors import SettingsError, suggestion
from chainrule.settings.toml import read_toml
from chainrule.text import excerpt

_COMMANDS = {
    ".py": "check",
    ".ipynb": "check",
    ".zip": "check",
    ".csv": "fit",
    ".tsv": "fit",
    ".npz": "fit",
    ".parquet": "fit",
    ".feather": "fit",
    ".net": "predict",
    ".toml": "train",
}
"""What is done with a file, by its suffix."""

_MORE = {"predict": " TABLE"}
"""What a command takes after the file."""


class ToldCommand(TyperCommand):
    """A command that says what it takes when it is given more."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What is left of the command line: nothing.

        Raises:
            SettingsError: there is more than it takes.
        """
        ctx.allow_extra_args = True
        more = super().parse_args(ctx, args)
        if more and not ctx.resilient_parsing:
            taken = " ".join(
                str(one.metavar or one.name).upper() for one in self.params if isinstance(one, TyperArgument)
            )
            takes = taken or "options alone"
            raise SettingsError(f"{ctx.command_path} takes {takes}; '{excerpt(more[0])}' is more than that")
        return more


class ToldGroup(TyperGroup):
    """Commands, one of which may have been meant by a name that is none."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command, and its arguments.

        Raises:
            SettingsError: there is no command of this name.
        """
        known = self.list_commands(ctx)
        name = args[0]
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            meant = suggestion(name, known)
            command = _command(Path(name))
            if command in known:
                meant = (
                    f"did you mean '{ctx.command_path} {command} {excerpt(name)}{_MORE.get(command, '')}'?"
                )
            raise SettingsError(f"{ctx.command_path}: no command is called '{excerpt(name)}'; {meant}")
        return super().resolve_command(ctx, args)


def _command(path: Path) -> str | None:
    """The command that takes such a file, or a folder; None where it is not known."""
    if path.is_dir():
        return "check"
    command = _COMMANDS.get(path.suffix.lower())
    if command == "train" and path.is_file():
        try:
            return "search" if "space" in read_toml(path) else "train"
        except SettingsError:
            # The command will say what is wrong with it.
            return command
    return command
