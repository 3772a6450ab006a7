"""What is odd about a cost that was recognised, and the same cost without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chainrule.gradcheck.diagnosis.reading import Reading


def repaired(reading: Reading) -> list[tuple[str, str, Reading]]:
    """What is odd about a cost: the cause, its words, and the reading without it."""
    found: list[tuple[str, str, Reading]] = []
    if reading.form.mistake is not None:
        right = replace(reading, form=replace(reading.form, mistake=None))
        found.append((reading.form.mistake.cause, reading.form.mistake.words, right))
    found += _odd_factor(reading) + _odd_penalty(reading)
    if ("", "constant") in reading.odd and reading.form.loss == "hinge":
        value = reading.odd["", "constant"]
        rest = {key: v for key, v in reading.odd.items() if key != ("", "constant")}
        words = f"the cost is too large by {value:.6g}, the margin: it counts the correct class"
        found.append(("hinge-correct-class", words, replace(reading, odd=rest)))
    return found


def _odd_factor(reading: Reading) -> list[tuple[str, str, Reading]]:
    found = []
    for base in (10, 2):
        if abs(reading.factor * np.log(base) - 1) < 1e-7:
            words = f"the cost is that of natural logarithms divided by ln {base}"
            found.append(("wrong-log-base", words, replace(reading, factor=1.0)))
    return found


def _odd_penalty(reading: Reading) -> list[tuple[str, str, Reading]]:
    odd = {name: (kind, value) for (name, kind), value in reading.odd.items() if name}
    if not odd:
        return []
    right = reading.penalty | {name: abs(value) for name, (_, value) in odd.items()}
    kinds = {
        "sum": "the sum of its entries",
        "absolute": "the sum of absolute values",
        "norm": "its norm, not squared",
    }
    words = "the cost penalises " + ", ".join(f"{name} by {kinds[kind]}" for name, (kind, _) in odd.items())
    rest = {key: v for key, v in reading.odd.items() if not key[0]}
    return [("penalty-not-squared", words, replace(reading, penalty=right, odd=rest))]
