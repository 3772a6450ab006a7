"""Many checked programs at a glance: a line each, what is wrong first, and how often each cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from chainrule.records.checked import CheckedCause, CheckedFile, CheckOutcome
from chainrule.text import one_line

_ORDER: tuple[CheckOutcome, ...] = ("wrong", "suspect", "did not run", "not checked", "left out", "right")


@dataclass(frozen=True)
class ListedFile:
    """A line of the list: where the page tells of the file, its name, verdict and causes, the place of the first."""

    anchor: str
    file: str
    outcome: CheckOutcome
    causes: str
    place: str


def in_order(files: Sequence[CheckedFile]) -> list[CheckedFile]:
    """What is wrong first, like causes together, files by name."""
    return sorted(files, key=lambda file: (_ORDER.index(file.outcome), _causes(file), file.file))


def listed(files: Sequence[CheckedFile]) -> list[ListedFile]:
    """A line for each file, in this order."""
    return [
        ListedFile(
            f"file-{number}",
            one_line(file.file),
            file.outcome,
            one_line(", ".join(_causes(file)) or _why(file)),
            one_line(next((_place(cause, file) for cause in file.causes if cause.place), "")),
        )
        for number, file in enumerate(in_order(files), start=1)
    ]


def sentence(files: Sequence[CheckedFile]) -> str:
    """What came of all files, and the causes that several have; what was left out may be no program."""
    outcomes = Counter(file.outcome for file in files)
    left = outcomes.pop("left out", 0)
    counts = ", ".join(f"{outcomes[word]} {word}" for word in _ORDER if word in outcomes)
    if len(files) == 1:
        told = [
            f"{headline(files[0])}.",
            *(f"{cause.evidence}." for cause in files[0].causes[:1] if cause.evidence),
        ]
        return one_line(" ".join(text[:1].upper() + text[1:] for text in told))
    causes = Counter(name for file in files for name in dict.fromkeys(_causes(file)))
    often = [f"{name} in {count}" for name, count in causes.most_common() if count > 1]
    count = len(files) - left
    counted = f"Of {count} program{'s' * (count != 1)}: {counts}" if counts else "No program was checked"
    more = f"; {left} {'was' if left == 1 else 'were'} left out." if left else "."
    return counted + more + (f" Most often: {', '.join(often)}." if often else "")


def _why(file: CheckedFile) -> str:
    """Why a file has no verdict, without its name, up to what to do about it."""
    if file.outcome in ("right", "wrong", "suspect"):
        return ""
    text = headline(file)
    # Of what was left out there is nothing but this.
    return text if file.outcome == "left out" else text.partition("; ")[0]


def headline(file: CheckedFile) -> str:
    """What came of a file, without its name, which stands above."""
    return one_line(file.headline.removeprefix(f"{file.file}: "))


def _place(cause: CheckedCause, file: CheckedFile) -> str:
    """Where a cause is; in the file itself without its name."""
    return cause.place.removeprefix(f"{PurePosixPath(file.file).name}, ").removeprefix(f"{file.file}, ")


def _causes(file: CheckedFile) -> list[str]:
    return [cause.name for cause in file.causes]
