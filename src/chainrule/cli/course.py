"""What a course fixes for the programs in its folders: ``[tool.chainrule]`` in the nearest ``pyproject.toml`` above."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from chainrule import inputs
from chainrule.errors import SettingsError, suggestion
from chainrule.gradcheck.hints import LEVELS, HintLevel

_LARGEST = 2**20
_KEYS = ("hints",)


class CourseRules(NamedTuple):
    """What a course says: at which level hints are given, None for all that was found; and where it says so."""

    hints: HintLevel | None = None
    path: Path | None = None


def course_of(file: Path) -> CourseRules:
    """What is fixed for a file; nothing where no ``pyproject.toml`` above it has a table for us.

    Raises:
        SettingsError: the table cannot be read, or holds what it does not know.
    """
    for folder in file.resolve().parents:
        path = folder / "pyproject.toml"
        if path.is_file():
            tool = _document(path).get("tool")
            table = tool.get("chainrule") if isinstance(tool, dict) else None
            if table is not None:
                return CourseRules(_level(table, path), path)
    return CourseRules()


def hint_level(target: Path, given: int | None, repair: bool) -> HintLevel | None:
    """The level of hints, which a course may have fixed.

    Raises:
        SettingsError: more is asked for than it allows.
    """
    course = course_of(target)
    level = _level_of(given)
    if course.hints is None:
        if level is not None and repair:
            raise SettingsError("--repair: says more than any hint; leave out --hints, or --repair")
        return level
    asked = "--repair" if repair else f"--hints {given}"
    if repair or (level is not None and level > course.hints):
        raise SettingsError(
            f"{asked}: {course.path} allows hints = {course.hints}, and no more; leave it out"
        )
    return level or course.hints


def _level_of(value: Any) -> HintLevel | None:
    return next((level for level in LEVELS if type(value) is int and value == level), None)


def _document(path: Path) -> dict[str, Any]:
    return inputs.read_toml(path, _LARGEST, SettingsError, "mend it, or take it away")


def _level(table: Any, path: Path) -> HintLevel | None:
    if not isinstance(table, dict):
        raise SettingsError(
            f"{path}: tool.chainrule: is no table; write [tool.chainrule] and below it hints = 2"
        )
    unknown = [f"{path}: tool.chainrule.{key}: is no known key; {suggestion(key, _KEYS)}" for key in table]
    problems = [line for key, line in zip(table, unknown, strict=True) if key not in _KEYS]
    if "hints" in table and _level_of(table["hints"]) is None:
        problems.append(f"{path}: tool.chainrule.hints: {table['hints']!r} is no level; give 1, 2 or 3")
    if problems:
        raise SettingsError(*problems)
    return _level_of(table.get("hints"))
