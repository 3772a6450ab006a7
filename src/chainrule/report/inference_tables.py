"""What was inferred, as tables: terminal, Markdown, CSV, and what the page shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainrule.records.inferences import Inference, InferredUnknown, RecipeInference, TriedCombination
from chainrule.report.markdown import made_by
from chainrule.report.table import TextTable, markdown
from chainrule.report.tables import NONE, decimals
from chainrule.report.terminal import rich_table
from chainrule.text import csv_table, escaped_markdown, one_line

if TYPE_CHECKING:
    from rich.console import Console

MOST = 5
"""Combinations of a group that a table shows."""

DEVIATION = "mean ± deviation over seeds, at least that of so many images"

CSV_COLUMNS = (
    "recipe", "choice", "row", "metric", "published", "mean", "deviation", "values", "log_likelihood", "share",
)  # fmt: skip


def odds_table(part: RecipeInference) -> TextTable:
    """One recipe's unknowns, a line for each candidate: its share of all probability, and odds over the assumed one."""
    body = [
        [
            one_line(unknown.name) if index == 0 else "",
            one_line(candidate.name) + (" (assumed)" if index == 0 else ""),
            f"{candidate.share:.3f}",
            *(_odds(candidate.log_odds, candidate.low, candidate.high) if index else (NONE, NONE)),
        ]
        for unknown in part.unknowns
        for index, candidate in enumerate(unknown.candidates)
    ]
    return TextTable(
        one_line(f"{part.recipe}: what it leaves unsaid"),
        [["what is unsaid", "candidate", "share", "odds over the assumed one", "95% over seeds"]],
        body,
        text=2,
        notes=notes(part),
    )


def found(parts: Sequence[RecipeInference]) -> str:
    """What came of all unknowns, in a sentence."""
    rivals = [unknown.rival for part in parts for unknown in part.unknowns]
    assumed = sum(rival.high < 0 for rival in rivals)
    other = sum(rival.low > 0 for rival in rivals)
    settings = f"{len(rivals)} setting{'s' * (len(rivals) != 1)}"
    return (
        f"Of {settings} that the reports do not state, their numbers speak for what the recipes assume in {assumed} "
        f"and for something else in {other}; {len(rivals) - assumed - other} cannot be told."
    )


def notes(part: RecipeInference) -> list[str]:
    """The outcomes in words, what stays unexplained, and what was not tried."""
    lines = [unknown.sentence for unknown in part.unknowns]
    lines += [f"judged together: {', '.join(names)}" for names in _together(part.unknowns)]
    if part.unexplained:
        lines.append(
            f"outside the 95% interval under the best combinations too: {', '.join(part.unexplained)}"
        )
    lines += [f"not tried: {name}: {why}" for name, why in part.not_tried.items()]
    return [one_line(line) for line in lines]


def combinations_table(group: Sequence[TriedCombination]) -> TextTable:
    """The most probable combinations of a group: each number's mean and deviation beside the published one."""
    best = sorted(group, key=lambda combination: -combination.share)[:MOST]
    numbers = best[0].numbers
    head = [one_line(f"{number.row} {number.metric.removesuffix('_accuracy')}") for number in numbers]
    published = [f"{number.published:.{number.decimals}f}" for number in numbers]
    body = [["published", NONE, *published]]
    body += [
        [
            one_line("; ".join(f"{name}: {candidate}" for name, candidate in combination.choice.items())),
            f"{combination.share:.3f}",
            *(f"{decimals(number.mean)} ± {decimals(number.deviation)}" for number in combination.numbers),
        ]
        for combination in best
    ]
    caption = f"{len(best)} of {len(group)} combinations, the most probable first; {DEVIATION}"
    return TextTable(caption, [["combination", "share", *head]], body, text=1)


def _together(unknowns: Sequence[InferredUnknown]) -> list[list[str]]:
    crossed = [unknown.name for unknown in unknowns if unknown.crossed_with]
    return [crossed] if crossed else []


def _odds(log_odds: float, low: float, high: float) -> tuple[str, str]:
    return odds_text(log_odds), f"[{odds_text(low)}, {odds_text(high)}]"


def odds_text(log_odds: float) -> str:
    """Odds with two significant digits, without an exponent between a thousandth and a million."""
    if abs(log_odds) > math.log(1e6):
        return "> 1e6" if log_odds > 0 else "< 1e-6"
    odds = math.exp(log_odds)
    return f"{odds:.0f}" if odds >= 9.5 else f"{odds:.2g}"


def to_markdown(inference: Inference) -> str:
    """All recipes' tables, and how they were made."""
    parts = ["# What the reports leave unsaid", "", *made_by(inference.environment)]
    for part in inference.recipes:
        parts += ["", f"## {escaped_markdown(part.recipe)}", "", markdown(odds_table(part))]
        for group in part.tried:
            table = combinations_table(group)
            parts += ["", f"{escaped_markdown(table.caption)}:", "", markdown(table)]
    return "\n".join(parts) + "\n"


def to_csv(inference: Inference) -> str:
    """Every number under every combination: full precision, seeds' values and choices joined by ``;``."""
    lines = []
    for part in inference.recipes:
        for combination in (combination for group in part.tried for combination in group):
            choice = ";".join(f"{name}={candidate}" for name, candidate in combination.choice.items())
            for number in combination.numbers:
                published = f"{number.published:.{number.decimals}f}"
                line = [
                    part.recipe, choice, number.row, number.metric, published, number.mean, number.deviation,
                    ";".join(map(repr, number.values)), number.log_likelihood, combination.share,
                ]  # fmt: skip
                lines.append(line)
    return csv_table(CSV_COLUMNS, lines)


def print_inference(inference: Inference, console: Console) -> None:
    """Print every recipe's odds and sentences."""
    from rich.text import Text

    for part in inference.recipes:
        table = odds_table(part)
        console.print(Text(table.caption, style="bold"))
        console.print(rich_table(table))
        for note in table.notes:
            console.print(Text(note))
        console.print()
