"""What the page says of one recipe: tables, charts with their words, pictures, settings."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainrule.files import safe_name
from chainrule.records.figures import (
    CurvesFigure,
    Figure,
    HistogramsFigure,
    PredictionsFigure,
    RowPredictions,
    SearchesFigure,
    SearchScores,
    TemplatesFigure,
)
from chainrule.records.gradients import GradientChecks
from chainrule.records.inferences import RecipeInference
from chainrule.records.runs import ClaimResult, ResultRow
from chainrule.records.searches import SearchResults
from chainrule.report import (
    confusion,
    curves,
    histograms,
    inits,
    overlay,
    rungs,
    search_tables,
    searches,
)
from chainrule.report.folder import RunFolder
from chainrule.report.plots import FigureKind, drawings
from chainrule.report.specs import VARIABLES, Placed, Specs
from chainrule.report.style import colour, stroke
from chainrule.report.table import TextTable
from chainrule.report.tables import LABELS, recipe_table
from chainrule.report.templates import data_uri
from chainrule.text import as_toml, one_line

DASHED = {"train": "solid", "val": "dashed", "test": "dotted"}
"""How the page's legend draws the lines of :data:`chainrule.report.overlay.DASHES`."""

OLDER = (
    "Answers class by class, mistakes and searches are not in this folder: an older chainrule wrote it. The same "
    "command with the same --out adds them without training again."
)


@dataclass(frozen=True)
class Key:
    """An entry of a legend: a setting, its colour and the width of its line."""

    name: str
    colour: str
    width: float


@dataclass(frozen=True)
class Group:
    """Charts of all settings that one legend rules; ``dashes`` names each split's line, ``x`` what the horizontal
    axis counts."""

    keys: list[Key]
    dashes: list[tuple[str, str]]
    charts: list[Placed]
    x: str
    subtitle: str


@dataclass(frozen=True)
class PanelRow:
    """Small charts side by side, each with a title."""

    heading: str
    charts: list[tuple[str, Placed]]


@dataclass(frozen=True)
class Picture:
    """An image with its caption and, for those who do not see it, its words."""

    uri: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Gallery:
    """Pictures of one setting."""

    heading: str
    pictures: list[Picture]


@dataclass(frozen=True)
class Confusion:
    """One net's answers on the test split."""

    row: RowPredictions
    accuracy: float
    per_class: list[float | None]
    mistakes: list[Picture]


@dataclass(frozen=True)
class Section:
    """One recipe."""

    name: str
    anchor: str
    title: str
    words: list[str]
    source: str
    table: TextTable
    claims: list[ClaimResult]
    remarks: list[str]
    curves: Group | None
    inits: list[PanelRow]
    searches: PanelRow | None
    templates: list[Gallery]
    gradients: PanelRow | None
    classes: list[str]
    confusions: list[Confusion]
    settings: list[TextTable]
    inferred: list[str]
    checks: list[GradientChecks]
    inferences: list[RecipeInference]
    command: str
    files: list[str]
    missing: str


def section(run: RunFolder, recipe: str, specs: Specs) -> Section:
    """All that a run knows of one recipe; charts are placed in ``specs``."""
    results = run.results
    rows = [row for row in results.rows if row.recipe == recipe]
    own = [figure for figure in run.figures if figure.recipe == recipe]
    told = _told(run, recipe)
    drawn, predicted = _one(own, CurvesFigure), _one(own, PredictionsFigure)
    return Section(
        name=recipe,
        anchor=safe_name(recipe),
        title=results.titles.get(recipe)
        or next((figure.title for figure in own if figure.title != recipe), ""),
        source=told.get("table", {}).get("source") or "",
        words=search_tables.words(run.search) if run.search else [],
        table=search_tables.trials_of(run.search)
        if run.search
        else replace(recipe_table(results, recipe), caption=one_line(f"{recipe}: {_measured(run, rows)}")),
        claims=[claim for claim in results.claims if claim.recipe == recipe],
        remarks=[remark.told for remark in results.found if remark.recipe == recipe],
        curves=group(drawn, specs) if drawn else None,
        inits=_inits(drawn, inits.init_groups(rows), specs) if drawn else [],
        searches=_searches(_one(own, SearchesFigure), run.search, specs),
        templates=_templates(_one(own, TemplatesFigure)),
        gradients=_gradients(_one(own, HistogramsFigure), specs),
        classes=predicted.classes if predicted else [],
        confusions=[_confusion(predicted, row) for row in predicted.rows] if predicted else [],
        settings=search_tables.settings_tables(run.search) if run.search else settings_tables(run, recipe),
        inferred=list(dict.fromkeys(setting for row in rows for setting in row.inferred)),
        checks=[check for check in run.checks if check.recipe == recipe],
        inferences=[part for part in run.inferences if part.recipe == recipe],
        command=files_command(run, recipe),
        files=[safe_name(f"{recipe}-{name}") for name in drawings(run, recipe)],
        missing=OLDER if drawn and rows and predicted is None else "",
    )


def _told(run: RunFolder, recipe: str) -> dict[str, Any]:
    """What the plan says of a recipe; nothing where the run lost it."""
    return (run.plan.experiments.get(recipe) if run.plan else None) or {}


def _measured(run: RunFolder, rows: Sequence[ResultRow]) -> str:
    """What the numbers of a table are."""
    count = len(run.results.environment.get("seeds", []))
    replicates = run.results.environment.get("search_replicates") or 0
    seeds = f"means over {count} seeds" if count > 1 else "one seed"
    searched = any(row.metric in LABELS for row in rows)
    searches = f", of searches over {replicates} replicates" if searched and replicates > 1 else ""
    return f"{seeds}{searches}, and 95% prediction intervals for one more run"


def files_command(run: RunFolder, recipe: str) -> str:
    """What writes one recipe's figures as files."""
    command = run.command or ("chainrule", "report", str(run.folder), "--recipe", recipe)
    return shlex.join([*command, "--figures", "svg,pdf,png"])


def _one(figures: Sequence[Figure], kind: type[FigureKind]) -> FigureKind | None:
    return next((figure for figure in figures if isinstance(figure, kind)), None)


def group(figure: CurvesFigure, specs: Specs) -> Group:
    """Loss, cost, accuracy and learning rate under one legend."""
    placed = [
        specs.place(overlay.overlay(figure, metric, legend=False), _in_words(figure, metric))
        for metric in overlay.metrics(figure)
    ]
    keys = [Key(one_line(row.row), VARIABLES[colour(i)], stroke(i)) for i, row in enumerate(figure.rows)]
    drawn = {
        split for row in figure.rows for split in DASHED if any(name.startswith(split) for name in row.curves)
    }
    dashes = [(curves.SPLIT_NAMES[split], line) for split, line in DASHED.items() if split in drawn]
    return Group(keys, dashes, placed, figure.x, curves.seeds_text(figure.rows))


def _in_words(figure: CurvesFigure, metric: str) -> str:
    """A chart's first and last values, for those who do not see it."""
    parts = []
    for row in figure.rows:
        data = [point for point in overlay.points([row], metric) if point["mean"] is not None]
        ends = []
        for split in dict.fromkeys(point["split"] for point in data):
            means = [point["mean"] for point in data if point["split"] == split]
            name = "" if metric == "learning_rate" else f"{split} "
            ends.append(f"{name}from {means[0]:.4g} to {means[-1]:.4g}")
        parts.append(f"{row.row}: {', '.join(ends) or 'no values'}")
    return f"{overlay.METRICS[metric]} against {figure.x}. {'; '.join(parts)}"


def _inits(figure: CurvesFigure, groups: Sequence[inits.InitGroup], specs: Specs) -> list[PanelRow]:
    rows = {row.row: row for row in figure.rows}
    shown_rows = [rows[name] for group in groups for name in group.rows if name in rows]
    panels = iter(curves.metric_panels(shown_rows, inits.METRIC))
    lines = []
    for group in groups:
        charts = []
        for name in (name for name in group.rows if name in rows):
            panel = next(panels)
            chart = curves.draw_panel(panel, first=True, labelled=True, bottom=True, titled=False)
            chart.layer.append(curves.draw_hover(panel))
            words = _in_words(figure.model_copy(update={"rows": [rows[name]]}), inits.METRIC)
            charts.append((name, specs.place(chart, words, height=150)))
        lines.append(PanelRow(group.common, charts))
    return lines


def _searches(figure: SearchesFigure | None, whole: SearchResults | None, specs: Specs) -> PanelRow | None:
    if figure is None:
        return None
    charts = [
        (f"{search.name}: {searches.said(search)}" if i == 0 else search.name, _search(search, key, specs))
        for search in figure.searches
        for i, key in enumerate(searches.searched(search))
    ]
    if whole is not None and rungs.has_rungs(whole):
        text = "Successive halving: every trial at the epochs where trials were compared"
        charts.append((text, specs.place(rungs.rungs_chart(whole), text)))
    return PanelRow(searches.legend(figure), charts) if charts else None


def _search(search: SearchScores, key: str, specs: Specs) -> Placed:
    points = [
        f"{search_tables.value_text(searches.flat(point.values).get(key))}: {point.score:.4f}"
        for point in search.replicates[0]
    ]
    words = (
        f"{searches.METRICS[search.metric]} over {key}, {search.name}, first replicate: {', '.join(points)}"
    )
    return specs.place(searches.search_chart(search, key), words)


def _templates(figure: TemplatesFigure | None) -> list[Gallery]:
    if figure is None:
        return []
    return [
        Gallery(
            f"{row.row} (seed {row.seed})",
            [
                Picture(
                    data_uri(image, figure.shape, side=1),
                    one_line(name),
                    f"template of class {one_line(name)}",
                )
                for name, image in zip(figure.classes, row.images, strict=True)
            ],
        )
        for row in figure.rows
    ]


def _gradients(figure: HistogramsFigure | None, specs: Specs) -> PanelRow | None:
    if figure is None:
        return None
    charts = []
    for row in figure.rows:
        most = max(range(len(row.counts)), key=lambda i: row.counts[i])
        words = (
            f"histogram of {sum(row.counts)} entries of dJ/dW of {row.row}; the fullest bin, "
            f"from {row.edges[most]:.2e} to {row.edges[most + 1]:.2e}, holds {row.counts[most]}"
        )
        charts.append((row.row, specs.place(histograms.panel(row, figure), words, height=200)))
    return PanelRow(histograms.subtitle(figure), charts)


def _confusion(figure: PredictionsFigure, row: RowPredictions) -> Confusion:
    mistakes = []
    for mistake in row.mistakes:
        truth, predicted = (
            one_line(figure.classes[mistake.truth]),
            one_line(figure.classes[mistake.predicted]),
        )
        sure = confusion.confidence(row, mistake)
        uri = data_uri(confusion.pixels(mistake), figure.shape, side=1)
        mistakes.append(Picture(uri, f"{truth}, taken for {predicted} ({sure})", f"image of class {truth}"))
    return Confusion(row, confusion.accuracy(row), confusion.per_class(row), mistakes)


def settings_tables(run: RunFolder, recipe: str) -> list[TextTable]:
    """What all rows have in common, then what sets them apart; none where the run lost its plan."""
    told = _told(run, recipe)
    resolved: dict[str, dict[str, Any]] = told.get("settings", {})
    if not resolved:
        return []
    first = next(iter(resolved.values()))
    # Settings that came later stand only where they are not at their default.
    keys = dict.fromkeys(key for settings in resolved.values() for key in settings)
    common = [key for key in first if all(settings.get(key) == first[key] for settings in resolved.values())]
    varied = [key for key in keys if key not in common]
    tables = [
        TextTable(
            "settings of all rows", [["setting", "value"]], [[k, as_toml(first[k])] for k in common], text=2
        )
    ]
    if varied:
        body = [
            [name, *(as_toml(settings[key]) if key in settings else "default" for key in varied)]
            for name, settings in resolved.items()
        ]
        tables.append(TextTable("settings that differ", [["row", *varied]], body, text=1 + len(varied)))
    searched = [
        [
            search["name"],
            as_toml(search.get("set", {})),
            as_toml(search.get("space", {})),
            as_toml(search.get("strategy", {})),
        ]
        for search in told.get("table", {}).get("searches", [])
    ]
    if searched:
        tables.append(TextTable("searches", [["search", "sets", "space", "strategy"]], searched, text=4))
    return tables
