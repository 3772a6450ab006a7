"""A change of a file held against its cost where numbers that the file names are others: what a formula has written out
of a window, a stride or a number of heads is right for these alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.files.appended_adapters import (
    FAILS,
    NamedSetting,
    Runs,
    adapter_of,
    name_of,
    running,
    said,
    settings_of,
)
from chainrule.gradcheck.program.interface import Patch
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.repair.named_numbers import settings_named, settings_written
from chainrule.gradcheck.result import TextEdit

Contents = Callable[[Sequence[TextEdit]], dict[Path, bytes] | None]
"""Gives the files with edits of the one that is checked; None where these do not go together with a change."""

_MOST = 12
"""How many settings are made others, at most: of more it is not known of which a change is made."""

_MOST_OTHERS = 6
"""Up to how many those are tried too that a change does not seem to be made of."""


class AtOtherSettings:
    """One gradient of a file with other settings.

    Args:
        path: the file.
        gradient: which of its gradients.
        runs: what runs it.
    """

    def __init__(self, path: Path, gradient: Recognised, runs: Runs) -> None:
        self._path, self._runs = path, runs
        self._adapter = adapter_of(path, gradient)
        self._settings = settings_of(path, gradient)
        self._never_others: list[Sequence[list[NamedSetting]]] = []

    def writes_one(self, patches: Sequence[Patch]) -> bool:
        """Whether a change may have written out a setting."""
        return bool(settings_written(patches, [setting.number for setting in self._settings]))

    def holds(self, patches: Sequence[Patch], changed: Contents, unchanged: Contents) -> bool:
        """Whether a change is right with other values of each setting, wherever the file runs with these: of as many as
        can be tried, and of all that it may have written out.

        Args:
            changed, unchanged: give the file with edits and the change, and without it.
        """
        written = [*self._ways_of_written(patches)]
        others = [ways for ways in self._ways_of_each() if ways not in written]
        if len(written) > _MOST:
            return False
        every = [*written, *others[: max(0, _MOST_OTHERS - len(written))]]
        return all(self._holds_with(ways, changed, unchanged) for ways in every)

    def _ways_of_written(self, patches: Sequence[Patch]) -> Iterator[list[list[NamedSetting]]]:
        """Of each setting that may have been written out those that are made another together, in several ways: with
        each that runs it has to be right, with the last, of all that are the same, only where no other runs."""
        numbers = [setting.number for setting in self._settings]
        made_of = {*settings_written(patches, numbers)}
        for setting in self._settings:
            if setting.number in made_of:
                yield self._alone_or_alike(setting)
        for value in {number.value for number in settings_named(patches, numbers)}:
            by_name: dict[str, list[NamedSetting]] = {}
            for setting in self._with_value(value):
                by_name.setdefault(setting.number.name, []).append(setting)
            yield [*by_name.values(), *([self._with_value(value)] if len(by_name) > 1 else [])]

    def _ways_of_each(self) -> Iterator[list[list[NamedSetting]]]:
        for setting in self._settings:
            if setting.number.value > 1:
                yield self._alone_or_alike(setting)

    def _alone_or_alike(self, setting: NamedSetting) -> list[list[NamedSetting]]:
        """What is a window's width may be its stride as well; what both passes call alike is one setting."""
        alike = self._with_value(setting.number.value)
        own = [each for each in alike if self._called(each) == self._called(setting)]
        return [own, alike] if len(alike) > len(own) else [own]

    def _called(self, setting: NamedSetting) -> tuple[str, int]:
        """The name of a setting, and which of several on its line it is that have this name, as in a tuple."""
        name, line = setting.number.name, (setting.part, setting.number.line)
        here = [s for s in self._settings if s.number.name == name and (s.part, s.number.line) == line]
        return name, here.index(setting)

    def _with_value(self, value: float) -> list[NamedSetting]:
        return [setting for setting in self._settings if setting.number.value == value]

    def _holds_with(self, ways: Sequence[list[NamedSetting]], changed: Contents, unchanged: Contents) -> bool:
        if ways in self._never_others:
            return True
        # The last way is the one for settings that have to be the same.
        alone, alike = (ways[:-1], ways[-1:]) if len(ways) > 1 else (ways, [])
        found = [said for way in alone if (said := self._first(way, changed)) != FAILS]
        found = found or [said for way in alike if (said := self._first(way, changed)) != FAILS]
        if found:
            return not any(isinstance(said, str) for said in found)
        if any(one != FAILS for one in self._said(ways, unchanged)):
            return False
        # What does not run without the change, either, is no setting of the file's.
        self._never_others.append(ways)
        return True

    def _first(self, way: list[NamedSetting], contents: Contents) -> set[int] | str:
        """What is said of the first other value with which the file runs; that it fails where it does with all."""
        return next((said for said in self._said([way], contents) if said != FAILS), FAILS)

    def _said(self, ways: Sequence[list[NamedSetting]], contents: Contents) -> Iterator[set[int] | str]:
        """What is said of other values of settings that are the same: first of those of the adapter, for which a single
        process answers."""
        others = [(way, value) for way in ways for value in _other_values(way)]
        of_adapter = [each for each in others if not any(setting.part for setting in each[0])]
        of_file = [[each] for each in others if each not in of_adapter]
        for together in (of_adapter, *of_file):
            edits = [s.number.written(s.part, value) for way, value in together for s in way if s.part]
            files = contents(edits) if together else None
            if files is not None:
                yield from self._with_adapters(files, [self._adapter_with(*each) for each in together])

    def _adapter_with(self, way: Sequence[NamedSetting], value: float) -> str:
        lines = self._adapter.splitlines()
        numbers = [setting.number for setting in way if not setting.part]
        for number in sorted(numbers, key=lambda each: (each.line, each.column), reverse=True):
            line = lines[number.line - 1]
            lines[number.line - 1] = f"{line[: number.column]}{value}{line[number.last_column :]}"
        return "\n".join(lines)

    def _with_adapters(self, files: dict[Path, bytes], texts: Sequence[str]) -> list[set[int] | str]:
        try:
            with running(self._path, files, texts, self._runs) as remote:
                return [said(remote, name_of(number)) for number in range(len(texts))]
        except TimeUpError:
            raise
        except CheckError:
            return [FAILS]


def _other_values(way: Sequence[NamedSetting]) -> list[float]:
    """What else settings may be that are the same; 1 fits whatever they divide."""
    value = way[0].number.value
    return sorted({2 * value, value + 1, 1} - {value}, reverse=True)
