"""Files that are no Python in some statements of their top level: the others are used."""

from __future__ import annotations

import ast
import re

from chainrule.gradcheck.program.source import Part, Source, is_python_2, tree_of

_MOST = 20
"""How many statements may be left out: a file with more of them is no Python."""

_BEGINS = re.compile(r"[^\s#)\]}]")
"""How a line begins with which a statement of the top level does."""

_DEFINES = re.compile(r"@|(async|def|class|if|elif|else|for|while|try|except|finally|with)\b")
"""What holds statements of its own: without it, a file is another."""

_OF_MERGING = re.compile("<{7}|={7}|>{7}")
"""What git leaves around two versions, of which nothing says which one is meant."""


def without_broken(content: Source) -> Source:
    """A file without the single statements of its top level that are no Python, which its notes name; unchanged where
    it is all Python, and where it is none without them or that of another version, whose numbers are others."""
    broken = tuple(part for part in content.parts if tree_of(part.text) is None)
    if is_python_2(Source(broken)):
        return content
    parts, notes = [], []
    for part in content.parts:
        text, said = _mended(part) if part in broken else (part.text, [])
        parts.append(part._replace(text=text))
        notes += said
    return Source(tuple(parts), (*content.notes, *notes)) if notes else content


def _mended(part: Part) -> tuple[str, list[str]]:
    lines, notes = part.text.split("\n"), list[str]()
    cell = f"{part.name.rpartition(', ')[2]}, " if ", cell " in part.name else ""
    for _ in range(_MOST):
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            first, last = _statement(lines, (error.lineno or 1) - 1)
            if not _may_go(lines, first, last):
                break
            place = f"line {first + 1}" if last == first else f"lines {first + 1}-{last + 1}"
            notes.append(f"{cell}{place}: left out, as it is no Python: {error.msg}")
            lines[first : last + 1] = [""] * (last + 1 - first)
        except (ValueError, RecursionError, MemoryError):
            break
        else:
            return "\n".join(lines), notes
    return part.text, []


def _statement(lines: list[str], at: int) -> tuple[int, int]:
    """The lines of the statement of the top level that a line belongs to."""
    at = min(at, len(lines) - 1)
    first = next((n for n in range(at, -1, -1) if _BEGINS.match(lines[n])), 0)
    after = (n for n in range(max(first, at) + 1, len(lines)) if _BEGINS.match(lines[n]))
    last = next(after, len(lines)) - 1
    return first, next((n for n in range(last, first, -1) if lines[n].strip()), first)


def _may_go(lines: list[str], first: int, last: int) -> bool:
    """Whether lines are one statement that holds no others, and none of a definition around it."""
    begin = lines[first]
    if not begin.strip() or _DEFINES.match(begin) or _OF_MERGING.match(begin):
        return False
    if not any(line[:1].isspace() and line.strip() for line in lines[first + 1 : last + 1]):
        return True
    before = next((line for line in reversed(lines[:first]) if _BEGINS.match(line)), "")
    return not _DEFINES.match(before) and any(begin.count(a) > begin.count(b) for a, b in ("()", "[]", "{}"))
