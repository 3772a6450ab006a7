"""Several runs side by side: settings that differ, curves overlaid, differences beside the seeds' noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chainrule import statistics
from chainrule.errors import SettingsError
from chainrule.records.base import Number
from chainrule.records.figures import CurvesFigure
from chainrule.records.runs import ResultRow, Results
from chainrule.report.folder import RunFolder
from chainrule.report.table import TextTable
from chainrule.report.tables import LABELS, NONE, decimals, interval_text
from chainrule.text import csv_table, one_line

NOISE = (
    "A difference is beyond seed noise when the 95% interval of Welch's t-test, given behind it, does not reach 0; "
    "of twenty settings that do not differ, one does so by chance."
)


@dataclass(frozen=True)
class SharedTable:
    """One table that several runs have.

    Attributes:
        name: what it is called.
        recipes: its name in each run, None in a run without it.
    """

    name: str
    recipes: list[str | None]


@dataclass(frozen=True)
class ComparedNumber:
    """One number in every run: the rows of the results, None in a run without it."""

    table: str
    name: str
    metric: str
    rows: list[ResultRow | None]


@dataclass(frozen=True)
class TableRuns:
    """The runs that have a table, by their places among all, and what each is called; the first is compared with."""

    places: list[int]
    labels: list[str]


@dataclass(frozen=True)
class Difference:
    """Mean of a run minus mean of the first; ``half`` is the half-width of its 95% interval, None under 3 seeds."""

    value: float
    half: Number

    @property
    def words(self) -> str:
        """Whether it is more than seeds make."""
        if self.half is None:
            return f"it takes {statistics.FEWEST} seeds"
        beyond = abs(self.value) > self.half
        return (
            "equal"
            if self.value == 0 == self.half
            else f"{'beyond' if beyond else 'within'} (± {self.half:.4f})"
        )


@dataclass(frozen=True)
class Comparison:
    """Runs, what each is called, and the tables they share."""

    runs: list[RunFolder]
    labels: list[str]
    shared: list[SharedTable]

    def having(self, table: SharedTable) -> TableRuns:
        """Which runs have a table."""
        places = [i for i, recipe in enumerate(table.recipes) if recipe is not None]
        return TableRuns(places, [self.labels[i] for i in places])

    def numbers(self, table: SharedTable) -> list[ComparedNumber]:
        """Every number of a table, in the order of the first run that has it."""
        own = [_numbers(run, recipe) for run, recipe in zip(self.runs, table.recipes, strict=True)]
        single = all(len({name for name, _ in numbers}) <= 1 for numbers in own)
        keyed = [{("" if single else name, metric): row for (name, metric), row in n.items()} for n in own]
        names = {key: row.name for numbers in reversed(keyed) for key, row in numbers.items()}
        keys = dict.fromkeys(key for numbers in keyed for key in numbers)
        return [ComparedNumber(table.name, names[key], key[1], [n.get(key) for n in keyed]) for key in keys]

    def as_run(self, folder: Path) -> RunFolder:
        """The overlaid curves as a run of their own, whose figures are drawn and written as those of any."""
        figures = tuple(figure for table in self.shared if (figure := self.curves(table)) is not None)
        empty = Results(rows=[], claims=[], input_means=[], environment={})
        return RunFolder(folder, None, empty, figures)

    def curves(self, table: SharedTable) -> CurvesFigure | None:
        """The curves of all runs in one figure, setting by setting; each is called after its run too."""
        drawn = [
            (label, figure)
            for label, run, recipe in zip(self.labels, self.runs, table.recipes, strict=True)
            for figure in run.figures
            if isinstance(figure, CurvesFigure) and figure.recipe == recipe
        ]
        names = list(dict.fromkeys(row.row for _, own in drawn for row in own.rows))
        rows = [
            row.model_copy(update={"row": f"{label}: {row.row}"})
            for name in names
            for label, own in drawn
            for row in own.rows
            if row.row == name
        ]
        if not rows:
            return None
        return CurvesFigure(recipe=table.name, title=drawn[0][1].title, x=drawn[0][1].x, rows=rows)


def compare(runs: Sequence[RunFolder]) -> Comparison:
    """Put runs side by side.

    Raises:
        SettingsError: they have no table in common.
    """
    tables = _shared(runs)
    if not tables:
        known = "; ".join(f"{run.folder} has {', '.join(run.recipes) or 'no tables'}" for run in runs)
        raise SettingsError(f"no two of these runs have a table in common: {known}; make a page of each")
    return Comparison(list(runs), _labels(runs), tables)


def _labels(runs: Sequence[RunFolder]) -> list[str]:
    """The folders' names; whole paths where these are equal, numbered where those are."""
    names = [run.name for run in runs]
    names = [
        str(run.folder) if names.count(name) > 1 else name for run, name in zip(runs, names, strict=True)
    ]
    return [
        f"{name} ({names[: i + 1].count(name)})" if names.count(name) > 1 else name
        for i, name in enumerate(names)
    ]


def _shared(runs: Sequence[RunFolder]) -> list[SharedTable]:
    """Tables of equal names; runs of one table each are compared whatever it is called."""
    names = dict.fromkeys(name for run in runs for name in run.recipes)
    tables = [SharedTable(name, [name if name in run.recipes else None for run in runs]) for name in names]
    several = [table for table in tables if len([name for name in table.recipes if name is not None]) > 1]
    if not several and all(len(run.recipes) == 1 for run in runs):
        return [SharedTable(" and ".join(names), [run.recipes[0] for run in runs])]
    return several


def _numbers(run: RunFolder, recipe: str | None) -> dict[tuple[str, str], ResultRow]:
    return {(row.name, row.metric): row for row in run.results.rows if row.recipe == recipe}


def difference(first: ResultRow, other: ResultRow) -> Difference | None:
    """``other`` minus ``first`` by Welch's t-test over seeds; None where a mean is missing."""
    if first.mean is None or other.mean is None:
        return None
    value = other.mean - first.mean
    samples = [[v for v in row.values if v is not None] for row in (other, first)]
    if min(map(len, samples)) < statistics.FEWEST:
        return Difference(value, None)
    return Difference(value, statistics.welch(*samples).half_width())


def number_table(comparison: Comparison, table: SharedTable) -> TextTable:
    """Every number of the runs that have a table, and how far each of them lies from the first."""
    having = comparison.having(table)
    first, *others = having.labels
    head = ["setting", "accuracy", *having.labels]
    head += [text for label in others for text in (f"{label} − {first}", "seed noise")]
    body = []
    for number in comparison.numbers(table):
        metric = LABELS.get(number.metric, number.metric.removesuffix("_accuracy"))
        base, *rows = (number.rows[place] for place in having.places)
        cells = [one_line(number.name), metric, *(_measured(row) for row in (base, *rows))]
        for row in rows:
            gap = difference(base, row) if base is not None and row is not None else None
            cells += [NONE, NONE] if gap is None else [signed(gap.value), gap.words]
        body.append(cells)
    return TextTable(
        f"{table.name}: mean over seeds and 95% interval for one more run",
        [head],
        body,
        text=2,
        notes=[NOISE],
    )


def signed(value: float) -> str:
    """A difference as tables show it; what rounds to 0 has no sign.

    >>> signed(-0.00004), signed(0.01)
    ('0.0000', '+0.0100')
    """
    text = f"{value:+.4f}"
    return text if float(text) else text[1:]


def found_between(comparison: Comparison) -> list[str]:
    """How many means differ from the first run's by more than seeds make, and which the most, in sentences."""
    pairs: dict[tuple[str, str], list[tuple[ComparedNumber, Difference]]] = {}
    for table in comparison.shared:
        having = comparison.having(table)
        for number in comparison.numbers(table):
            base, *rows = (number.rows[place] for place in having.places)
            for label, row in zip(having.labels[1:], rows, strict=True):
                if base is not None and row is not None and (gap := difference(base, row)):
                    pairs.setdefault((label, having.labels[0]), []).append((number, gap))
    return [_told(one_line(label), one_line(first), gaps) for (label, first), gaps in pairs.items()]


def _told(label: str, first: str, gaps: Sequence[tuple[ComparedNumber, Difference]]) -> str:
    beyond = sum(gap.half is not None and abs(gap.value) > gap.half for _, gap in gaps)
    untold = sum(gap.half is None for _, gap in gaps)
    known = len(gaps) - untold
    number, most = max(gaps, key=lambda one: abs(one[1].value))
    apart = (
        f'; farthest apart is "{one_line(number.name)}" of {one_line(number.table)}, by {signed(most.value)}'
        if most.value
        else ""
    )
    few = f"cannot be told, as it takes {statistics.FEWEST} seeds"
    if not known:
        differ = "differs" if untold == 1 else "differ"
        return f"Whether {_means(untold)} of {label} {differ} from {first}'s by more than seeds make {few}{apart}."
    differ = f"{beyond or 'none'} {'differ' if beyond > 1 else 'differs'}"
    more = f"; of {untold} more it {few}" if untold else ""
    return f"Of {_means(known)} of {label} {differ} from {first}'s by more than seeds make{more}{apart}."


def _means(count: int) -> str:
    return f"{count} mean{'s' * (count != 1)}"


def _measured(row: ResultRow | None) -> str:
    if row is None:
        return NONE
    interval = interval_text(row)
    return decimals(row.mean) + ("" if interval == NONE else f" {interval}")


def to_csv(comparison: Comparison) -> str:
    """A line for each number and run that has it but the first: both means, their difference, its half-width."""
    columns = (
        "table", "name", "metric", "first", "other", "first_mean", "other_mean", "difference", "half_width",
    )  # fmt: skip
    lines = []
    for table in comparison.shared:
        having = comparison.having(table)
        for number in comparison.numbers(table):
            base, *rows = (number.rows[place] for place in having.places)
            for label, row in zip(having.labels[1:], rows, strict=True):
                gap = difference(base, row) if base is not None and row is not None else None
                means = [None if result is None else result.mean for result in (base, row)]
                ends = [None, None] if gap is None else [gap.value, gap.half]
                about = [number.table, number.name, number.metric, having.labels[0], label]
                lines.append([*about, *means, *ends])
    return csv_table(columns, lines)
