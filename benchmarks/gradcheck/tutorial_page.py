"""docs/tutorial.md, written anew from the programs in docs/tutorial and what ``chainrule check`` says of each.

    python benchmarks/gradcheck/tutorial_page.py

Needs ``pip install '.[test]'``; half a minute on two cores. The exit code is 1 where an answer is not that a gradient
is right, but for the last program.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.program_pages import TUTORIAL


def main() -> int:
    """Write the page."""
    text = TUTORIAL.text()
    TUTORIAL.path.write_text(text)
    return int(text.count("\nthe gradient is right\n") != len(TUTORIAL.programs) - 1)


if __name__ == "__main__":
    raise SystemExit(main())
