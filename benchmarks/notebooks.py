"""The notebooks in docs/notebooks, run anew, with what their cells show.

    python benchmarks/notebooks.py

Needs ``pip install '.[test]'``; half a minute.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.notebooks import NOTEBOOKS, as_json, executed


def main() -> None:
    """Run each in a folder of its own, and write it."""
    for path in NOTEBOOKS:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            path.write_text(as_json(executed(path)), encoding="utf-8")
            os.chdir(path.parent)


if __name__ == "__main__":
    main()
