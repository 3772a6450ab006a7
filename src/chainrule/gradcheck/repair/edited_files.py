"""What a file becomes with edits of its text, all else as it was: a script with its encoding and line ends, a notebook
within its cells; and the unified diff."""

from __future__ import annotations

import difflib
import io
import json
import tokenize
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.result import TextEdit
from chainrule.inputs import parsed_json

_CONTEXT = 2
_NO_END = "\\ No newline at end of file"


def edited(path: Path, content: bytes, edits: Sequence[TextEdit]) -> bytes | None:
    """The content of a file with edits; None where they were made for another text."""
    change = edited_notebook if path.suffix == ".ipynb" else edited_script
    return change(content, edits)


def edited_script(content: bytes, edits: Sequence[TextEdit]) -> bytes | None:
    """A script with edits; None where they were made for another text."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    text = applied(content.decode(encoding), edits)
    return None if text is None else text.encode(encoding)


def edited_notebook(content: bytes, edits: Sequence[TextEdit]) -> bytes | None:
    """A notebook with edits in its cells of code; None where they were made for another text."""
    notebook = parsed_json(content)
    cells = (
        notebook["cells"] if "cells" in notebook else [c for s in notebook["worksheets"] for c in s["cells"]]
    )
    of_code = [cell for cell in cells if cell["cell_type"] == "code"]
    for number in {_cell(edit) for edit in edits}:
        if not _put(of_code[number - 1], [edit for edit in edits if _cell(edit) == number]):
            return None
    indent = _indent(content)
    text = json.dumps(notebook, indent=indent, ensure_ascii=content.isascii(), allow_nan=False)
    return (text + ("\n" if content.endswith(b"\n") else "")).encode()


def diff(name: str, before: str, after: str) -> str:
    """The unified diff of a file, or of a cell of it, as ``patch`` takes it."""
    lines = difflib.unified_diff(
        _lines(before), _lines(after), name, f"{name}, repaired", n=_CONTEXT, lineterm="\n"
    )
    # How a cell ends says nothing: most have no end of a line there.
    end = "\n" if ", cell " in name else f"\n{_NO_END}\n"
    return "".join(line if line.endswith("\n") else line + end for line in lines)


def _lines(text: str) -> list[str]:
    """With their ends, as ``patch`` counts them: a form feed ends none."""
    return list(io.StringIO(text, newline=None))


def _put(cell: dict[str, Any], edits: Sequence[TextEdit]) -> bool:
    field = "source" if "source" in cell else "input"
    before = cell[field]
    text = applied(before if isinstance(before, str) else "".join(before), edits)
    if text is None:
        return False
    cell[field] = text if isinstance(before, str) else io.StringIO(text, newline="").readlines()
    return True


def _cell(edit: TextEdit) -> int:
    """The number of a cell of code, from 1, as tracebacks name it: ``net.ipynb, cell 3``."""
    return int(edit.file.rpartition(", cell ")[2])


def _indent(content: bytes) -> int | None:
    """How a notebook is laid out: by how many spaces its second line is indented."""
    _, _, rest = content.partition(b"\n")
    return len(rest) - len(rest.lstrip(b" ")) if rest.strip() else None
