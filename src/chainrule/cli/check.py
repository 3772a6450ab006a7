"""``chainrule check``: anybody's gradient, a folder of them, or those of our own nets."""

from __future__ import annotations

import ast
import contextlib
import json as jsonlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from chainrule.cli import INTERRUPTED, check_many, checked, options
from chainrule.errors import CheckError, SettingsError
from chainrule.experiments.recipes import WRITTEN_FOR
from chainrule.files import write_bytes
from chainrule.gradcheck import submissions
from chainrule.gradcheck.program import signatures, source
from chainrule.gradcheck.recognition import adapter, recognise
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError

_DEFAULT = Limits()
_PROCESS = {"--time", "--memory", "--seed", "--quiet"}
_DATA = {"--dataset", "--data-dir", "--samples", "--l2", "--batch-norm"}
_FITTING: Mapping[str, set[str]] = {
    "--recipe": {*_DATA, "--seed", "--json", "--csv", "--latex", "--out", "--quiet"},
    "--init": _PROCESS,
    "a file": {*_PROCESS, "--json", "--out"},
    "a folder or zip": {*_PROCESS, "--json", "--csv", "--out", "--jobs"},
}
"""Which options have a meaning for what is checked; all others are refused."""


def _seconds(value: str | float) -> float:
    with contextlib.suppress(ValueError):
        if 0 < (seconds := float(value)) < math.inf:
            return seconds
    raise typer.BadParameter(f"{value!r} is no positive number of seconds")


def check(
    target: Annotated[
        Path | None,
        typer.Argument(metavar="FILE|FOLDER|ZIP", help="A .py or .ipynb file, or many.", show_default=False),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option("--recipe", metavar="NAME", help="Check the nets of one of our recipes instead."),
    ] = None,
    init: Annotated[
        bool, typer.Option("--init", help="Add an adapter to FILE, written from the functions in it.")
    ] = False,
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
            help="Where a page goes; a folder's, with its table, below runs by default.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, metavar="N", help="Of all that is drawn; 0 by default.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", metavar="NAME", help="Images for a recipe: cifar10 or digits.")
    ] = None,
    data_dir: options.DataDir = None,
    samples: Annotated[
        int | None,
        typer.Option("--samples", min=1, metavar="N", help="Images for a recipe; its own by default."),
    ] = None,
    l2: Annotated[
        float | None,
        typer.Option("--l2", min=0.0, metavar="VALUE", help="Beside 0, for a recipe; its own by default."),
    ] = None,
    batch_norm: Annotated[
        bool | None,
        typer.Option("--batch-norm/--no-batch-norm", help="For a recipe, instead of what it sets."),
    ] = None,
    json: options.Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV; of a folder, a zip or a recipe.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX table; of a recipe.")] = False,
    quiet: options.Quiet = False,
) -> int:
    """Check a hand-written gradient, and name what is wrong with it.

    A file says how it is to be checked in a function chainrule_check (see --init), or is recognised by usual names
    such as compute_cost and compute_gradients. Its code runs in a process of its own, within limits.

    The exit code is 0 when everything is right, 1 when something is not, 2 when it could not be checked.
    """
    given = {
        "--time": seconds, "--memory": memory, "--jobs": jobs, "--out": out, "--seed": seed, "--dataset": dataset,
        "--data-dir": data_dir, "--samples": samples, "--l2": l2, "--batch-norm": batch_norm, "--json": json or None,
        "--csv": csv or None, "--latex": latex or None, "--quiet": quiet or None,
    }  # fmt: skip
    job = _job(target, recipe, init)
    _require_fitting(job, {name for name, value in given.items() if value is not None})
    if recipe is not None:
        from chainrule.cli.check_recipe import check_recipe

        return check_recipe(
            recipe, dataset=dataset or WRITTEN_FOR, data_dir=data_dir, samples=samples, l2=l2, batch_norm=batch_norm,
            seed=seed or 0, output="json" if json else "csv" if csv else "latex" if latex else "table", quiet=quiet,
            out=out,
        )  # fmt: skip
    assert target is not None
    limits = Limits(seconds or _DEFAULT.seconds, memory or _DEFAULT.memory)
    with _interruptible():
        if init:
            return _init(target, limits, seed or 0, quiet)
        if job == "a file":
            return _file(target, limits, seed or 0, json, quiet, out)
        request = check_many.Request(target, limits, seed or 0, jobs, out, json, csv, quiet)
        return check_many.run(request)


def _job(target: Path | None, recipe: str | None, init: bool) -> str:
    """What is to be done: one of the keys of ``_FITTING``.

    Raises:
        SettingsError: nothing, or two things at once.
    """
    if recipe is not None and (init or target is not None):
        other = "--init" if init else str(target)
        raise SettingsError(
            f"--recipe {recipe}: checks our own nets, and cannot be given with {other}; leave one out"
        )
    if recipe is not None:
        return "--recipe"
    if target is None:
        raise SettingsError("nothing to check; give a FILE, a FOLDER, a ZIP or --recipe NAME")
    if not target.exists():
        raise SettingsError(f"{target}: there is no such file; give a .py or .ipynb file, a folder or a zip")
    many = target.is_dir() or target.suffix.lower() == ".zip"
    if many and init:
        raise SettingsError(f"{target}: --init writes into one file; give a .py or .ipynb file")
    return "--init" if init else "a folder or zip" if many else "a file"


def _require_fitting(job: str, given: set[str]) -> None:
    """Refuse options that would do nothing."""
    idle = sorted(given - _FITTING[job])
    problems = [f"{name}: has no meaning with {job}; leave it out" for name in idle]
    forms = sorted(given & {"--json", "--csv", "--latex"})
    if len(forms) > 1:
        problems.append(f"{' and '.join(forms)}: only one form can be printed; leave one out")
    if problems:
        raise SettingsError(*problems)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """A check that is interrupted leaves nothing to go on from, and says so."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("chainrule: interrupted; nothing was written", err=True)
        raise SystemExit(INTERRUPTED) from None


def _file(path: Path, limits: Limits, seed: int, json: bool, quiet: bool, out: Path | None) -> int:
    try:
        outcome, assumed = submissions.check_file(path, limits, seed)
    except CheckError as error:
        if json:
            shown = {"file": str(path), "verdict": "did not run", "problems": list(error.problems)}
            typer.echo(jsonlib.dumps(shown, indent=1))
        if isinstance(error, UserError):
            typer.echo(error.traceback.rstrip(), err=True)
        raise
    outcome = replace(outcome, notes=()) if quiet else outcome
    if json:
        shown = check_many.plain({"file": str(path), "adapter": assumed, **outcome.as_dict()})
        typer.echo(jsonlib.dumps(shown, indent=1))
    else:
        typer.echo(str(outcome))
        if assumed and not quiet:
            typer.echo(f"note: to change what was assumed: chainrule check --init {path}")
    if out is not None:
        checked.keep_files([checked.record(path.name, outcome)], out)
        page = checked.write_page(out, quiet)
        if page and not json:
            typer.echo(f"page: {page}")
    return 0 if outcome.right else 1


def _init(path: Path, limits: Limits, seed: int, quiet: bool) -> int:
    """Write an adapter into a file: one that runs, or where none does the likeliest one."""
    content = source.read(path)
    for part in content.parts:
        try:
            ast.parse(part.text)
        except SyntaxError as error:
            raise CheckError(
                f"{path}, line {error.lineno}: {error.msg}; mend it first, nothing was written"
            ) from None
    definitions = signatures.definitions(content)
    if any(function.name == adapter.NAME for function in definitions.functions):
        raise CheckError(f"{path}: already defines {adapter.NAME}; run: chainrule check {path}")
    try:
        remote = RemoteProgram(path, limits, seed)
        with remote:
            text, word = remote.adapter, "it runs"
    except CheckError as error:
        why = f" ({error})" if isinstance(error, UserError) else ""
        text, word = recognise.guess(definitions), f"a guess that does not run yet{why}; change it to fit"
    file = path.resolve()
    mode = file.stat().st_mode
    write_bytes(file, adapter.appended(file.read_bytes(), text, file.suffix == ".ipynb"))
    file.chmod(mode)
    if not quiet:
        typer.echo(f"{text}\n\nadded to {path}: {word}\nnow: chainrule check {path}")
    return 0
