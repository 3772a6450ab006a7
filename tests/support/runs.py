"""A folder of results as a run leaves it, made of records alone: two tables, every kind of figure."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.files import safe_name, write_text
from chainrule.records.base import Record
from chainrule.records.figures import (
    Band,
    CurvesFigure,
    HistogramsFigure,
    MisclassifiedImage,
    PredictionsFigure,
    RowCurves,
    RowHistogram,
    RowPredictions,
    RowTemplates,
    SearchesFigure,
    SearchPoint,
    SearchScores,
    TemplatesFigure,
)
from chainrule.records.plans import Plan
from chainrule.records.runs import CURVES, ClaimResult, InputMeans, Remark, ResultRow, Results

CLASSES = ["cat", "dog & co", "<i>frog</i>"]
ROWS = {
    "linear": ["rate 0.1", "rate 0.01, <b>bold</b>"],
    "deep": ["sigma 1", "sigma 2", "normed 1", "normed 2"],
}
TITLES = {"linear": "One layer & <script>alert(1)</script>", "deep": "Sensitivity to the init"}
SETTINGS: dict[str, dict[str, Any]] = {
    "rate 0.1": {"learning_rate": 0.1},
    "rate 0.01, <b>bold</b>": {"learning_rate": 0.01},
    "sigma 1": {"init": {"normal": 1.0}},
    "sigma 2": {"init": {"normal": 2.0}},
    "normed 1": {"init": {"normal": 1.0}, "batch_norm": True},
    "normed 2": {"init": {"normal": 2.0}, "batch_norm": True},
}
SHAPE = (3, 4, 4)
EPOCHS = 6


def example_results(shift: float = 0.0, spread: float = 0.01) -> Results:
    """Five seeds of every row; accuracies move by ``shift``."""
    rows = []
    for recipe, names in ROWS.items():
        for i, name in enumerate(names):
            values = [0.30123 + 0.05 * i + shift + spread * step for step in (-1.0, -0.5, 0.0, 0.5, 1.0)]
            verdicts = ("agrees", "differs", "uninformative")
            published = recipe == "linear" or i < 3
            low = 0.29 if published and verdicts[i] == "uninformative" else values[0] - 0.02
            rows.append(
                ResultRow(
                    recipe=recipe, name=name, setting=SETTINGS[name], metric="test_accuracy",
                    published=0.3012 if published else None, published_decimals=4 if published else None,
                    values=list(values), mean=float(np.mean(values)), low=low, high=values[-1] + 0.02,
                    verdict=verdicts[i] if published else None, inferred=["shuffle"], diverged=[],
                )
            )  # fmt: skip
    return Results(
        rows=rows,
        claims=[
            ClaimResult(recipe="linear", text="a <claim>", held=True, evidence="1 < 2"),
            ClaimResult(recipe="linear", text="another", held=False, evidence="2 > 1"),
            ClaimResult(recipe="deep", text="a third", held=None, evidence="3 ? 4"),
            ClaimResult(recipe="deep", text="a guess", held=True, evidence="5 < 6", supposed=True),
        ],
        input_means=[InputMeans(recipe="linear", measured={"train": 0.5}, published=None)],
        titles=TITLES,
        found=[Remark(recipe="linear", text="that <b>it</b> is so", seeds=16, date="2026-05-01")],
        environment={
            "dataset": {"name": "digits", "checksum": "0", "official": False, "widened_by": 0.006},
            "seeds": [0, 1, 2, 3, 4], "search_replicates": 2, "command": "chainrule reproduce <linear>",
            "versions": {"python": "3.11", "chainrule": "0.1.0"},
            "machine": {"processor": "P", "cores": 2, "system": "Linux", "blas": ["openblas"]},
        },
    )  # fmt: skip


def example_curves(recipe: str, shift: float = 0.0) -> CurvesFigure:
    """Curves that fall or rise, of five seeds."""
    rows = []
    for i, name in enumerate(ROWS[recipe]):
        curves = {}
        for curve in CURVES:
            rising = curve.endswith("accuracy")
            mean = [
                0.1 * (i + 1) + shift + (epoch / 20 if rising else 2 / (epoch + 1)) for epoch in range(EPOCHS)
            ]
            curves[curve] = Band(mean=list(mean), low=[v - 0.05 for v in mean], high=[v + 0.05 for v in mean])
        rates = [0.1 / (epoch + 1) for epoch in range(EPOCHS)]
        rows.append(
            RowCurves(row=name, seeds=5, epoch=list(range(EPOCHS)), learning_rate=list(rates), curves=curves)
        )
    return CurvesFigure(recipe=recipe, title=TITLES[recipe], rows=rows)


def example_predictions(recipe: str) -> PredictionsFigure:
    """Confusion counts with mistakes, of whose images no two values are the same."""
    size = int(np.prod(SHAPE))
    rows = []
    for name in ROWS[recipe]:
        mistakes = [
            MisclassifiedImage(
                image=base64.b64encode(bytes(60 * (i + 1) + j for j in range(size))).decode(),
                truth=i, predicted=(i + 1) % 3, confidence=0.9 - 0.1 * i,
            )
            for i in range(3)
        ]  # fmt: skip
        counts = [[7, 2, 1], [0, 9, 1], [3, 3, 4]]
        rows.append(
            RowPredictions(row=name, seed=0, confidence="probability", counts=counts, mistakes=mistakes)
        )
    return PredictionsFigure(recipe=recipe, title=TITLES[recipe], classes=CLASSES, shape=SHAPE, rows=rows)


def example_searches() -> SearchesFigure:
    """A grid with 0 of two replicates, and a logarithmic one of one."""
    grids = {"coarse": [1e-5, 1e-4, 1e-3, 1e-2], "fine": [0.0, 0.001, 0.002]}
    searches = [
        SearchScores(
            name=name, setting={"epochs": 3}, inits=2, published_best={"l2": values[1]},
            replicates=[
                [
                    SearchPoint(values={"l2": value}, score=0.5 - 0.01 * abs(i - 1) - 0.001 * replicate, error=0.004)
                    for i, value in enumerate(values)
                ]
                for replicate in range(replicates)
            ],
        )
        for (name, values), replicates in zip(grids.items(), (1, 2), strict=True)
    ]  # fmt: skip
    return SearchesFigure(recipe="linear", title=TITLES["linear"], searches=searches)


def example_figures(shift: float = 0.0) -> list[Record]:
    """Every kind of figure."""
    pixels = np.random.default_rng(0).integers(0, 256, (2, 3, int(np.prod(SHAPE)))).tolist()
    templates = [
        RowTemplates(row=name, seed=0, images=images)
        for name, images in zip(ROWS["linear"], pixels, strict=True)
    ]
    bins = [RowHistogram(row=name, seed=0, edges=[-1.0, 0.0, 1.0], counts=[3, 4]) for name in ROWS["linear"]]
    about: dict[str, Any] = {"recipe": "linear", "title": TITLES["linear"]}
    return [
        example_curves("linear", shift), example_curves("deep", shift), example_searches(),
        TemplatesFigure(**about, classes=CLASSES, shape=SHAPE, rows=templates), HistogramsFigure(**about, rows=bins),
        example_predictions("linear"), example_predictions("deep"),
    ]  # fmt: skip


def example_plan(**changes: Any) -> Plan:
    """The plan of :func:`example_results`; ``changes`` go into the settings of all rows."""
    base = {"epochs": 5, "shuffle": True, "learning_rate": 0.05, "init": "he", "batch_norm": False, **changes}
    return Plan(
        dataset={"name": "digits", "checksum": "0"},
        experiments={
            recipe: {
                "table": {"searches": [{"name": "coarse", "set": {}, "grid": {"l2": [0.1]}, "inits": 2}]},
                "settings": {name: {**base, **SETTINGS[name]} for name in names},
            }
            for recipe, names in ROWS.items()
        },
        seeds=[0, 1, 2, 3, 4],
        replicates=2,
    )


def example_run(folder: Path, shift: float = 0.0, *, kinds: set[str] | None = None, **changes: Any) -> Path:
    """Write a run; of its figures only those of ``kinds``, as an older version may have left it."""
    write_text(folder / "plan.json", example_plan(**changes).to_json())
    write_text(folder / "results.json", example_results(shift).to_json())
    for figure in example_figures(shift):
        name = safe_name(f"{figure.recipe}-{figure.kind}")  # type: ignore[attr-defined]
        if kinds is None or figure.kind in kinds:  # type: ignore[attr-defined]
            write_text(folder / "figures" / f"{name}.json", figure.to_json())
    return folder
