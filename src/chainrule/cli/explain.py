"""``chainrule explain``: the bugs that are known by name."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from chainrule.errors import SettingsError, suggestion
from chainrule.gradcheck.catalogue import BUGS, Bug, pages

_WIDTH = 80


def explain(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A bug's; all are listed by default.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, as in docs/bugs.md.")] = False,
) -> None:
    """Explain a bug by its name, or list all of them."""
    if as_json and markdown:
        raise SettingsError("--json: cannot be given with --markdown; leave one out")
    bug = None if name is None else _named(name)
    if as_json:
        records = [asdict(each) for each in BUGS.values()] if bug is None else asdict(bug)
        typer.echo(json.dumps(records, indent=1))
    elif markdown:
        typer.echo(pages.markdown() if bug is None else pages.markdown_of(bug))
    else:
        typer.echo(pages.listed(_width()) if bug is None else pages.explained(bug, _width()))


def _named(name: str) -> Bug:
    """The bug of that name.

    Raises:
        SettingsError: there is none.
    """
    if name not in BUGS:
        raise SettingsError(f"bug {name!r:.60}: is unknown; {suggestion(name, BUGS)}")
    return BUGS[name]


def _width() -> int:
    """Of the terminal, and 80 columns elsewhere."""
    return max(60, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH
