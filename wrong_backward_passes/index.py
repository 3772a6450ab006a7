"""The index of the benchmark: every wrong program, with the right one it was made from and what is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent
PARTS = ("public", "held_out")
LEVELS = {1: "a layer or loss", 2: "a net", 3: "layers beyond", 4: "whole models", 5: "a GPT"}


@dataclass(frozen=True)
class Bug:
    """One mistake: its kind, the lines of the wrong file that show it, and what it is.

    Kinds are names in ``kinds.json``, the best one first; where people would call it differently, each of them counts.
    """

    kinds: tuple[str, ...]
    lines: tuple[int, ...]
    what: str


@dataclass(frozen=True)
class Entry:
    """A wrong program, the right one that it differs from in its bugs alone, and the case that both run in."""

    id: str
    part: Literal["public", "held_out"]
    level: int
    subject: str
    style: str
    language: str
    wrong: Path
    right: Path
    case: Path
    cost: str
    gradient: str
    bugs: tuple[Bug, ...]


def kinds() -> dict[str, str]:
    """What every kind of bug is, by its name."""
    described: dict[str, str] = json.loads((FOLDER / "kinds.json").read_text())
    return described


def entries(*parts: str) -> list[Entry]:
    """The wrong programs of some parts, or of all."""
    found = []
    for fields in json.loads((FOLDER / "index.json").read_text()):
        paths = {name: FOLDER / fields[name] for name in ("wrong", "right", "case")}
        bugs = tuple(Bug(tuple(bug["kinds"]), tuple(bug["lines"]), bug["what"]) for bug in fields["bugs"])
        found.append(Entry(**fields | paths | {"bugs": bugs}))
    return [entry for entry in found if entry.part in (parts or PARTS)]
