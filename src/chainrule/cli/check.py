"""``chainrule check``: anybody's gradient, or a folder of them."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from chainrule.cli import check_one, options
from chainrule.cli.course import hint_level
from chainrule.errors import SettingsError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.project import project_root

_DEFAULT = Limits()
_PROCESS = {"--time", "--memory", "--seed", "--quiet"}


class _Usage(NamedTuple):
    """One way to use the command: what a refusal calls it, and the options that have a meaning there."""

    called: str
    fitting: set[str]


_INIT = _Usage("--init", {*_PROCESS, "--pick", "--root"})
_CHECK = {*_PROCESS, "--json", "--out", "--against"}
_FILE = _Usage("a file", {*_CHECK, "--pick", "--root", "--repair", "--write", "--hints"})
_MANY = _Usage("a folder or zip", {*_CHECK, "--csv", "--jobs", "--trust-code"})


def _seconds(value: str | float) -> float:
    with contextlib.suppress(ValueError):
        if 0 < (seconds := float(value)) < math.inf:
            return seconds
    raise typer.BadParameter(f"{value!r} is no positive number of seconds")


def check(
    target: Annotated[Path, typer.Argument(metavar="FILE|FOLDER|ZIP", help="A .py or .ipynb file, or many.")],
    init: Annotated[
        bool, typer.Option("--init", help="Add an adapter to FILE, written from the functions in it.")
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="Take cost, data and parameters from this file, and only the gradient from what is checked.",
        ),
    ] = None,
    pick: Annotated[
        int | None,
        typer.Option("--pick", min=1, metavar="N", help="Only this one of the gradients that are listed."),
    ] = None,
    root: Annotated[
        Path | None,
        typer.Option(
            "--root",
            metavar="DIR",
            help="The folder from which FILE imports what belongs to it; its own, or its package's, by default.",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--time",
            parser=_seconds,
            metavar="SECONDS",
            help=f"For each file; {_DEFAULT.seconds:g} by default.",
        ),
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option("--memory", min=1, metavar="MB", help=f"For each file; {_DEFAULT.memory} by default."),
    ] = None,
    jobs: options.Jobs = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Where a page with pictures goes; a folder's, with its table, below runs by default.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, metavar="N", help="Of all that is drawn; 0 by default.")
    ] = None,
    trust_code: Annotated[
        bool,
        typer.Option(
            "--trust-code",
            help="Check many also where this system cannot confine their code (see chainrule info).",
        ),
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Look for a change of FILE with which it is right, and show it.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="With --repair: write it into FILE, and keep the original as FILE.orig."
        ),
    ] = False,
    hints: Annotated[
        int | None,
        typer.Option(
            "--hints",
            min=1,
            max=3,
            metavar="1|2|3",
            help="Say less: 1 which tensor is wrong; 2 what kind of mistake, as a question; 3 the line.",
        ),
    ] = None,
    as_json: options.Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV; of a folder or a zip.")] = False,
    quiet: options.Quiet = False,
) -> int:
    """Check a hand-written gradient, and name what is wrong with it.

    A file says how it is to be checked in a function chainrule_check (see --init), or is recognised by usual names
    such as compute_cost and compute_gradients: each of its gradients, with the cost that belongs to it. Its code runs
    in a process of its own, within limits.

    The exit code is 0 when everything is right, 1 when something is wrong or suspect, 2 when nothing is but something
    could not be checked, or not whole. Of a folder or zip, the same command again checks what has changed.
    """
    given = {
        "--time": seconds, "--memory": memory, "--jobs": jobs, "--out": out, "--seed": seed, "--json": as_json or None,
        "--csv": csv or None, "--quiet": quiet or None, "--trust-code": trust_code or None, "--against": against,
        "--pick": pick, "--root": root, "--repair": repair or None,
        "--write": write or None, "--hints": hints,
    }  # fmt: skip
    usage = _usage(target, init)
    _require_fitting(usage, {name for name, value in given.items() if value is not None})
    if write and not repair:
        raise SettingsError("--write: writes a repair, and none is looked for; add --repair")
    if against is not None:
        _require_file(against)
    limits = Limits(seconds or _DEFAULT.seconds, memory or _DEFAULT.memory)
    with _interruptible():
        if usage is _INIT:
            from chainrule.cli import check_init

            conditions = Conditions(limits, seed or 0, untrusted=False, pick=pick)
            return check_init.run(target, conditions, _root(target, root), quiet)
        if usage is _FILE:
            own = Conditions(
                limits,
                seed or 0,
                untrusted=False,
                against=against,
                pick=pick,
                drawn=out is not None,
                repaired=repair,
            )
            how = check_one.Shown(as_json, quiet, out, write, hint_level(target, hints, repair))
            return check_one.run(target, own, _root(target, root), how)
        # What many need, and pages, is loaded for them alone: one file is checked in about a second.
        from chainrule.cli import check_many

        others = Conditions(limits, seed or 0, untrusted=not trust_code, against=against)
        return check_many.run(check_many.FolderCheck(target, others, jobs, out, as_json, csv, quiet))


def _usage(target: Path, init: bool) -> _Usage:
    """What is to be done.

    Raises:
        SettingsError: there is no such file, or nothing that ``--init`` could write into.
    """
    if not target.exists():
        raise SettingsError(f"{target}: there is no such file; give a .py or .ipynb file, a folder or a zip")
    many = target.is_dir() or target.suffix.lower() == ".zip"
    if many and init:
        raise SettingsError(f"{target}: --init writes into one file; give a .py or .ipynb file")
    return _INIT if init else _MANY if many else _FILE


def _require_fitting(usage: _Usage, given: set[str]) -> None:
    """Refuse options that would do nothing."""
    idle = sorted(given - usage.fitting)
    problems = [f"{name}: has no meaning with {usage.called}; leave it out" for name in idle]
    problems += options.clashing_forms(given)
    if problems:
        raise SettingsError(*problems)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """A check of a file that is interrupted leaves nothing to go on from, and says so."""
    try:
        yield
    except KeyboardInterrupt as interruption:
        if interruption.args:
            raise
        raise KeyboardInterrupt("nothing was written") from None


def _require_file(against: Path) -> None:
    """Refuse a reference that is none.

    Raises:
        SettingsError: it is missing, or no file.
    """
    if not against.is_file():
        what = "is no file" if against.exists() else "there is no such file"
        raise SettingsError(
            f"--against {against}: {what}; give the .py or .ipynb file whose cost is to count"
        )


def _root(path: Path, given: Path | None) -> Path:
    """The folder that belongs to a file.

    Raises:
        SettingsError: the one that was given does not hold it.
    """
    if given is None:
        return project_root(path.resolve())
    if not given.is_dir() or not path.resolve().is_relative_to(given.resolve()):
        raise SettingsError(f"--root {given}: {path} does not lie in it; give a folder that holds the file")
    return given.resolve()
