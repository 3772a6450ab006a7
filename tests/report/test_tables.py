from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from rich.console import Console

from chainrule.records.runs import ClaimResult, InputMeans, Remark, ResultRow, Results
from chainrule.report.tables import CSV_COLUMNS, cells, print_results, recipe_names, summary, to_csv


def row(**changes: Any) -> ResultRow:
    values: dict[str, Any] = {
        "recipe": "linear",
        "name": "lambda 0.1",
        "setting": {"l2": 0.1},
        "metric": "test_accuracy",
        "published": 0.37,
        "published_decimals": 2,
        "values": [0.36, 0.37, 0.3752],
        "mean": 0.3684,
        "low": 0.3601,
        "high": 0.3767,
        "verdict": "agrees",
        "inferred": [],
        "diverged": [],
    }
    return ResultRow(**(values | changes))


def results(*rows: ResultRow, **changes: Any) -> Results:
    values: dict[str, Any] = {"claims": [], "input_means": [], "environment": {}}
    return Results(rows=list(rows), **(values | changes))


def printed(found: Results, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=False)
    print_results(found, console)
    file = console.file
    assert isinstance(file, io.StringIO)
    text = file.getvalue()
    assert all(len(line) <= width for line in text.splitlines())
    return text


def claim(text: str, *, held: bool | None, supposed: bool = False) -> ClaimResult:
    return ClaimResult(recipe="linear", text=text, held=held, evidence="0.36 < 0.37", supposed=supposed)


def test_published_beside_measured() -> None:
    lines = printed(results(row())).splitlines()
    assert lines[0] == "linear"
    assert lines[1].split() == ["setting", "accuracy", "published", "mean", "95%", "interval", "verdict"]
    assert lines[3].split() == [
        "lambda",
        "0.1",
        "test",
        "0.37",
        "0.3684",
        "[0.3601,",
        "0.3767]",
        "agrees",
    ]


def test_published_is_left_out_where_there_is_none() -> None:
    text = printed(results(row(published=None, verdict=None)))
    assert "published " not in text.splitlines()[1]
    assert "verdict" not in text
    assert "1 accuracy measured, nothing published to compare with" in text
    assert text.splitlines()[3].split() == [
        "lambda",
        "0.1",
        "test",
        "0.3684",
        "[0.3601,",
        "0.3767]",
    ]


@pytest.mark.parametrize(("published", "decimals", "text"), [(0.5, 4, "0.5000"), (0.5351, None, "0.5351")])
def test_published_is_shown_as_the_report_prints_it(
    published: float, decimals: int | None, text: str
) -> None:
    found = cells(row(published=published, published_decimals=decimals))
    assert found.published == text


def test_dashes_where_null() -> None:
    line = printed(
        results(row(), row(name="b", mean=None, low=None, high=None, verdict=None, published=None))
    )
    assert line.splitlines()[4].split() == ["b", "test", "-", "-", "-", "-"]


def test_an_interval_holds_no_accuracy_that_cannot_be() -> None:
    assert cells(row(low=-0.02, high=1.01)).interval == "[0.0000, 1.0000]"
    short = cells(row(metric="best_setting_shortfall", low=-0.01, high=0.02))
    assert short.interval == "[-0.0100, 0.0200]"


def test_no_negative_zero() -> None:
    found = cells(row(mean=-1e-9, low=-1e-9, high=0.1))
    assert (found.mean, found.interval) == ("0.0000", "[0.0000, 0.1000]")


def test_diverged_runs_are_marked_and_said() -> None:
    text = printed(
        results(
            row(diverged=[0, 3]), row(metric="val_accuracy", diverged=[0, 3]), row(name="b", diverged=[1])
        )
    )
    assert text.count(" * ") == 3
    words = " ".join(text.split())
    assert words.count("* lambda 0.1: seeds 0, 3 diverged; the value is that of the last weights kept") == 1
    assert "* b: seed 1 diverged; the value" in words


def test_a_setting_is_named_once() -> None:
    assert printed(results(row(), row(metric="val_accuracy"))).count("lambda 0.1") == 1


def test_long_names_break_no_number() -> None:
    rows = [row(name="x" * 200, verdict="uninformative", diverged=[1]), row(name="many words " * 20)]
    text = printed(results(*rows))
    assert text.count("[0.3601, 0.3767]") == 2
    assert " * " in text
    assert text.count("x") == 2 * 200


@pytest.mark.parametrize("name", ["[red]x[/red]", "[/]", ":smile: \\[b]", "<b>&amp;</b>"])
def test_markup_is_text(name: str) -> None:
    means = InputMeans(recipe=name, measured={"train": 0.0}, published=None)
    found = results(
        row(name=name, recipe=name, diverged=[1]), claims=[claim(name, held=True)], input_means=[means]
    )
    text = printed(found)
    assert text.count(name) >= 4


def test_control_characters_reach_no_terminal() -> None:
    assert "\x1b" not in printed(results(row(name="a\x1b[31mb"), claims=[claim("\x1b]0;x\x07", held=True)]))


def test_colours_on_a_terminal() -> None:
    console = Console(
        width=80, file=io.StringIO(), force_terminal=True, color_system="standard", no_color=False
    )
    print_results(results(row(verdict="differs")), console)
    assert isinstance(console.file, io.StringIO)
    assert "\x1b[31mdiffers" in console.file.getvalue()


def test_claims_with_their_evidence() -> None:
    claims = [
        claim("small is slow", held=True), claim("l2 helps", held=False), claim("it is luck", held=None, supposed=True),
    ]  # fmt: skip
    lines = [line.rstrip() for line in printed(results(row(), claims=claims)).splitlines()]
    assert "holds            small is slow (0.36 < 0.37)" in lines
    assert "fails            l2 helps (0.36 < 0.37)" in lines
    words = " ".join(" ".join(lines).split())
    assert "cannot be told it is luck [supposed in the report; tried here] (0.36 < 0.37)" in words


def test_what_other_runs_told_is_never_said_as_if_of_this_one() -> None:
    told = Remark(recipe="linear", text="it is so", seeds=16, version="0.1.0", date="2026-05-01")
    plain = Remark(recipe="linear", text="it was so")
    lines = printed(results(row(), found=[told, plain])).splitlines()
    assert "found with 16 seeds, chainrule 0.1.0, 2026-05-01: it is so" in lines
    assert "found in an earlier run: it was so" in lines


def test_input_means() -> None:
    measured = {"train": -1e-9, "val": -0.00081, "test": 0.0019}
    published = {"train": 0.0, "val": -0.0008, "test": 0.0019}
    both = InputMeans(recipe="linear", measured=measured, published=published)
    alone = InputMeans(recipe="digits", measured=measured, published=None)
    words = " ".join(printed(results(row(), input_means=[both, alone])).split())
    text = "mean of all inputs after preprocessing: train 0.0000, val -0.0008, test 0.0019"
    assert f"{text} (published 0.0000, -0.0008, 0.0019)" in words
    assert words.count(text) == 2


def test_inferred_settings() -> None:
    assert "inferred" not in printed(results(row()))
    text = printed(results(row(inferred=["seed", "order"]), row(name="b", inferred=["seed", "order"])))
    assert "inferred, not stated in the report: seed, order" in text
    text = printed(results(row(inferred=["seed"]), row(name="b", inferred=["order"]), row(name="c")))
    assert "inferred for lambda 0.1: seed\n" in text
    assert "inferred for b: order\n" in text


@pytest.mark.parametrize(
    ("dataset", "said"), [({"widened_by": 0.006}, True), ({"widened_by": 0.0}, False), ({}, False)]
)
def test_widened_intervals_are_said(dataset: dict[str, float], said: bool) -> None:
    words = " ".join(printed(results(row(), environment={"dataset": dataset})).split())
    line = "the data's checksums are not the official ones: intervals are widened by 0.006 each way"
    assert (line in words) is said


def test_summary() -> None:
    rows = [row(), row(), row(verdict="differs"), row(verdict="uninformative")]
    claims = [claim("a", held=True), claim("b", held=True), claim("c", held=False)]
    assert (
        summary(results(*rows, claims=claims))
        == "2 agree, 1 differs, 1 uninformative; 2 of 3 claims hold, 1 fails"
    )
    assert printed(results(*rows, claims=claims)).endswith("2 of 3 claims hold, 1 fails\n")
    # What no report printed is no published value: the counts are those of the page's first lines.
    searched = [row(metric="best_setting_shortfall", verdict=each) for each in ("agrees", "differs")]
    assert summary(results(row(), *searched)) == "1 agrees; 1 of 2 best settings within one standard error"
    assert (
        summary(results(row(verdict=None), claims=claims[:1]))
        == "1 without a verdict (it takes 3 seeds); 1 of 1 claim holds"
    )
    untold = [*claims, claim("d", held=None), claim("e", held=True, supposed=True)]
    assert (
        summary(results(claims=untold))
        == "2 of 4 claims hold, 1 fails, 1 cannot be told; 1 of 1 supposition holds"
    )
    assert summary(results(row(), row(verdict="differs"), row(verdict="differs"))) == "1 agrees, 2 differ"
    assert summary(results()) == "no results"


def test_recipes_keep_their_order() -> None:
    assert recipe_names(results(row(recipe="b"), row(recipe="a"), row(recipe="b"))) == ["b", "a"]


def test_csv_round_trip() -> None:
    values = [0.1 + 0.2, None, 0.3752]
    odd = row(
        name='say "a", [b]\nλ', values=values, inferred=["seed", "order"], diverged=[0, 3], mean=0.1 + 0.2
    )
    empty = row(published=None, mean=None, low=None, high=None, verdict=None)
    first, second = csv.DictReader(io.StringIO(to_csv(results(odd, empty)), newline=""))
    assert tuple(first) == CSV_COLUMNS
    assert first["name"] == odd.name
    assert [float(value) if value else None for value in first["values"].split(";")] == values
    assert float(first["mean"]) == odd.mean
    assert json.loads(first["setting"]) == odd.setting
    assert (first["inferred"], first["diverged"]) == ("seed;order", "0;3")
    assert [second[key] for key in ("published", "mean", "low", "high", "verdict", "inferred")] == [""] * 6
