"""``chainrule check --init``: an adapter written into a file, from the functions in it."""

from __future__ import annotations

import ast
from pathlib import Path

import typer

from chainrule.errors import CheckError
from chainrule.files import write_bytes
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.gradient_source import chosen, doubt
from chainrule.gradcheck.program import source
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.sandbox.remote import RemoteProgram


def run(path: Path, conditions: Conditions, root: Path, quiet: bool) -> int:
    """Write adapters into a file: those that run; where none does, print the likeliest one and say what is missing.

    Raises:
        CheckError: nothing was written, and why.
    """
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
    texts = adapter.named_apart([(g.text, g.gradient) for g in sure])
    return "\n\n\n".join(texts), ["it runs" if len(sure) == 1 else "they run", *left]
