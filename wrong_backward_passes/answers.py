"""What a checker says of a program: the last line of JSON that it prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .index import Bug

VERDICTS = ("right", "wrong", "unknown")


@dataclass(frozen=True)
class Finding:
    """Something said to be wrong: a line, counted from one, and a name of ``kinds.json``; either may be missing."""

    line: int | None
    kind: str | None


@dataclass(frozen=True)
class Answer:
    """A verdict; what is wrong, surest first; and the program mended, best first, as unified diffs or whole."""

    verdict: str
    findings: tuple[Finding, ...] = ()
    diffs: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()

    def locates(self, bugs: tuple[Bug, ...]) -> bool:
        """Whether the first findings, as many as there are bugs, have a line of every bug."""
        lines = {finding.line for finding in self.findings[: len(bugs)]}
        return all(lines & {*bug.lines} for bug in bugs)

    def names(self, bugs: tuple[Bug, ...]) -> bool:
        """Whether the first findings, as many as there are bugs, have a kind of every bug."""
        kinds = {finding.kind for finding in self.findings[: len(bugs)]}
        return all(kinds & {*bug.kinds} for bug in bugs)

    def as_json(self) -> str:
        """The line to be printed."""
        findings = [{"line": finding.line, "kind": finding.kind} for finding in self.findings]
        said = {"verdict": self.verdict, "findings": findings, "diffs": self.diffs, "patched": self.patched}
        return json.dumps({name: value for name, value in said.items() if value})


def answer(printed: str) -> Answer:
    """Read what was printed; raises ``ValueError`` with a line that says what is missing."""
    lines = [line for line in printed.splitlines() if line.strip()]
    if not lines:
        raise ValueError("it printed nothing")
    try:
        said = json.loads(lines[-1])
    except ValueError:
        raise ValueError(f"its last line is no JSON: {lines[-1][:80]!r}") from None
    if not isinstance(said, dict) or said.get("verdict") not in VERDICTS:
        raise ValueError(f"its last line has no verdict, one of {', '.join(VERDICTS)}")
    findings = tuple(Finding(_number(each.get("line")), _text(each.get("kind"))) for each in _objects(said))
    return Answer(said["verdict"], findings, _texts(said.get("diffs")), _texts(said.get("patched")))


def _objects(said: dict[str, Any]) -> list[dict[str, Any]]:
    findings = said.get("findings", [])
    return [each for each in findings if isinstance(each, dict)] if isinstance(findings, list) else []


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
