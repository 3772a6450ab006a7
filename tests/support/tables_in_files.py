"""A small table with gaps, categories and a label, in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from chainrule.text import csv_table

QUICK = ["--set", "epochs=2", "--set", "members=2", "--set", "hidden=[4]"]
"""What makes a fit short."""


def write_people(path: str = "people.csv", rows: int = 60) -> Path:
    """A table of so many people; half of them stayed, and the number of their visits."""
    draws = np.random.default_rng(0)
    age, city = draws.integers(20, 80, rows), draws.choice(["Oslo", "Rome"], rows)
    lines = [
        (
            None if row % 10 == 3 else int(age[row]),
            None if row % 15 == 4 else str(city[row]),
            "yes" if row % 2 else "no",
            row % 2 + age[row] / 100,
            1 + row % 3,
        )
        for row in range(rows)
    ]
    target = Path(path)
    target.write_text(csv_table(["age", "city", "stayed", "visits", "weight"], lines))
    return target
