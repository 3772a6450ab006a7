"""Results as the terminal prints them, and as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chainrule.records.base import Number
from chainrule.records.runs import ClaimResult, FittedNets, InputMeans, ResultRow, Results
from chainrule.report.table import TextTable, named_once
from chainrule.report.terminal import VERDICT, rich_table
from chainrule.text import csv_table, one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

NONE = "-"
MARK = " *"
HEAD = ("setting", "accuracy", "published", "mean", "95% interval", "verdict")
LABELS = {
    "best_val_accuracy": "best val",
    "second_best_val_accuracy": "2nd val",
    "third_best_val_accuracy": "3rd val",
    "best_setting_shortfall": "best set",
    "second_best_setting_shortfall": "2nd set",
    "third_best_setting_shortfall": "3rd set",
}
"""Short names of what searches measure: best scores, and what the published best setting falls short of them."""
EXPLAINED = {
    "best_val_accuracy": "best val: the best validation accuracy of a search, over its replicates",
    "best_setting_shortfall": "best set: what the published best setting (the trial nearest to it) scores below a "
    "search's own best; it agrees within one standard error of that best; 2nd and 3rd set likewise",
}
"""What the short names stand for, below tables that have them."""
VERDICTS = ("agrees", "differs", "uninformative")
SUPPOSED = " [supposed in the report; tried here]"
CSV_COLUMNS = (
    "recipe", "name", "metric", "published", "mean", "low", "high", "verdict", "values", "setting", "inferred",
    "diverged",
)  # fmt: skip


class Cells(NamedTuple):
    """One line of a table as text; the mean ends in ``*`` where a seed diverged."""

    setting: str
    metric: str
    published: str
    mean: str
    interval: str
    verdict: str


class ClaimCounts(NamedTuple):
    """How many claims of a kind hold, how many so few runs cannot tell, and how many there are."""

    kind: str
    held: int
    untold: int
    all: int

    @property
    def failed(self) -> int:
        """How many fail."""
        return self.all - self.held - self.untold

    @property
    def words(self) -> str:
        """As in ``3 of 5 claims hold, 1 fails, 1 cannot be told``."""
        text = f"{self.held} of {self.all} {self.kind}{'s' * (self.all > 1)} hold{'s' * (self.held == 1)}"
        failed = f", {self.failed} fail{'s' * (self.failed == 1)}" if self.failed else ""
        return f"{text}{failed}" + (f", {self.untold} cannot be told" if self.untold else "")


def recipe_table(results: Results, recipe: str) -> TextTable:
    """One recipe's lines and notes; without the columns of published values and verdicts where nothing is published."""
    rows = [row for row in results.rows if row.recipe == recipe]
    means = [split_means for split_means in results.input_means if split_means.recipe == recipe]
    published = any(row.published is not None for row in rows)
    kept = (
        range(len(HEAD))
        if published
        else [i for i, name in enumerate(HEAD) if name not in ("published", "verdict")]
    )
    caption = one_line(f"{recipe}: {results.titles[recipe]}" if results.titles.get(recipe) else recipe)
    body = [[line[i] for i in kept] for line in map(cells, rows)]
    return TextTable(caption, [[HEAD[i] for i in kept]], body, text=2, notes=notes(rows, means))


def cells(row: ResultRow) -> Cells:
    """A row's numbers, the measured ones with four decimals, ``-`` where there is none."""
    return Cells(
        setting=one_line(row.name),
        metric=metric_text(row),
        published=published_text(row),
        mean=decimals(row.mean) + (MARK if row.diverged else ""),
        interval=interval_text(row),
        verdict=row.verdict or NONE,
    )


def metric_text(row: ResultRow) -> str:
    """What is measured: ``test``, ``best val``."""
    return LABELS.get(row.metric, row.metric.removesuffix("_accuracy"))


def interval_text(row: ResultRow) -> str:
    """The interval, as far as there are such values: no accuracy lies below 0 or above 1."""
    if row.low is None or row.high is None:
        return NONE
    least = -1.0 if row.metric.endswith("shortfall") else 0.0
    return f"[{max(row.low, least):z.4f}, {min(row.high, 1.0):z.4f}]"


def published_text(row: ResultRow) -> str:
    """The published value as the report prints it."""
    if row.published is None:
        return NONE
    return (
        str(row.published)
        if row.published_decimals is None
        else f"{row.published:.{row.published_decimals}f}"
    )


def decimals(value: Number) -> str:
    """Four decimals, never ``-0.0000``."""
    return NONE if value is None else f"{value:z.4f}"


def print_results(results: Results, console: Console) -> None:
    """Print every recipe's table, notes and claims, then what holds for all; readable from 80 columns on."""
    from rich.text import Text

    for recipe in recipe_names(results):
        rows = [row for row in results.rows if row.recipe == recipe]
        console.print(Text(one_line(recipe), style="bold"))
        table = recipe_table(results, recipe)
        if rows:
            console.print(_printed(table))
        for note in table.notes:
            console.print(Text(note))
        claims = [claim for claim in results.claims if claim.recipe == recipe]
        if claims:
            console.print(rich_table(claims_table(claims), "lw", gap=3, headed=False, ruled=False))
        for finding in results.found:
            if finding.recipe == recipe:
                console.print(Text(one_line(finding.told)))
        console.print()
    for line in (*widened(results), summary(results)):
        console.print(Text(line))


def _printed(table: TextTable) -> Table:
    columns = ["w" if name == "setting" else "r" if name == "mean" else "l" for name in table.columns]
    return rich_table(replace(table, body=named_once(table.body)), "".join(columns))


def recipe_names(results: Results) -> list[str]:
    """The recipes of which anything is known, each once, in the order of the results."""
    names = [fit.recipe for fit in results.fits]
    names += [row.recipe for row in results.rows]
    names += [claim.recipe for claim in results.claims]
    names += [means.recipe for means in results.input_means]
    return list(dict.fromkeys(names))


def scores_table(fit: FittedNets) -> TextTable | None:
    """How the nets of one table do together and one by one; None where no rows were kept aside."""
    if not fit.scores:
        return None
    several = len(fit.scores[0].alone) > 1
    body = []
    for row in fit.scores:
        alone = [value for value in row.alone if value is not None]
        one_by_one = (
            [f"{sum(alone) / len(alone):.4f}", f"{min(alone):.4f} to {max(alone):.4f}"]
            if alone
            else [NONE] * 2
        )
        body.append([row.metric, decimals(row.together), *(one_by_one if several else [])])
    head = ["metric", "together", "one alone, mean", "from the worst to the best"]
    caption = f"On {fit.rows} rows kept aside, by scikit-learn's scorers; larger is better"
    return TextTable(caption, [head if several else ["metric", "value"]], body, text=1)


def claims_table(claims: Sequence[ClaimResult]) -> TextTable:
    """Its outcome before each claim and its evidence."""
    body = [[claim.outcome, one_line(f"{claim_text(claim)} ({claim.evidence})")] for claim in claims]
    return TextTable("claims of the report", [[VERDICT, "claim"]], body, text=2)


def claim_text(claim: ClaimResult) -> str:
    """The claim in words, marked where the report did not try it."""
    return f"{claim.text}{SUPPOSED}" if claim.supposed else claim.text


def claim_counts(claims: Sequence[ClaimResult]) -> list[ClaimCounts]:
    """Claims, then suppositions, each where there are any."""
    kinds = {
        "claim": [claim.outcome for claim in claims if not claim.supposed],
        "supposition": [claim.outcome for claim in claims if claim.supposed],
    }
    return [
        ClaimCounts(kind, outcomes.count("holds"), outcomes.count("cannot be told"), len(outcomes))
        for kind, outcomes in kinds.items()
        if outcomes
    ]


def notes(rows: Sequence[ResultRow], means: Sequence[InputMeans]) -> list[str]:
    """What a recipe's table leaves unsaid: diverged seeds, inferred settings, means of the inputs."""
    diverged = dict.fromkeys((row.name, tuple(row.diverged)) for row in rows if row.diverged)
    lines = [
        f"* {name}: seed{'s' * (len(seeds) > 1)} {', '.join(map(str, seeds))} diverged; "
        "the value is that of the last weights kept"
        for name, seeds in diverged
    ]
    lines += [text for metric, text in EXPLAINED.items() if any(row.metric == metric for row in rows)]
    return [one_line(line) for line in [*lines, *inferred_lines(rows), *map(means_text, means)]]


def inferred_lines(rows: Sequence[ResultRow]) -> list[str]:
    """What is inferred for all rows, then what for some of them besides."""
    by_name = {row.name: row.inferred for row in rows}
    every = list(by_name.values())
    common = [setting for setting in every[0] if all(setting in own for own in every)] if every else []
    extra: dict[tuple[str, ...], list[str]] = {}
    for name, own in by_name.items():
        extra.setdefault(tuple(setting for setting in own if setting not in common), []).append(name)
    lines = [f"inferred, not stated in the report: {', '.join(common)}"] if common else []
    return lines + [
        f"inferred for {', '.join(names)}: {', '.join(own)}" for own, names in extra.items() if own
    ]


def means_text(means: InputMeans) -> str:
    """The mean of each split's preprocessed inputs beside the published one."""
    measured = ", ".join(f"{split} {decimals(value)}" for split, value in means.measured.items())
    text = f"mean of all inputs after preprocessing: {measured}"
    if means.published is None:
        return text
    return f"{text} (published {', '.join(decimals(means.published.get(split)) for split in means.measured)})"


def widened(results: Results) -> list[str]:
    """The line that says that intervals are wider than the seeds make them, if they are."""
    dataset = results.environment.get("dataset")
    by = dataset.get("widened_by") or 0.0 if isinstance(dataset, dict) else 0.0
    text = f"the data's checksums are not the official ones: intervals are widened by {by:g} each way"
    return [text] if by > 0 else []


def is_shortfall(row: ResultRow) -> bool:
    """Whether it is what a search's published best setting falls short of, which no report printed."""
    return row.metric.endswith("shortfall")


def published(results: Results) -> Iterator[ResultRow]:
    """What reports printed."""
    for row in results.rows:
        if row.published is not None and row.mean is not None and not is_shortfall(row):
            yield row


def verdicts(results: Results) -> dict[str | None, int]:
    """How many values that reports printed have each verdict; None: it takes more seeds."""
    known: list[str | None] = [row.verdict for row in published(results)]
    return {verdict: known.count(verdict) for verdict in (*VERDICTS, None)}


def best_settings(results: Results) -> tuple[int, int]:
    """How many settings that reports found best come within one standard error of the best here, and of how many."""
    known = [row.verdict for row in results.rows if is_shortfall(row) and row.verdict]
    return known.count("agrees"), len(known)


def summary(results: Results) -> str:
    """How many published values agree, differ and say nothing, how many best settings are as good here, and what became
    of the claims: one line."""
    by_verdict = verdicts(results)
    agree, differ = by_verdict["agrees"], by_verdict["differs"]
    counts = {
        "agrees" if agree == 1 else "agree": agree,
        "differs" if differ == 1 else "differ": differ,
        "uninformative": by_verdict["uninformative"],
        "without a verdict (it takes 3 seeds)": by_verdict[None],
    }
    parts = [", ".join(f"{count} {words}" for words, count in counts.items() if count)]
    good, settings = best_settings(results)
    if settings:
        parts.append(f"{good} of {settings} best settings within one standard error")
    elif results.rows and not any(by_verdict.values()):
        count = len(results.rows)
        parts = [f"{count} accurac{'y' if count == 1 else 'ies'} measured, nothing published to compare with"]
    parts += [counts.words for counts in claim_counts(results.claims)]
    return "; ".join(filter(None, parts)) or "no results"


def to_csv(results: Results) -> str:
    """The rows as CSV: full precision, empty where null, lists joined by ``;``, the setting as JSON."""
    lines = []
    for row in results.rows:
        line = row.model_dump()
        line["values"] = ";".join("" if value is None else repr(value) for value in row.values)
        line["setting"] = json.dumps(row.setting, ensure_ascii=False)
        line["inferred"] = ";".join(row.inferred)
        line["diverged"] = ";".join(map(str, row.diverged))
        lines.append([line[column] for column in CSV_COLUMNS])
    return csv_table(CSV_COLUMNS, lines)
