"""Differences beside the noise of seeds, held against SciPy's own test; labels and tables that match."""

from __future__ import annotations

import csv
import dataclasses
import io
import re

import pytest
from scipy import stats

from chainrule.errors import SettingsError
from chainrule.records.runs import ResultRow
from chainrule.report.compare import compare, difference, found_between, number_table, to_csv
from chainrule.report.compared_settings import settings_table
from chainrule.report.run import open_run
from support.runs import example_results, example_run


def row(*values: float | None, name: str = "a") -> ResultRow:
    known = [value for value in values if value is not None]
    return (
        example_results()
        .rows[0]
        .model_copy(
            update={"values": list(values), "mean": sum(known) / len(known) if known else None, "name": name}
        )
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0.3, 0.32, 0.31), (0.36, 0.33, 0.35, 0.37)),
        ((0.3, 0.4, 0.5), (0.31, 0.42, 0.46)),
        ((0.5, 0.5, 0.51), (0.1, 0.2, 0.3)),
    ],
)
def test_the_interval_is_welch_s(first, second):
    found = difference(row(*first), row(*second))
    reference = stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
    assert found.value - found.half == pytest.approx(reference.low)
    assert found.value + found.half == pytest.approx(reference.high)
    beyond = not reference.low <= 0 <= reference.high
    assert found.words.startswith("beyond" if beyond else "within")


def test_few_seeds_and_none():
    assert difference(row(0.3, 0.4), row(0.3, 0.4, 0.5)).words == "it takes 3 seeds"
    assert difference(row(None), row(0.3, 0.4, 0.5)) is None
    assert difference(row(0.5, 0.5, 0.5), row(0.5, 0.5, 0.5)).words == "equal"
    assert difference(row(0.5, 0.5, 0.5), row(0.6, 0.6, 0.6)).words.startswith("beyond")


def test_labels_tell_runs_apart(tmp_path):
    a, b = (open_run(example_run(tmp_path / place / "run")) for place in "ab")
    assert compare([a, b]).labels == [str(a.folder), str(b.folder)]
    assert compare([a, a]).labels == [f"{a.folder} (1)", f"{a.folder} (2)"]


def test_runs_of_one_table_each_are_compared_whatever_it_is_called(tmp_path):
    runs = [open_run(example_run(tmp_path / name)).only([name]) for name in ("linear", "deep")]
    (table,) = compare(runs).shared
    assert table.name == "linear and deep"
    numbers = compare(runs).numbers(table)
    assert {number.name for number in numbers} == {
        "rate 0.1",
        "rate 0.01, <b>bold</b>",
        "sigma 1",
        "sigma 2",
        "normed 1",
        "normed 2",
    }
    assert [None in number.rows for number in numbers] == [True] * 6


def test_nothing_in_common_is_said(tmp_path):
    first = open_run(example_run(tmp_path / "a")).only(["linear"])
    other = open_run(example_run(tmp_path / "b"))
    rows = [one.model_copy(update={"recipe": one.recipe + "2"}) for one in other.results.rows]
    results = other.results.model_copy(update={"rows": rows, "claims": [], "input_means": []})
    other = type(other)(other.folder, None, results, ())
    with pytest.raises(
        SettingsError,
        match=r"no two of these runs have a table in common: .*a has linear; .*b has linear2, deep2",
    ):
        compare([first, other])


def test_three_runs_each_against_the_first(tmp_path):
    runs = [
        open_run(example_run(tmp_path / name, shift)) for name, shift in (("a", 0.0), ("b", 0.1), ("c", -0.2))
    ]
    comparison = compare(runs)
    table = number_table(comparison, comparison.shared[0])
    assert list(table.columns[2:]) == ["a", "b", "c", "b − a", "seed noise", "c − a", "seed noise"]
    assert [table.body[0][5], table.body[0][7]] == ["+0.1000", "-0.2000"]
    lines = list(csv.DictReader(io.StringIO(to_csv(comparison))))
    assert len(lines) == 2 * 6
    assert float(lines[1]["difference"]) == pytest.approx(-0.2)
    assert float(lines[1]["half_width"]) > 0
    assert settings_table(comparison).body == []


def test_what_lies_between_runs_is_said_in_a_sentence_and_no_interval_leaves_0_to_1(tmp_path):
    a, b = (open_run(example_run(tmp_path / name, shift)) for name, shift in (("a", 0.0), ("b", 0.1)))
    (told,) = found_between(compare([a, b]))
    assert re.fullmatch(
        r"Of \d+ means of b \d+ differ from a's by more than seeds make; farthest apart is .* of .*, by \+0\.1000\.",
        told,
    )
    (same,) = found_between(compare([a, a]))
    assert "none differs from" in same
    comparison = compare([a, b])
    wide = [row.model_copy(update={"low": -0.2, "high": 1.2}) for row in a.results.rows]
    runs = [dataclasses.replace(a, results=a.results.model_copy(update={"rows": wide})), b]
    table = number_table(dataclasses.replace(comparison, runs=runs), comparison.shared[0])
    assert table.body[0][2].endswith("[0.0000, 1.0000]")


def test_a_run_without_a_table_is_no_column_of_it_and_makes_no_setting_differ(tmp_path):
    runs = [open_run(example_run(tmp_path / name, shift)) for name, shift in (("a", 0), ("b", 0), ("c", 0.1))]
    comparison = compare([runs[0].only(["deep"]), *runs[1:]])
    linear = next(table for table in comparison.shared if table.name == "linear")
    assert number_table(comparison, linear).columns[2:] == ["b", "c", "c − b", "seed noise"]
    assert settings_table(comparison).body == []
    told = found_between(comparison)
    assert [re.split("differs? from ", words)[1][0] for words in told] == ["a", "a", "b"]
    assert [row.row for row in comparison.curves(linear).rows] == [
        "b: rate 0.1", "c: rate 0.1", "b: rate 0.01, <b>bold</b>", "c: rate 0.01, <b>bold</b>",
    ]  # fmt: skip


def test_of_too_few_seeds_the_sentence_says_that_nothing_can_be_told(tmp_path):
    a, b = (open_run(example_run(tmp_path / name, shift)) for name, shift in (("a", 0.0), ("b", 0.1)))
    rows = [row.model_copy(update={"values": row.values[:2]}) for row in b.results.rows]
    b = dataclasses.replace(b, results=b.results.model_copy(update={"rows": rows}))
    (told,) = found_between(compare([a, b]))
    assert re.match(
        r"Whether \d+ means of b differ from a's by more than seeds make cannot be told, as it takes 3 seeds",
        told,
    )
    rows[1:] = open_run(tmp_path / "b").results.rows[1:]
    b = dataclasses.replace(b, results=b.results.model_copy(update={"rows": rows}))
    (told,) = found_between(compare([a, b]))
    assert re.match(
        r"Of \d+ means of b \d+ differ from a's by more than seeds make; of 1 more it cannot be told", told
    )
