"""A change of a file held against its cost where the sizes of its arrays are others.

A number that is written into a formula may be the number of samples, and one size another, where a file is checked; so
a gradient is called repaired only if it is right with other sizes too, wherever the file runs with these.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.errors import CheckError, MisfitError, TimeUpError
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.other_sizes import with_other_sizes
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.repair.special_points import sizes_at
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError

Runs = Callable[[dict[Path, bytes]], contextlib.AbstractContextManager[RemoteProgram]]
"""What runs a file with other contents."""

_MOST = 40
"""How many adapters are tried, at most: a process answers for so many gradients."""

_MOST_COMPARED = 8
_MISFIT = "does not fit"
"""Gradients have other shapes than the parameters."""

_NAME = f"{adapter.NAME}_sized_"


class AtOtherSizes:
    """One gradient of a file with other sizes.

    Args:
        path: the file.
        gradient: which of its gradients.
        runs: what runs it.
        right: the parameters whose gradients are right where it was checked.
        fits: whether the gradients have the shapes of the parameters there.
    """

    def __init__(
        self, path: Path, gradient: Recognised, runs: Runs, right: Collection[str], *, fits: bool
    ) -> None:
        self._path, self._runs, self._fits = path, runs, fits
        self._groups = with_other_sizes(_text(path, gradient))
        self._unfit: set[str] = set()
        self._compared = self._where_it_runs(set(right))

    def _where_it_runs(self, right: set[str]) -> list[list[str]]:
        """The names of adapters, in groups, with which the file runs as it is; what was right has to be so there, as
        sizes that do not belong together may run as well."""
        found: list[list[str]] = []
        with contextlib.suppress(CheckError), self._with_adapters({}) as remote:
            for group in self._named():
                running = [name for name in group if self._runs_with(remote, name, right)]
                found += [running] if running else []
                if len(found) == _MOST_COMPARED:
                    break
        return found

    def _runs_with(self, remote: RemoteProgram, name: str, right: set[str]) -> bool:
        """Whether cost and gradient run with an adapter, and what should be right is."""
        try:
            return not right & set(_compared(remote, name).names_not_right)
        except MisfitError:
            # It may be what is wrong.
            self._unfit.add(name)
            return True
        except CheckError:
            return False

    def right_with(self, contents: dict[Path, bytes]) -> list[set[int]] | None:
        """The other sizes at which the gradient is right with other contents: those of all arrays, for each time; None
        where it is wrong with some."""
        if not self._compared:
            return []
        right: list[set[int]] = []
        with self._with_adapters(contents) as remote:
            for group in self._compared:
                said = [_said(remote, name) for name in group]
                sizes = [each for each in said if isinstance(each, set)]
                if sizes:
                    right.append(set.intersection(*sizes))
                elif not (
                    self._fits and self._unfit.issuperset(group) and all(each == _MISFIT for each in said)
                ):
                    # A layer may be written for some sizes of the windows, and no others: of what fits where it was
                    # checked, sizes with which it fits neither before nor now are none of the file's.
                    return None
        return right

    def _named(self) -> Iterator[list[str]]:
        numbers = iter(range(_MOST))
        for group in self._groups:
            yield [f"{_NAME}{number}" for _, number in zip(group, numbers, strict=False)]

    @contextlib.contextmanager
    def _with_adapters(self, contents: dict[Path, bytes]) -> Iterator[RemoteProgram]:
        """The file with other contents, and every adapter behind it."""
        texts = [text for group in self._groups for text in group][:_MOST]
        named = (
            text.replace(f"def {adapter.NAME}(", f"def {_NAME}{number}(", 1)
            for number, text in enumerate(texts)
        )
        content = contents.get(self._path) or source.content(self._path)
        longer = adapter.appended(content, "\n\n\n".join(named), self._path.suffix == ".ipynb")
        with self._runs({**contents, self._path: longer}) as remote:
            yield remote


def _text(path: Path, gradient: Recognised) -> str:
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


def _said(remote: Any, name: str) -> set[int] | str:
    """The sizes of the arrays with an adapter, where the gradient is right with it; else what is said of it."""
    try:
        compared = _compared(remote, name)
        return sizes_at(compared.point) if compared.verdict == "right" else compared.verdict
    except TimeUpError:
        raise
    except MisfitError:
        return _MISFIT
    except CheckError:
        return "fails"


def _compared(remote: Any, name: str) -> CheckedPoint:
    """What comes of the gradient with an adapter.

    Raises:
        CheckError: it does not run.
    """
    place = next((place for place, each in enumerate(remote.gradients) if each.declared == name), None)
    if place is None:
        raise UserError("the end of the file is not run", "")
    remote.choose(place)
    point = Point.of_program(remote, remote.describe())
    if not np.isfinite(point.cost()):
        raise UserError("the cost is not finite", "")
    return compare_at(point, np.random.default_rng(0))
