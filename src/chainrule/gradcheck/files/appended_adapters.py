"""Adapters behind a file, and what comes of its gradient with each of them."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chainrule.errors import CheckError, MisfitError, TimeUpError
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_given
from chainrule.gradcheck.program import source
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.repair.named_numbers import NamedNumber, arguments_of, named_numbers
from chainrule.gradcheck.repair.special_points import sizes_at
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError

Runs = Callable[[dict[Path, bytes]], contextlib.AbstractContextManager[RemoteProgram]]
"""What runs a file with other contents."""

MISFIT = "does not fit"
"""Gradients have other shapes than the parameters."""

FAILS = "fails"


def name_of(number: int) -> str:
    """What the adapter of this number is called behind a file."""
    return f"{adapter.NAME}_sized_{number}"


def adapter_of(path: Path, gradient: Recognised) -> str:
    """The text of the adapter of a gradient: that which was assumed, or the file's own under the usual name."""
    if not gradient.declared:
        return gradient.text
    trees = filter(None, (source.tree_of(part.text) for part in source.read(path).parts))
    nodes = (node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef))
    own = next((node for node in nodes if node.name == gradient.declared), None)
    if own is None:
        return ""
    own.name = adapter.NAME
    return ast.unparse(own)


class NamedSetting(NamedTuple):
    """A named number of a part of a file; of the adapter, which is no part, where ``part`` is empty."""

    part: str
    number: NamedNumber


def settings_of(path: Path, gradient: Recognised) -> list[NamedSetting]:
    """The named numbers of a file, and those that the adapter of a gradient gives."""
    parts = source.read(path).parts
    texts = [*((part.name, part.text) for part in parts), ("", adapter_of(path, gradient))]
    known = {name: own for _, text in texts for name, own in arguments_of(text).items()}
    return [NamedSetting(name, number) for name, text in texts for number in named_numbers(text, known)]


@contextlib.contextmanager
def running(
    path: Path, contents: dict[Path, bytes], texts: Sequence[str], runs: Runs
) -> Iterator[RemoteProgram]:
    """A file with other contents, and adapters behind it."""
    named = (
        text.replace(f"def {adapter.NAME}(", f"def {name_of(number)}(", 1)
        for number, text in enumerate(texts)
    )
    content = contents.get(path) or source.content(path)
    longer = adapter.appended(content, "\n\n\n".join(named), path.suffix == ".ipynb")
    with runs({**contents, path: longer}) as remote:
        yield remote


def said(remote: Any, name: str) -> set[int] | str:
    """The sizes of the arrays with an adapter, where the gradient is right with it; else what is said of it."""
    try:
        found = compared(remote, name)
        return sizes_at(found.point) if found.verdict == "right" else found.verdict
    except TimeUpError:
        raise
    except MisfitError:
        return MISFIT
    except CheckError:
        return FAILS


def compared(remote: Any, name: str) -> CheckedPoint:
    """What comes of the gradient with an adapter.

    Raises:
        CheckError: it does not run.
    """
    place = next((place for place, each in enumerate(remote.gradients) if each.declared == name), None)
    if place is None:
        raise UserError("the end of the file is not run", "")
    remote.choose(place)
    return compare_given(remote)
