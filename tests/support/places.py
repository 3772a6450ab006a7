"""Where programs of other people's conventions lie."""

from pathlib import Path

SUBMISSIONS = Path(__file__).parent / "submissions"
CONVENTIONS = SUBMISSIONS / "conventions"
NOTEBOOKS = SUBMISSIONS / "notebooks"
