"""What the page says of one recipe: tables, charts with their words, pictures, settings."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chainrule.files import safe_name
from chainrule.records.figures import (
    CurvesFigure,
    Figure,
    HistogramsFigure,
    PredictionsFigure,
    ResidualsFigure,
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
    histograms,
    inits,
    parallel,
    residuals,
    row_settings,
    rungs,
    search_tables,
    searched,
    searches,
)
from chainrule.report.folder import RunFolder
from chainrule.report.groups import Group, PanelRow, group, panel_row, small_multiples
from chainrule.report.plots import FigureKind, drawings
from chainrule.report.specs import Placed, Specs
from chainrule.report.table import TextTable
from chainrule.report.tables import LABELS, recipe_table, scores_table
from chainrule.report.templates import data_uri
from chainrule.text import one_line

OLDER = (
    "Answers class by class, mistakes and searches are not in this folder: an older chainrule wrote it. The same "
    "command with the same --out adds them without training again."
)


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
    """One net's answers, and to what."""

    row: RowPredictions
    accuracy: float
    per_class: list[float | None]
    mistakes: list[Picture]
    what: str


@dataclass(frozen=True)
class Section:
    """One recipe."""

    name: str
    anchor: str
    title: str
    words: list[str]
    source: str
    table: TextTable
    scores: TextTable | None
    residuals: PanelRow | None
    claims: list[ClaimResult]
    remarks: list[str]
    panels: list[PanelRow]
    curves: Group | None
    inits: list[PanelRow]
    searches: list[PanelRow]
    templates: list[Gallery]
    gradients: PanelRow | None
    classes: list[str]
    confusions: list[Confusion]
    best: int
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
    told = row_settings.plan_of(run, recipe)
    drawn, predicted = _one(own, CurvesFigure), _one(own, PredictionsFigure)
    fit = next((fit for fit in results.fits if fit.recipe == recipe), None)
    return Section(
        name=recipe,
        anchor=safe_name(recipe),
        title=results.titles.get(recipe)
        or next((figure.title for figure in own if figure.title != recipe), ""),
        source=told.get("table", {}).get("source") or "",
        words=search_tables.reasons(run.search)
        if run.search
        # What came of a fit, its last words, stands at the top of the page.
        else [*(fit.words[:-1] if fit else []), *row_settings.tried(run, recipe)],
        table=search_tables.trials_of(run.search)
        if run.search
        else replace(recipe_table(results, recipe), caption=one_line(f"{recipe}: {_measured(run, rows)}")),
        scores=scores_table(fit) if fit else None,
        residuals=_residuals(_one(own, ResidualsFigure), specs),
        claims=[claim for claim in results.claims if claim.recipe == recipe],
        remarks=[remark.told for remark in results.found if remark.recipe == recipe],
        panels=small_multiples(drawn, specs) if drawn else [],
        curves=group(drawn, specs) if drawn else None,
        inits=_inits(drawn, inits.init_groups(rows), specs) if drawn else [],
        searches=_searches(_one(own, SearchesFigure), run.search, specs),
        templates=_templates(_one(own, TemplatesFigure)),
        gradients=_gradients(_one(own, HistogramsFigure), specs),
        classes=predicted.classes if predicted else [],
        confusions=[_confusion(predicted, row) for row in predicted.rows] if predicted else [],
        best=_best([row.row for row in predicted.rows], drawn) if predicted else 0,
        settings=search_tables.settings_tables(run.search)
        if run.search
        else [
            *([row_settings.settings_table("settings", fit.settings)] if fit else []),
            *row_settings.settings_tables(run, recipe),
        ],
        inferred=list(dict.fromkeys(setting for row in rows for setting in row.inferred)),
        checks=[check for check in run.checks if check.recipe == recipe],
        inferences=[part for part in run.inferences if part.recipe == recipe],
        command=files_command(run, recipe),
        files=[safe_name(f"{recipe}-{name}") for name in drawings(run, recipe)],
        missing=OLDER if drawn and rows and predicted is None else "",
    )


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


def _residuals(figure: ResidualsFigure | None, specs: Specs) -> PanelRow | None:
    if figure is None:
        return None
    words = residuals.in_words(figure)
    chart = specs.place(residuals.scatter(figure), f"{words}; {residuals.subtitle(figure)}", height=340)
    return PanelRow(f"{words}.", [(residuals.subtitle(figure), chart)])


def _one(figures: Sequence[Figure], kind: type[FigureKind]) -> FigureKind | None:
    return next((figure for figure in figures if isinstance(figure, kind)), None)


def _inits(figure: CurvesFigure, groups: Sequence[inits.InitGroup], specs: Specs) -> list[PanelRow]:
    names = [name for alike in groups for name in alike.rows]
    charts = dict(panel_row("", figure, names, inits.METRIC, specs).charts)
    return [
        PanelRow(alike.common, [(name, charts[name]) for name in alike.rows if name in charts])
        for alike in groups
    ]


def _searches(figure: SearchesFigure | None, whole: SearchResults | None, specs: Specs) -> list[PanelRow]:
    if figure is None:
        return []
    several = len(figure.searches) > 1
    lines = [
        (search.name * several, specs.place(parallel.parallel_chart(search), parallel.in_words(search)))
        for search in figure.searches
        if parallel.has_lines(search)
    ]
    charts = [
        (f"{search.name}: {key}" if several else key, _search(search, key, specs))
        for search in figure.searches
        for key in searched.searched(search)
    ]
    if whole is not None and rungs.has_rungs(whole):
        text = "Successive halving: every trial at the epochs where trials were compared"
        charts.append((text, specs.place(rungs.rungs_chart(whole), text)))
    tops = [f"{f'{search.name}: ' * several}{searches.said(search)}" for search in figure.searches]
    told = "\n".join([*tops, searches.legend(figure)])
    shown = [PanelRow(parallel.legend(*figure.searches), lines, wide=True), PanelRow(told, charts)]
    return [row for row in shown if row.charts]


def _search(search: SearchScores, key: str, specs: Specs) -> Placed:
    points = [
        f"{search_tables.value_text(searched.flat(point.values).get(key))}: {point.score:.4f}"
        for point in search.replicates[0]
    ]
    words = f"{searched.score_name(search)} over {key}, {search.name}, first replicate: {', '.join(points)}"
    return specs.place(searches.search_chart(search, key), words)


def _templates(figure: TemplatesFigure | None) -> list[Gallery]:
    if figure is None:
        return []
    return [
        Gallery(
            row.row if row.seed is None else f"{row.row} (seed {row.seed})",
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
    what = confusion.rows_text(figure, row)
    return Confusion(row, confusion.accuracy(row), confusion.per_class(row), mistakes, what)


def _best(names: Sequence[str], figure: CurvesFigure | None) -> int:
    """Whose answers are shown first, of these settings: that of the highest validation accuracy in the end, the first
    where none is known."""
    bands = {row.row: row.curves.get("val_accuracy") for row in figure.rows} if figure else {}
    ends = [band.mean[-1] if (band := bands.get(name)) and band.mean else None for name in names]
    return max(range(len(names)), key=lambda i: ends[i] or 0.0, default=0)
