"""Many checked programs at a glance: a line each, what is wrong first, and how often each cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.records.checked import CheckedFile, CheckOutcome
from chainrule.text import one_line

_ORDER: tuple[CheckOutcome, ...] = ("wrong", "suspect", "did not run", "not checked", "left out", "right")

_UNCHECKED: tuple[CheckOutcome, ...] = ("did not run", "not checked", "left out")


@dataclass(frozen=True)
class ListedFile:
    """A line of the list: where the page tells of the file, its name, verdict and causes, the place of the first; of a
    file that was not checked why not."""

    anchor: str
    file: str
    outcome: CheckOutcome
    causes: str
    place: str


def in_order(files: Sequence[CheckedFile]) -> list[tuple[int, CheckedFile]]:
    """The files with their numbers: what is wrong first, like causes together, files by name."""
    return sorted(
        enumerate(files, start=1),
        key=lambda one: (_ORDER.index(one[1].outcome), _causes(one[1]), one[1].file),
    )


def said(file: CheckedFile) -> str:
    """A file's headline, below its name."""
    return one_line(file.headline.removeprefix(f"{file.file}: "))


def listed(files: Sequence[CheckedFile]) -> list[ListedFile]:
    """A line for each file, in order."""
    return [
        ListedFile(
            f"file-{number}",
            one_line(file.file),
            file.outcome,
            one_line(", ".join(_causes(file))) or (said(file) if file.outcome in _UNCHECKED else ""),
            _place(file),
        )
        for number, file in in_order(files)
    ]


def sentence(files: Sequence[CheckedFile]) -> str:
    """What came of all files, and the causes that several have."""
    outcomes = Counter(file.outcome for file in files)
    counts = ", ".join(f"{outcomes[word]} {word}" for word in _ORDER if word in outcomes)
    if len(files) == 1:
        return one_line(f"{files[0].headline}.")
    causes = Counter(name for file in files for name in dict.fromkeys(_causes(file)))
    often = [f"{name} in {count}" for name, count in causes.most_common() if count > 1]
    return f"Of {len(files)} programs: {counts}." + (f" Most often: {', '.join(often)}." if often else "")


def _place(file: CheckedFile) -> str:
    """Where the first cause that has a place is, of the file itself without its name."""
    first = next((cause.place for cause in file.causes if cause.place), "")
    return one_line(first.removeprefix(f"{file.file}, "))


def _causes(file: CheckedFile) -> list[str]:
    return [cause.name for cause in file.causes]
