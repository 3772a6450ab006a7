"""Markdown of results: whole, and with no text of anybody's taken for markup."""

from __future__ import annotations

from chainrule.records.runs import ClaimResult, Remark, ResultRow, Results
from chainrule.report.markdown import overview, sheet
from chainrule.text import escaped_markdown

ENVIRONMENT = {
    "command": "chainrule reproduce", "dataset": {"widened_by": 0.006}, "versions": {"python": "3.11"},
    "machine": {"processor": "P", "cores": 2, "system": "Linux", "blas": ["openblas"]},
}  # fmt: skip


def results(published: float | None = 0.37, name: str = "a") -> Results:
    row = ResultRow(
        recipe="one", name=name, setting={}, metric="test_accuracy", published=published, published_decimals=3,
        values=[0.36, 0.37], mean=0.365, low=0.35, high=0.38, verdict="agrees" if published else None,
        inferred=["shuffle"], diverged=[],
    )  # fmt: skip
    claims = [
        ClaimResult(recipe="one", text="it <b>holds</b>", held=True, evidence="1 | 2"),
        ClaimResult(recipe="one", text="who knows", held=None, evidence="3", supposed=True),
    ]
    return Results(
        rows=[row], claims=claims, input_means=[], titles={"one": "The first"},
        found=[Remark(recipe="one", text="because", seeds=1)], environment=ENVIRONMENT,
    )  # fmt: skip


def test_a_sheet_holds_table_claims_findings_figures_and_how_it_was_made():
    text = sheet(results(), "one", ["figures/one-curves.svg"])
    assert text.startswith("# one\n\nThe first\n")
    assert "| a | test | 0.370 | 0.3650 | \\[0.3500, 0.3800\\] | agrees |" in text
    assert "| it &lt;b&gt;holds&lt;/b&gt; | holds | 1 \\| 2 |" in text
    assert "| who knows \\[supposed in the report; tried here\\] | cannot be told | 3 |" in text
    assert "Of other runs:\n\n- found with 1 seed: because" in text
    assert "inferred, not stated in the report: shuffle" in text
    assert "](figures/one-curves.svg)" in text
    assert "Made by `chainrule reproduce` on P, 2 cores, Linux; python 3.11; openblas." in text
    assert "widened by 0.006" in text


def test_overview_has_every_table_and_the_summary():
    text = overview(results())
    assert "1 agrees; 1 of 1 claim holds; 0 of 1 supposition hold, 1 cannot be told" in text
    assert "## one" in text


def test_nothing_published_no_columns_for_it():
    assert "| setting | accuracy | mean | 95% interval |" in sheet(results(published=None), "one", [])


def test_text_has_no_meaning():
    assert (
        escaped_markdown("a|b <x> *c* [d](e) `f` & _g_")
        == "a\\|b &lt;x&gt; \\*c\\* \\[d\\](e) \\`f\\` &amp; \\_g\\_"
    )
    (line,) = [line for line in sheet(results(name="x|y"), "one", []).splitlines() if "x\\|y" in line]
    assert line.count(" | ") == 5
