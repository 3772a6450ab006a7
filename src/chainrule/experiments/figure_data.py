"""What the figures of a table show, as data: curves over seeds, rows of W as pictures, gradients, searches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.experiments.entries import weight_gradient
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.outcome import TableOutcome
from chainrule.experiments.predictions import predictions
from chainrule.experiments.published_search import TrialsByReplicate
from chainrule.records.figures import (
    CurvesFigure,
    Figure,
    HistogramsFigure,
    RowCurves,
    RowHistogram,
    RowTemplates,
    SearchesFigure,
    SearchPoint,
    SearchScores,
    TemplatesFigure,
)
from chainrule.records.runs import Member
from chainrule.searches.trials import merit
from chainrule.settings.settings import Settings
from chainrule.train.weights import Weights
from chainrule.work.store import Store

MembersByRow = Mapping[str, Sequence[Member]]

_BINS = 60


def figures(table: TableOutcome, dataset: Dataset, store: Store) -> Iterator[Figure]:
    """What one table's figures show: of the first seed where a figure shows one net."""
    name, experiment, settings = table.name, table.experiment, table.settings
    if experiment.searches:
        yield searches(name, experiment, table.searches)
    if not table.rows:
        return
    yield curves(name, experiment, table.rows)
    kept = {
        row: (members[0].seed, store.weights(members[0]))
        for row, members in table.rows.items()
        if members[0].weights_sha256 is not None
    }
    tested = {row: own for row, own in kept.items() if splits.count("test", settings[row], dataset)}
    if tested:
        yield predictions(name, experiment, dataset, settings, tested)
    flat = {row: own for row, own in kept.items() if not settings[row].hidden}
    if flat:
        yield templates(name, experiment, dataset, flat)
    shown = {row: flat[row] for row in experiment.gradient_histograms if row in flat}
    if shown:
        yield gradient_histograms(name, experiment, dataset, settings, shown)


def curves(recipe: str, experiment: Experiment, rows: MembersByRow) -> CurvesFigure:
    """Every row's curves: mean over seeds with the smallest and largest."""
    return CurvesFigure(
        recipe=recipe,
        title=experiment.title,
        rows=[RowCurves.over(row, [member.history for member in members]) for row, members in rows.items()],
    )


def templates(
    recipe: str, experiment: Experiment, dataset: Dataset, weights: Mapping[str, tuple[int, Weights]]
) -> TemplatesFigure:
    """Rows of W as class templates.

    Args:
        recipe, experiment: the table.
        dataset: gives class names and the pictures' shape.
        weights: by row of the table, a seed and its weights, W (K, D).
    """
    return TemplatesFigure(
        recipe=recipe,
        title=experiment.title,
        classes=list(dataset.classes),
        shape=dataset.shape,
        rows=[
            RowTemplates.over(row, seed, own["last.W1"].astype(np.float64))
            for row, (seed, own) in weights.items()
        ],
    )


def gradient_histograms(
    recipe: str,
    experiment: Experiment,
    dataset: Dataset,
    settings: Mapping[str, Settings],
    weights: Mapping[str, tuple[int, Weights]],
) -> HistogramsFigure:
    """Entries of dJ/dW over the whole training split with the last weights, all rows on the same bins.

    Args:
        recipe, experiment: the table.
        dataset: what was trained on.
        settings: of each row.
        weights: by row, a seed and its weights.
    """
    gradients = {row: weight_gradient(settings[row], dataset, own) for row, (_, own) in weights.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(gradients.values())), _BINS)
    rows = [RowHistogram.over(row, weights[row][0], values, edges) for row, values in gradients.items()]
    return HistogramsFigure(recipe=recipe, title=experiment.title, rows=rows)


def searches(recipe: str, experiment: Experiment, scores: Mapping[str, TrialsByReplicate]) -> SearchesFigure:
    """Every point of every search, by the search's name replicate by replicate."""
    return SearchesFigure(
        recipe=recipe,
        title=experiment.title,
        searches=[
            SearchScores(
                name=search.name,
                setting=search.set,
                inits=search.strategy.inits,
                published_best=next(iter(search.published.best_settings), {}),
                replicates=[
                    [
                        SearchPoint(
                            values=point.values, score=merit(point, "val_accuracy"), error=point.error or 0.0
                        )
                        for point in points
                    ]
                    for points in scores[search.name]
                ],
            )
            for search in experiment.searches
        ],
    )
