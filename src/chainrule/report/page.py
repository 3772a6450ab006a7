"""One self-contained HTML page: nothing is fetched, and anybody's text is escaped."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import Any

from chainrule.files import safe_name
from chainrule.records.gradients import GradientChecks
from chainrule.report import check_tables, checked_list, inference_tables, search_tables, tables
from chainrule.report.compare import Comparison, found_between, number_table
from chainrule.report.compared_settings import settings_table
from chainrule.report.folder import RunFolder
from chainrule.report.groups import group, small_multiples
from chainrule.report.rendering import rendered
from chainrule.report.sections import Section, section
from chainrule.report.specs import Specs
from chainrule.report.standing import measured, sentences, standing
from chainrule.report.tables import widened
from chainrule.text import one_line


def run_page(run: RunFolder, share: Callable[[float], None] = lambda done: None) -> str:
    """The page of one run.

    Args:
        run: what it left behind.
        share: called with how much of the page is drawn, from 0 to 1.

    Raises:
        MissingExtraError: altair, vl-convert or Pillow is not installed.
    """
    specs = Specs()
    sections = []
    for number, recipe in enumerate(run.recipes, start=1):
        sections.append(section(run, recipe, specs))
        share(number / (len(run.recipes) + 1))
    named = {section.name for section in sections}
    checks = [check for check in run.checks if check.recipe not in named]
    inferences = [part for part in run.inferences if part.recipe not in named]
    counts = tables.verdicts(run.results)
    context = {
        "title": f"chainrule: {one_line(run.name)}",
        "heading": heading(sections, checks, run),
        "lead": lead(sections, run),
        "found": found(run),
        "standing": standing(run.results),
        "measured": measured(run.results),
        "contents": contents(sections, checks, run),
        "run": run,
        "sections": sections,
        "summary": summary(run),
        "published": any(counts.values()),
        "elsewhere": published_on(run),
        "checks": checks,
        "files": checked_list.in_order(run.files),
        "listed": checked_list.listed(run.files) if len(run.files) > 1 else [],
        "inferences": inferences,
    }
    page = rendered("run.html", specs, context)
    share(1.0)
    return page


def comparison_page(comparison: Comparison) -> str:
    """The page of several runs.

    Raises:
        MissingExtraError: altair or vl-convert is not installed.
    """
    specs = Specs()
    parts = []
    for table in comparison.shared:
        curves = comparison.curves(table)
        parts.append(
            {
                "name": table.name,
                "anchor": safe_name(table.name),
                "table": number_table(comparison, table),
                "panels": small_multiples(curves, specs) if curves else [],
                "size": "small" if len(comparison.having(table).places) % 3 == 0 else "pairs",
                "curves": group(curves, specs) if curves else None,
            }
        )
    context = {
        "title": f"chainrule: {' and '.join(map(one_line, comparison.labels))}",
        "comparison": comparison,
        "command": shlex.join(
            (
                "chainrule",
                "report",
                *(str(run.folder) for run in comparison.runs),
                "--figures",
                "svg,pdf,png",
                "--tables",
                "latex,csv,markdown",
            )
        ),
        "found": found_between(comparison),
        "settings": settings_table(comparison),
        "parts": parts,
    }
    return rendered("comparison.html", specs, context)


def heading(sections: Sequence[Section], checks: Sequence[GradientChecks], run: RunFolder) -> str:
    """What the page is about: its one table's title, or what there is."""
    if len(sections) == 1:
        title = one_line(sections[0].title or sections[0].name)
        # Without its name a reader takes what was found in a program for the nets of the table.
        programs = run.files[0].file if len(run.files) == 1 else f"{len(run.files)} programs"
        return one_line(f"Gradient check of {programs}; {title}") if run.files else title
    if sections:
        data = run.results.environment.get("dataset", {}).get("name")
        published = any(tables.verdicts(run.results).values())
        kind = "published tables, trained again" if published else "tables"
        return f"{len(sections)} {kind}" + (f" on {one_line(data)}" if data else "")
    if run.inferences and not checks and not run.files:
        return "What the reports leave unsaid"
    if not checks and not run.files:
        return f"{one_line(run.name)} holds no results"
    if len(run.files) == 1 and not checks:
        return one_line(run.files[0].file)
    if len(checks) == 1 and not run.files:
        return f"Gradient check of {one_line(checks[0].recipe)}"
    return "Gradient check" if len(checks) + len(run.files) == 1 else "Gradient checks"


def lead(sections: Sequence[Section], run: RunFolder) -> str:
    """What was run, in a line."""
    if run.search:
        return one_line(f"{search_tables.strategy_text(run.search)}, on {run.search.dataset['name']}")
    if run.results.rows:
        searched = {(row.recipe, row.name) for row in run.results.rows if row.metric in tables.LABELS}
        settings = len({(row.recipe, row.name) for row in run.results.rows} - searched)
        counts = [f"{settings} setting{'s' * (settings > 1)}"] if settings else []
        counts += [f"{len(searched)} search{'es' * (len(searched) > 1)}"] if searched else []
        seeds = len(run.results.environment.get("seeds", []))
        names = [section.name for section in sections]
        data = run.results.environment.get("dataset", {}).get("name") or ""
        trained = f", trained on {data}" * (data not in ["", *names])
        return one_line(
            f"{', '.join(names)}: {' and '.join(counts)}, {seeds} seed{'s' * (seeds != 1)} each{trained}"
        )
    return ""


def found(run: RunFolder) -> list[str]:
    """What gradient checks found, in sentences, then what the run did."""
    checked = [checked_list.sentence(run.files)] if run.files else []
    checked += [check_tables.sentence(check) for check in run.checks if not run.results.rows]
    if run.search:
        return [*checked, search_tables.found(run.search)]
    if run.results.fits:
        return [*checked, *(f"{one_line(fit.words[-1])}." for fit in run.results.fits if fit.words)]
    if run.inferences and not run.results.rows:
        checked.append(inference_tables.found(run.inferences))
    return [*checked, *(sentences(run.results, published_on(run)) if run.results.rows else [])]


def contents(
    sections: Sequence[Section], checks: Sequence[GradientChecks], run: RunFolder
) -> list[tuple[str, str, str]]:
    """Anchor, name and words of every part of the page."""
    parts: list[tuple[str, str, str]] = []
    if len(run.files) == 1:
        parts.append(("file-1", run.files[0].file, run.files[0].outcome))
    for part in sections:
        own = run.only([part.name]).results
        parts.append((part.anchor, part.name, tables.summary(own) if own.rows else ""))
    parts += [(f"check-{i}", check.recipe, "gradient check") for i, check in enumerate(checks, start=1)]
    named = [part.name for part in sections]
    parts += [
        (f"unsaid-{safe_name(part.recipe)}", part.recipe, "what it leaves unsaid")
        for part in run.inferences
        if part.recipe not in named
    ]
    return [(anchor, one_line(name), words) for anchor, name, words in parts]


def summary(run: RunFolder) -> dict[str, Any]:
    """What stands at the top: counts, and on what it was made."""
    results, environment = run.results, run.results.environment
    claims = results.claims
    return {
        "failing": [claim for claim in claims if claim.held is False],
        "verdicts": tables.verdicts(results),
        "claims": tables.claim_counts(claims),
        "dataset": environment.get("dataset", {}),
        "machine": environment.get("machine", {}),
        "versions": environment.get("versions", {}),
        "command": environment.get("command", ""),
        "seeds": environment.get("seeds", []),
        "replicates": environment.get("search_replicates"),
        "widened": widened(results),
    }


def published_on(run: RunFolder) -> str:
    """The data set of the reports that the run's tables are from, where it was made on another; empty otherwise."""
    here = run.results.environment.get("dataset", {}).get("name")
    experiments = run.plan.experiments if run.plan else {}
    reports = [experiment.get("table", {}) for experiment in experiments.values()]
    names = dict.fromkeys(table.get("dataset") for table in reports if table.get("source"))
    return " and ".join(name for name in names if name and name != here) if here else ""
