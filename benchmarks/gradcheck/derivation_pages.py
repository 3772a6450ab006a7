"""docs/derivations, written anew from the modules of layers and losses and the catalogue of bugs.

    python benchmarks/gradcheck/derivation_pages.py

Needs ``pip install '.[test]'``; a second.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.derivation_pages import PAGES


def main() -> None:
    """Write the pages."""
    for page in PAGES:
        page.path.write_text(page.text())


if __name__ == "__main__":
    main()
