"""``chainrule check``: anybody's gradient, or a folder of them."""

from __future__ import annotations

import ast
import contextlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from chainrule.cli import options
from chainrule.cli.course import course_of, level_of
from chainrule.cli.endings import COULD_NOT, NO, YES
from chainrule.cli.progress import once_begun
from chainrule.errors import CheckError, SettingsError
from chainrule.files import write_bytes
from chainrule.gradcheck.files import written_repairs
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file, chosen, doubt
from chainrule.gradcheck.files.file_outcome import FileCheck
from chainrule.gradcheck.hints import HintLevel
from chainrule.gradcheck.program import source
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.project import project_root
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from chainrule.text import json_values, one_line

_DEFAULT = Limits()
_PROCESS = {"--time", "--memory", "--seed", "--quiet"}


class _Usage(NamedTuple):
    """One way to use the command: what a refusal calls it, and the options that have a meaning there."""

    called: str
    fitting: set[str]


class _Shown(NamedTuple):
    """What is done with the outcome of a file: how it is printed, where its page goes, whether a repair is written; and
    the level of hints, if no more is to be said."""

    json: bool
    quiet: bool
    out: Path | None
    write: bool
    hints: HintLevel | None


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
            conditions = Conditions(limits, seed or 0, untrusted=False, pick=pick)
            return _init(target, conditions, _root(target, root), quiet)
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
            how = _Shown(as_json, quiet, out, write, _hint_level(target, hints, repair))
            return _file(target, own, _root(target, root), how)
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


def _hint_level(target: Path, given: int | None, repair: bool) -> HintLevel | None:
    """The level of hints, which a course may have fixed.

    Raises:
        SettingsError: more is asked for than it allows.
    """
    course = course_of(target)
    level = level_of(given)
    if course.hints is None:
        if level is not None and repair:
            raise SettingsError("--repair: says more than any hint; leave out --hints, or --repair")
        return level
    asked = "--repair" if repair else f"--hints {given}"
    if repair or (level is not None and level > course.hints):
        raise SettingsError(
            f"{asked}: {course.path} allows hints = {course.hints}, and no more; leave it out"
        )
    return level or course.hints


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


def _file(path: Path, conditions: Conditions, root: Path, how: _Shown) -> int:
    before = source.content(path) if how.write else b""
    try:
        with once_begun(one_line(f"{path.name}: looking for a repair"), how.quiet) as show:
            found = check_file(path, conditions, root, show)
    except CheckError as error:
        if how.json:
            shown = {"file": str(path), "verdict": "did not run", "problems": list(error.problems)}
            typer.echo(json.dumps(shown, indent=1))
        if isinstance(error, UserError):
            typer.echo(error.traceback.rstrip(), err=True)
        raise
    found = found.without_notes() if how.quiet else found
    found = found if how.hints is None else found.hinted(how.hints)
    if how.json:
        typer.echo(json.dumps(json_values({"file": str(path), **found.as_dict()}), indent=1))
    else:
        typer.echo(_coloured(found))
        if any(row.adapter for row in found.rows) and not how.quiet:
            typer.echo(f"note: to change what was assumed: chainrule check --init {path}")
    if how.out is not None:
        from chainrule.cli import checked
        from chainrule.report.run import open_run

        checked.keep_files(checked.records(path, found), how.out)
        page = checked.write_page(open_run(how.out), how.quiet)
        if page and not how.json:
            typer.echo(f"page: {page}")
    if found.interrupted:
        raise KeyboardInterrupt("what was verified until then is shown; nothing was written")
    if how.write:
        _write_repairs(path, found, before, how)
    return NO if found.verdict != "right" else YES if found.whole else COULD_NOT


def _coloured(found: FileCheck) -> str:
    """The outcome in words, diffs in colour; where that is no terminal, it is printed without."""
    patches = (repair.patch for outcome in found.checked for repair in outcome.repairs)
    of_patches = {line for patch in patches for line in patch.splitlines()}
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = (
        typer.style(line, fg=colours[line[0]]) if line in of_patches and line[:1] in colours else line
        for line in str(found).splitlines()
    )
    return "\n".join(lines)


def _write_repairs(path: Path, found: FileCheck, before: bytes, how: _Shown) -> None:
    """Write the first repair of each gradient into the file."""
    repairs = [outcome.repairs[0] for outcome in found.checked if outcome.repairs]
    written = written_repairs.write(path, repairs, before)
    said = [f"{file}: repaired; the original is kept as {kept.name}" for file, kept in written]
    for line in said or [f"{path}: there is no repair to write"]:
        if not how.quiet:
            typer.echo(f"note: {line}", err=True)


def _init(path: Path, conditions: Conditions, root: Path, quiet: bool) -> int:
    """Write adapters into a file: those that run; where none does, print the likeliest one and say what is missing."""
    from chainrule.gradcheck.program.definitions import definitions
    from chainrule.gradcheck.recognition.recognise import guess

    content = source.read(path)
    for part in content.parts:
        try:
            ast.parse(part.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            place = f"{path}, line {error.lineno}" if isinstance(error, SyntaxError) else path
            reason = error.msg if isinstance(error, SyntaxError) else str(error) or "too deep for Python"
            raise CheckError(f"{place}: {reason}; mend it first, nothing was written") from None
    defined = definitions(content)
    if own := adapter.names(function.name for function in defined.functions):
        raise CheckError(f"{path}: already defines {own[0]}; run: chainrule check {path}")
    try:
        text, said = _adapters(path, conditions, root)
    except CheckError as error:
        if not quiet:
            typer.echo(guess(defined))
        how = "nothing was written; the lines printed are a start that does not run yet: put them in once they do"
        raise CheckError(*error.problems, f"{path}: {how}", names_file=True) from None
    file = path.resolve()
    mode = file.stat().st_mode
    try:
        extended = adapter.appended(source.content(file), text, file.suffix == ".ipynb")
    except CheckError as error:
        raise CheckError(*(f"{path}: {line}; nothing was written" for line in error.problems)) from None
    write_bytes(file, extended)
    file.chmod(mode)
    if not quiet:
        typer.echo(
            "\n".join([f"{text}\n\nadded to {path}: {said[0]}", *said[1:], f"now: chainrule check {path}"])
        )
    return 0


def _adapters(path: Path, conditions: Conditions, root: Path) -> tuple[str, list[str]]:
    """The adapters of a file's gradients, one after the other, and what to say of them.

    Raises:
        CheckError: there are none.
    """
    remote = RemoteProgram(path, conditions.limits, conditions.seed, root=root)
    with remote:
        every = [(n, remote.gradients[n]) for n in chosen(remote, conditions)]
    sure = [gradient for _, gradient in every if gradient.runs and (conditions.pick or not gradient.doubt)]
    if not sure:
        raise CheckError(*(f"{path}: {gradient.gradient}: {doubt(remote, n)}" for n, gradient in every))
    left = [f"not written, {g.gradient}: {doubt(remote, n)}" for n, g in every if g not in sure]
    texts = [adapter.renamed(g.text, g.gradient if len(sure) > 1 else "") for g in sure]
    return "\n\n\n".join(texts), ["it runs" if len(sure) == 1 else "they run", *left]
