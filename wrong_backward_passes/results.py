"""Write ``results.md``: a table of all results that lie in ``results/``, and one by level for each.

python -m wrong_backward_passes.results
"""

from __future__ import annotations

import json
from pathlib import Path

from .index import FOLDER, PARTS
from .score import head, read
from .tables import Row, table, totals

PAGE = FOLDER / "results.md"
TITLE = """# Results

Written by `python -m wrong_backward_passes.results` from the files in `results/`, each of which
`python -m wrong_backward_passes.score` has written; the card says what the columns are. A part that a checker has no
line in was not run.
"""


def page(folder: Path = FOLDER / "results") -> str:
    """The whole page."""
    sections = [TITLE]
    for part in PARTS:
        found = {file.stem: _rows(file, part) for file in sorted((folder / part).glob("*.jsonl"))}
        if found:
            sections.append(f"## {part}\n\n{totals(found)}\n")
        sections += [f"### {name}, {part}\n\n{table(rows)}\n" for name, rows in found.items()]
    return "\n".join(sections)


def _rows(file: Path, part: str) -> list[Row]:
    """The results of a file, which are of the programs as they stand in the index now."""
    command = json.loads(file.read_text().splitlines()[0])["command"]
    return read(file, head(part, command))


if __name__ == "__main__":
    PAGE.write_text(page())
