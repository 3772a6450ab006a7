"""The tables of the programs: what each is, and what is wrong with its twins.

An entry is named like the folder of its program. Its keys:

- ``file``: what is checked;
- ``style``: what is its own in it;
- ``twins``: the same program with a mistake, each a table of

  - ``old``, ``new``: a text that stands once in it, and what stands there in the twin; ``in`` names the file where that
    is not ``file``;
  - ``causes``: the names that are right for it, of the catalogue;
  - ``lines``: texts of the twin on whose last lines a mistake may be said to be; else it is on those of ``new``;
  - ``what``: the mistake in words.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
GROUPS = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
"""By whom the programs are: ``fresh`` ones by people who have not seen how programs are recognised and diagnosed;
``layers`` are no nets; ``large`` ones have about ten thousand parameters."""

KEYS = {"file", "style", "twins"}
TWIN_KEYS, MAY_LACK = {"in", "old", "new", "causes", "lines", "what"}, {"in", "lines", "what"}

_DEFINITION = re.compile(r"^(?:class|def) (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Twin:
    """A change that makes a program wrong: one text for another in a file, and what is to be found."""

    file: str
    old: str
    new: str
    causes: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class StyleProgram:
    """A program: its group, its name, the file that is checked, what is its own in it, and its twins."""

    group: str
    name: str
    file: str
    style: str
    twins: tuple[Twin, ...]

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return FOLDER / self.group / self.name

    def right(self, folder: Path) -> Path:
        """Copy it into a folder of its own below ``folder``; the file to check."""
        copy = folder / f"{self.group}-{self.name}-right"
        shutil.copytree(self.folder, copy)
        return copy / self.file

    def wrong(self, folder: Path, *twins: Twin) -> Path:
        """Write a twin, or several in one, into a folder of its own below ``folder``; the file to check.

        Raises:
            ValueError: what is to be changed does not stand in the file exactly once.
        """
        numbers = "-".join(str(self.twins.index(twin)) for twin in twins)
        copy = folder / f"{self.group}-{self.name}-wrong-{numbers}"
        shutil.copytree(self.folder, copy)
        for twin in twins:
            changed = copy / twin.file
            changed.write_text(self._edited(changed, twin))
        return copy / self.file

    def places(self, twin: Twin, *beside: Twin) -> set[str]:
        """Where the mistake may be said to be, as causes say it: ``net.py, line 3``, ``lab.ipynb, cell 2, line 3``; in
        a file that has others beside it."""
        before = [other for other in beside if other.file == twin.file]
        parts = list(_changed(_parts(self.folder / twin.file), before))
        if not twin.lines:
            place, part, start = self._only(twin.old, twin, parts)
            first = part.count("\n", 0, start) + 1
            lines = enumerate(twin.new.split("\n"), start=first)
            return {f"{place}line {number}" for number, line in lines if line.strip()}
        places = set()
        for text in twin.lines:
            place, part, start = self._only(text, twin, _changed(parts, [twin]))
            places.add(f"{place}line {part.count(chr(10), 0, start + len(text.rstrip())) + 1}")
        return places

    def pairs(self) -> Iterator[tuple[Twin, Twin]]:
        """The twins that can stand in one file, in one function or class."""
        for pair in itertools.combinations(self.twins, 2):
            if len({self._definition(twin) for twin in pair}) == 1 and self._stand_together(*pair):
                yield pair

    def _definition(self, twin: Twin) -> tuple[str, str, str]:
        """The function or class that a mistake is in."""
        place, part, start = self._only(twin.old, twin, _parts(self.folder / twin.file))
        return twin.file, place, (_DEFINITION.findall(part, 0, start) or [""])[-1]

    def _stand_together(self, one: Twin, other: Twin) -> bool:
        try:
            return bool(self.places(one, other)) and bool(self.places(other, one))
        except ValueError:
            # They change the same text, or one the text by which the other is found.
            return False

    def _only(self, text: str, twin: Twin, parts: Iterable[tuple[str, str]]) -> tuple[str, str, int]:
        """The part in which a text stands, with its place, and where it begins in it.

        Raises:
            ValueError: it does not stand there exactly once.
        """
        hits = [(place, part) for place, part in parts for _ in range(part.count(text))]
        if len(hits) != 1:
            raise ValueError(f"{self.name}: {text!r} stands {len(hits)} times in {twin.file}; give it once")
        return *hits[0], hits[0][1].index(text)

    def _edited(self, path: Path, twin: Twin) -> str:
        """The text of the twin's file, or of its notebook."""
        self._only(twin.old, twin, _parts(path))
        if path.suffix != ".ipynb":
            return path.read_text().replace(twin.old, twin.new)
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"]).replace(twin.old, twin.new)
        return json.dumps(notebook)


def _changed(parts: Iterable[tuple[str, str]], twins: Iterable[Twin]) -> Iterator[tuple[str, str]]:
    """The texts of a file with some mistakes in them."""
    every = tuple(twins)
    for place, part in parts:
        yield place, functools.reduce(lambda text, twin: text.replace(twin.old, twin.new), every, part)


def _parts(path: Path) -> Iterator[tuple[str, str]]:
    """What a file's texts are called where a line of them is named, and the texts: a notebook has one for each cell."""
    if path.suffix != ".ipynb":
        yield f"{path.name}, ", path.read_text()
        return
    cells = (cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code")
    for number, cell in enumerate(cells, start=1):
        yield f"{path.name}, cell {number}, ", "".join(cell["source"])


def programs(*groups: str) -> list[StyleProgram]:
    """Those of some groups; all where none is named.

    Raises:
        ValueError: an entry has a key that is none, or lacks one.
    """
    return [program for group in groups or GROUPS for program in _of_group(group)]


def _of_group(group: str) -> Iterator[StyleProgram]:
    for name, entry in tomllib.loads((FOLDER / f"{group}.toml").read_text()).items():
        _require(f"{group}.toml, {name}", set(entry), KEYS, set())
        for twin in entry["twins"]:
            _require(f"{group}.toml, a twin of {name}", set(twin), TWIN_KEYS, MAY_LACK)
        twins = tuple(
            Twin(
                twin.get("in", entry["file"]),
                twin["old"],
                twin["new"],
                tuple(twin["causes"]),
                tuple(twin.get("lines", ())),
            )
            for twin in entry["twins"]
        )
        yield StyleProgram(group, name, entry["file"], entry["style"], twins)


def _require(which: str, given: set[str], keys: set[str], may_lack: set[str]) -> None:
    if odd := (given ^ keys) - (may_lack - given):
        raise ValueError(
            f"{which}: {', '.join(sorted(odd))}: give all of {', '.join(sorted(keys - may_lack))}"
        )
