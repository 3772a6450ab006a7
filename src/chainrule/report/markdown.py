"""Results as Markdown: all tables in one file, and a sheet with figures for each recipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.records import ResultRow, Results
from chainrule.report.tables import Cells, notes, recipe_names, summary, table_rows, widened

HEADS = ("setting", "accuracy", "published", "mean", "95% interval", "verdict")


def overview(results: Results) -> str:
    """All tables, then what holds for all."""
    parts = ["# Results", "", *made_by(results.environment), "", *widened(results), "", summary(results)]
    for recipe in recipe_names(results):
        parts += ["", f"## {escaped(recipe)}", "", *body(results, recipe)]
    return "\n".join(parts) + "\n"


def sheet(results: Results, recipe: str, figures: Sequence[str]) -> str:
    """One recipe: table, claims, what was found, figures (paths from the sheet), how it was made."""
    parts = [
        f"# {escaped(recipe)}",
        "",
        escaped(results.titles.get(recipe, "")),
        "",
        *body(results, recipe),
        "",
    ]
    parts += [f"![{escaped(path)}]({path})" for path in figures]
    return "\n".join([*parts, "", *made_by(results.environment), "", *widened(results)]) + "\n"


def body(results: Results, recipe: str) -> list[str]:
    """Table, notes, claims and findings of one recipe."""
    rows = [row for row in results.rows if row.recipe == recipe]
    means = [one for one in results.input_means if one.recipe == recipe]
    claims = [claim for claim in results.claims if claim.recipe == recipe]
    lines = table(rows, table_rows(results).get(recipe, []))
    lines += ["", *(f"- {escaped(note)}" for note in notes(rows, means))]
    lines += ["", "| claim | | evidence |", "|---|---|---|"] if claims else []
    lines += [
        f"| {escaped(one.text)} | {'holds' if one.held else 'fails'} | {escaped(one.evidence)} |"
        for one in claims
    ]
    found = [f"- {escaped(one.text)}" for one in results.found if one.recipe == recipe]
    return [*lines, *(["", "Found:", "", *found] if found else [])]


def table(rows: Sequence[ResultRow], cells: Sequence[Cells]) -> list[str]:
    """The rows; without the columns of published values and verdicts where nothing is published."""
    kept = [0, 1, 2, 3, 4, 5] if any(row.published is not None for row in rows) else [0, 1, 3, 4]
    lines = [
        [HEADS[i] for i in kept],
        ["---"] * len(kept),
        *([escaped(line[i]) for i in kept] for line in cells),
    ]
    return [f"| {' | '.join(line)} |" for line in lines]


def made_by(environment: dict[str, Any]) -> list[str]:
    """Command, data, machine and versions."""
    machine, versions = environment.get("machine", {}), environment.get("versions", {})
    listed = ", ".join(f"{name} {number}" for name, number in versions.items())
    blas = ", ".join(machine.get("blas", []))
    return [
        f"Made by `{escaped(str(environment.get('command', '')))}` on {machine.get('processor')}, "
        f"{machine.get('cores')} cores, {machine.get('system')}; {listed}; {blas}.",
    ]


def escaped(text: str) -> str:
    """``text`` without any meaning in Markdown or HTML."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|#" else c for c in plain)
