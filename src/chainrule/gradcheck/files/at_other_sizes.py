"""A change of a file held against its cost where the sizes of its arrays are others, or the learning rate of its step.

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
    """One gradient of a file with other sizes, and another learning rate.

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
        self._filled: set[str] = set()
        self._doubtful: dict[int, list[str]] = {}
        self._compared = self._where_it_runs(set(right))

    def _where_it_runs(self, right: set[str]) -> list[list[str]]:
        """The names of adapters, in groups, with which the file runs as it is; what was right has to be so there, as
        sizes that do not belong together may run as well."""
        found: list[list[str]] = []
        with contextlib.suppress(CheckError), self._with_adapters({}) as remote:
            varied = set[int]()
            for size, group in self._named():
                fitting = [name for name in group if self._runs_with(remote, name, right, size)]
                if fitting:
                    found.append(fitting)
                    varied.add(size)
                if len(found) == _MOST_COMPARED:
                    break
            self._doubtful = {size: names for size, names in self._doubtful.items() if size not in varied}
        return found

    def _runs_with(self, remote: RemoteProgram, name: str, right: set[str], size: int) -> bool:
        """Whether cost and gradient run with an adapter that has another size, and what should be right is."""
        try:
            fits = not right & set(compared(remote, name).names_not_right)
            if size == 1:
                self._filled.add(name)
            elif not fits and size:
                self._doubtful.setdefault(size, []).append(name)
            return fits
        except MisfitError:
            # It may be what is wrong; an axis of one entry may have to be one.
            self._unfit.add(name)
            return size > 1
        except CheckError:
            return False

    def right_with(self, contents: dict[Path, bytes]) -> list[set[int]] | None:
        """The other sizes at which the gradient is right with other contents: those of all arrays, for each time; None
        where it is wrong with some."""
        if not self._compared and not self._doubtful:
            return []
        right: list[set[int]] = []
        with self._with_adapters(contents) as remote:
            # Two steps of time may hide what is wrong of each: a size that never was another has to be so somewhere.
            for names in self._doubtful.values():
                if not any(isinstance(said(remote, name), set) for name in names):
                    return None
            for group in self._compared:
                every = [said(remote, name) for name in group]
                sizes = [each for each in every if isinstance(each, set)]
                if sizes:
                    right.append(set.intersection(*sizes))
                elif not all(each == MISFIT for each in every) or not self._may_be_unfit(group):
                    return None
        return right

    def _may_be_unfit(self, group: Collection[str]) -> bool:
        """Whether sizes with which a change does not fit are none of the file's. A layer may be written for some sizes
        of the windows, and no others: of what fits where it was checked, those with which it fits neither before nor
        now; and an axis of one entry may have to be one."""
        return self._filled.issuperset(group) or (self._fits and self._unfit.issuperset(group))

    def _named(self) -> Iterator[tuple[int, list[str]]]:
        numbers = iter(range(_MOST))
        for group in self._groups:
            yield group.size, [name_of(number) for _, number in zip(group.texts, numbers, strict=False)]

    def _with_adapters(self, contents: dict[Path, bytes]) -> contextlib.AbstractContextManager[RemoteProgram]:
        texts = [text for group in self._groups for text in group.texts][:_MOST]
        return running(self._path, contents, texts, self._runs)
