"""docs/repair.md, written anew from the programs in docs/repairs and what ``chainrule check --repair`` says of each.

    python benchmarks/gradcheck/repair_page.py

Needs ``pip install '.[test]'``; a minute on two cores. The exit code is 1 where all but one do not get a repair.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.program_pages import REPAIRS


def main() -> int:
    """Write the page."""
    text = REPAIRS.text()
    REPAIRS.path.write_text(text)
    return int(text.count("\nrepair: verified at ") != len(REPAIRS.programs) - 1)


if __name__ == "__main__":
    raise SystemExit(main())
