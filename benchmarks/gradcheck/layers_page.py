"""docs/layers.md, written anew from the programs in docs/layers and what ``chainrule check`` says of each.

    python benchmarks/gradcheck/layers_page.py

Needs ``pip install '.[test]'``; two minutes on two cores. The exit code is 1 where an answer is not that a gradient is
wrong.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.program_pages import LAYERS


def main() -> int:
    """Write the page."""
    text = LAYERS.text()
    LAYERS.path.write_text(text)
    return int(text.count("\nthe gradient is wrong: ") != len(LAYERS.programs))


if __name__ == "__main__":
    raise SystemExit(main())
