"""A change of a file held against its cost where the sizes of its arrays are others.

A number that is written into a formula may be the number of samples, and one size another, where a file is checked; so
a gradient is called repaired only if it is right with other sizes too, wherever the file runs with these.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from pathlib import Path

from chainrule.errors import CheckError, MisfitError
from chainrule.gradcheck.files.appended_adapters import (
    MISFIT,
    Runs,
    adapter_of,
    compared,
    name_of,
    running,
    said,
)
from chainrule.gradcheck.recognition.other_sizes import with_other_sizes
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.sandbox.remote import RemoteProgram

_MOST = 40
"""How many adapters are tried, at most: a process answers for so many gradients."""

_MOST_COMPARED = 8


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
        self._groups = with_other_sizes(adapter_of(path, gradient))
        self._unfit: set[str] = set()
        self._compared = self._where_it_runs(set(right))

    def _where_it_runs(self, right: set[str]) -> list[list[str]]:
        """The names of adapters, in groups, with which the file runs as it is; what was right has to be so there, as
        sizes that do not belong together may run as well."""
        found: list[list[str]] = []
        with contextlib.suppress(CheckError), self._with_adapters({}) as remote:
            for group in self._named():
                fitting = [name for name in group if self._runs_with(remote, name, right)]
                found += [fitting] if fitting else []
                if len(found) == _MOST_COMPARED:
                    break
        return found

    def _runs_with(self, remote: RemoteProgram, name: str, right: set[str]) -> bool:
        """Whether cost and gradient run with an adapter, and what should be right is."""
        try:
            return not right & set(compared(remote, name).names_not_right)
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
                every = [said(remote, name) for name in group]
                sizes = [each for each in every if isinstance(each, set)]
                if sizes:
                    right.append(set.intersection(*sizes))
                elif not (
                    self._fits and self._unfit.issuperset(group) and all(each == MISFIT for each in every)
                ):
                    # A layer may be written for some sizes of the windows, and no others: of what fits where it was
                    # checked, sizes with which it fits neither before nor now are none of the file's.
                    return None
        return right

    def _named(self) -> Iterator[list[str]]:
        numbers = iter(range(_MOST))
        for group in self._groups:
            yield [name_of(number) for _, number in zip(group, numbers, strict=False)]

    def _with_adapters(self, contents: dict[Path, bytes]) -> contextlib.AbstractContextManager[RemoteProgram]:
        texts = [text for group in self._groups for text in group][:_MOST]
        return running(self._path, contents, texts, self._runs)
