"""What was inferred, as tables."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest
from rich.console import Console

from chainrule.errors import StoreError
from chainrule.files import write_text
from chainrule.records.inferences import (
    CandidateOdds,
    Inference,
    InferredUnknown,
    RecipeInference,
    TriedCombination,
    TriedNumber,
)
from chainrule.report import inference_tables
from chainrule.report.page import run_page
from chainrule.report.run import open_run
from support.runs import example_run


def number(row: str = "a", mean: float = 0.36) -> TriedNumber:
    return TriedNumber(
        row=row, metric="test_accuracy", published=0.37, decimals=3, values=[mean, mean], mean=mean, deviation=0.005,
        log_likelihood=-3.0, agrees=False,
    )  # fmt: skip


def part(recipe: str = "linear", choices: int = 2) -> RecipeInference:
    odds = [
        CandidateOdds(name="He", share=0.024, log_odds=0.0, low=0.0, high=0.0),
        CandidateOdds(
            name="<b>Xavier</b>", share=0.976, log_odds=math.log(40), low=math.log(35), high=math.log(1e7)
        ),
    ]
    tried = [
        TriedCombination(
            choice={"init": f"=i{index}"}, numbers=[number()], log_likelihood=-3.0, share=(index + 1) / 10
        )
        for index in range(choices)
    ]
    unknown = InferredUnknown(
        name="init", rows=["a"], crossed_with=["order"], candidates=odds, sentence="so it is"
    )
    return RecipeInference(
        recipe=recipe, title="One layer", unknowns=[unknown], tried=[tried], unexplained=["a (test_accuracy)"],
        not_tried={"val": "why not"},
    )  # fmt: skip


def test_what_speaks_for_the_assumed_one_for_another_and_for_neither_is_counted():
    def against(low: float, high: float) -> InferredUnknown:
        assumed = CandidateOdds(name="a", share=0.5, log_odds=0.0, low=0.0, high=0.0)
        other = CandidateOdds(name="b", share=0.5, log_odds=(low + high) / 2, low=low, high=high)
        return InferredUnknown(
            name="u", rows=["a"], crossed_with=[], candidates=[assumed, other], sentence=""
        )

    unknowns = [against(1, 2), against(-2, -1), against(-3, -1), against(-1, 1)]
    parts = [part().model_copy(update={"unknowns": some}) for some in (unknowns[:1], unknowns[1:])]
    assert inference_tables.found(parts) == (
        "Of 4 settings that the reports do not state, their numbers speak for what the recipes assume in 2 and for "
        "something else in 1; 1 cannot be told."
    )


def test_odds_stand_against_what_is_assumed():
    table = inference_tables.odds_table(part())
    assert list(table.body) == [
        ["init", "He (assumed)", "0.024", "-", "-"],
        ["", "<b>Xavier</b>", "0.976", "40", "[35, > 1e6]"],
    ]
    assert list(table.notes) == [
        "so it is",
        "judged together: init",
        "outside the 95% interval under the best combinations too: a (test_accuracy)",
        "not tried: val: why not",
    ]


@pytest.mark.parametrize(
    ("odds", "text"),
    [(1.0, "1"), (0.048, "0.048"), (9.44, "9.4"), (41.3, "41"), (2e6, "> 1e6"), (1e-7, "< 1e-6")],
)
def test_odds_have_two_digits(odds, text):
    assert inference_tables.odds_text(math.log(odds)) == text


def test_the_most_probable_combinations_come_first_and_no_more_than_five():
    table = inference_tables.combinations_table(part(choices=7).tried[0])
    assert table.caption.startswith("5 of 7 combinations")
    assert [line[1] for line in table.body] == ["-", "0.700", "0.600", "0.500", "0.400", "0.300"]
    assert table.body[0] == ["published", "-", "0.370"]
    assert table.body[1] == ["init: =i6", "0.700", "0.3600 ± 0.0050"]


def test_csv_holds_every_number_and_no_formula():
    inference = Inference(recipes=[part(recipe="=linear")])
    head, *lines = csv.reader(io.StringIO(inference_tables.to_csv(inference)))
    assert head == list(inference_tables.CSV_COLUMNS)
    assert len(lines) == 2
    assert lines[0] == [
        "'=linear", "init==i0", "a", "test_accuracy", "0.370", "0.36", "0.005", "0.36;0.36", "-3.0", "0.1",
    ]  # fmt: skip


def test_markdown_and_terminal_hold_the_same_words():
    inference = Inference(recipes=[part()])
    text = inference_tables.to_markdown(inference)
    assert "&lt;b&gt;Xavier" in text
    console = Console(width=100, file=io.StringIO())
    inference_tables.print_inference(inference, console)
    assert isinstance(console.file, io.StringIO)
    for printed in (text, console.file.getvalue()):
        assert "so it is" in printed
        assert "why not" in printed


def test_the_page_shows_it_in_its_recipe_s_part_and_apart_where_there_is_none(tmp_path):
    example_run(tmp_path / "both")
    inference = Inference(recipes=[part(), part(recipe="unmeasured")], environment={"command": "x"})
    for name in ("both", "alone"):
        write_text(tmp_path / name / "inference.json", inference.to_json())
    both, alone = (run_page(open_run(tmp_path / name)) for name in ("both", "alone"))
    assert both.count("What the report leaves unsaid") == 1
    assert 'id="unsaid-unmeasured"' in both
    assert 'id="unsaid-linear"' not in both
    assert 'id="unsaid-linear"' in alone
    assert "<h1>What the reports leave unsaid</h1>" in alone
    assert "Of 2 settings that the reports do not state" in alone
    assert "that the reports do not state" not in both
    # Words come before the table.
    assert alone.index("<li>so it is</li>") < alone.index("odds over the assumed one")
    for page in (both, alone):
        assert "&lt;b&gt;Xavier" in page
        assert "<b>Xavier" not in page


def test_only_some_recipes(tmp_path):
    inference = Inference(recipes=[part(), part(recipe="unmeasured")])
    write_text(example_run(tmp_path) / "inference.json", inference.to_json())
    run = open_run(tmp_path)
    assert [own.recipe for own in run.only(["unmeasured"]).inferences] == ["unmeasured"]
    assert [own.recipe for own in run.only(["linear"]).inferences] == ["linear"]


@pytest.mark.parametrize("decimals", [-1, 2**31])
def test_numbers_that_no_report_prints_are_damaged(tmp_path, decimals):
    damaged = number().model_copy(update={"decimals": decimals})
    tried = TriedCombination(choice={}, numbers=[damaged], log_likelihood=0.0, share=1.0)
    inference = Inference(recipes=[part().model_copy(update={"tried": [[tried]]})])
    write_text(tmp_path / "inference.json", inference.to_json())
    with pytest.raises(StoreError, match=r"damaged: recipes\.0\.tried\.0\.0\.numbers\.0\.decimals"):
        Inference.read(tmp_path / "inference.json")


@pytest.mark.parametrize("numbers", [[], [1, 2]])
def test_combinations_of_different_numbers_are_damaged(tmp_path, numbers):
    document = json.loads(Inference(recipes=[part()]).to_json())
    tried = document["recipes"][0]["tried"][0][0]
    document["recipes"][0]["tried"] = [[tried | {"numbers": tried["numbers"] * count} for count in numbers]]
    (tmp_path / "inference.json").write_text(json.dumps(document))
    with pytest.raises(StoreError, match="different numbers, or there are none"):
        Inference.read(tmp_path / "inference.json")
