"""Results as Markdown: all tables in one file, and a sheet with figures for each recipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule.records.runs import Results
from chainrule.report.table import markdown
from chainrule.report.tables import claim_text, recipe_names, recipe_table, summary, widened
from chainrule.text import escaped_markdown, markdown_code, markdown_paragraph


def overview(results: Results) -> str:
    """All tables, then what holds for all."""
    parts = ["# Results", "", *made_by(results.environment), "", *widened(results), "", summary(results)]
    for recipe in recipe_names(results):
        parts += ["", f"## {escaped_markdown(recipe)}", "", *body(results, recipe)]
    return "\n".join(parts) + "\n"


def sheet(results: Results, recipe: str, figures: Sequence[str]) -> str:
    """One recipe: table, claims, what other runs told, figures (paths from the sheet), how it was made."""
    parts = [
        f"# {escaped_markdown(recipe)}",
        "",
        markdown_paragraph(results.titles.get(recipe, "")),
        "",
        *body(results, recipe),
        "",
    ]
    parts += [f"![{escaped_markdown(path)}]({path})" for path in figures]
    return "\n".join([*parts, "", *made_by(results.environment), "", *widened(results)]) + "\n"


def body(results: Results, recipe: str) -> list[str]:
    """Table, notes, claims and what other runs told of one recipe."""
    claims = [claim for claim in results.claims if claim.recipe == recipe]
    lines = [markdown(recipe_table(results, recipe))]
    lines += ["", "| claim | | evidence |", "|---|---|---|"] if claims else []
    for claim in claims:
        text, evidence = escaped_markdown(claim_text(claim)), escaped_markdown(claim.evidence)
        lines.append(f"| {text} | {claim.outcome} | {evidence} |")
    remarks = [f"- {markdown_paragraph(remark.told)}" for remark in results.found if remark.recipe == recipe]
    return [*lines, *(["", "Of other runs:", "", *remarks] if remarks else [])]


def made_by(environment: dict[str, Any]) -> list[str]:
    """Command, data, machine and versions."""
    machine, versions = environment.get("machine", {}), environment.get("versions", {})
    listed = ", ".join(f"{name} {number}" for name, number in versions.items())
    blas = ", ".join(machine.get("blas", []))
    return [
        f"Made by {markdown_code(str(environment.get('command', '')))} on {machine.get('processor')}, "
        f"{machine.get('cores')} cores, {machine.get('system')}; {listed}; {blas}.",
    ]
