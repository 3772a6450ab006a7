"""Files written for Python 2, read as what they say in Python 3: line by line, with whole numbers divided as they were
(:mod:`chainrule.gradcheck.program.classic_division`)."""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from types import MappingProxyType

from chainrule.gradcheck.program.source import Part, Source, tree_of

_LONGEST = 200_000
"""Characters of a file that is read as Python 2."""

# Those that would add lines, or read names of modules that the file may well define itself.
_LEFT_OUT = (
    "buffer",
    "idioms",
    "set_literal",
    "ws_comma",
    "reduce",
    "itertools_imports",
    "future",
    "import",
    "asserts",
)

_OLD_METHODS = re.compile(r"\.(iteritems|itervalues|iterkeys|has_key)\(")
_OLD_NAME = re.compile(r"(?<![\w.])(xrange|raw_input)\(")
_MADE_HERE = re.compile(r"(import|def)\s.*\b(xrange|raw_input)\b|^(xrange|raw_input)\s*=", re.MULTILINE)
"""Where a name that Python 2 has of its own is given a value for Python 3."""

GIVEN = MappingProxyType(
    {
        "xrange": range,
        "raw_input": input,
        "reduce": reduce,
        "unicode": str,
        "basestring": str,
        "long": int,
        "unichr": chr,
    }
)
"""What is there in Python 2 without being imported."""


def as_python_3(content: Source) -> Source:
    """A file as Python 3 can run it; unchanged where it is Python 3, or no Python at all."""
    parts = content.parts
    if all(map(_parses, parts)):
        named = any(_OLD_NAME.search(part.text) for part in parts)
        is_old = named and not any(_MADE_HERE.search(part.text) for part in parts)
        renewed = [_converted(p, ("dict", "has_key")) if _OLD_METHODS.search(p.text) else p for p in parts]
    else:
        is_old = any(not _parses(part) and _converted(part) is not None for part in parts)
        renewed = [*parts]
    if is_old:
        renewed = [_converted(part) for part in parts]
    new = tuple(converted or part for converted, part in zip(renewed, parts, strict=True))
    if not is_old:
        return content._replace(parts=new)
    classic = not any("import division" in part.text for part in parts)
    said = f"read as Python 2{', where / leaves whole numbers whole' if classic else ''}"
    return Source(tuple(part._replace(classic_division=classic) for part in new), (*content.notes, said))


def _parses(part: Part) -> bool:
    return tree_of(part.text) is not None


def _converted(part: Part, fixers: tuple[str, ...] = ()) -> Part | None:
    """A part of Python 2 as Python 3, with as many lines; None where it is no Python 2 either."""
    text = _refactored(part.text, fixers)
    if text is None:
        return None
    for tried in (text, _without_tabs(text)):
        new = part._replace(text=tried)
        if _parses(new):
            return new
    return None


@lru_cache(maxsize=64)
def _refactored(text: str, fixers: tuple[str, ...]) -> str | None:
    # Most files are Python 3: the grammar of Python 2 is there for those that are not.
    from fissix import refactor

    if len(text) > _LONGEST:
        return None
    known = {n.rpartition("fix_")[2]: n for n in refactor.get_fixers_from_package("fissix.fixes")}
    wanted = [known[name] for name in fixers or [name for name in known if name not in _LEFT_OUT]]
    options = {"print_function": "import print_function" in text or bool(fixers)}
    try:
        new = str(refactor.RefactoringTool(wanted, options).refactor_string(f"{text}\n", "file"))
    except Exception:
        # Whatever it makes of what is no Python.
        return None
    same = new.count("\n") == text.count("\n") + 1
    return new.removesuffix("\n") if same else None


def _without_tabs(text: str) -> str:
    """Indented by spaces, as Python 2 takes tabs: to the next eighth column."""
    lines = []
    for line in text.split("\n"):
        code = line.lstrip(" \t")
        lines.append(line[: len(line) - len(code)].expandtabs(8) + code)
    return "\n".join(lines)
