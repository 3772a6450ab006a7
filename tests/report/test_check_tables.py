"""Gradient checks as text, CSV and LaTeX."""

from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from chainrule.records.checked import CheckedTensor
from chainrule.records.gradients import CheckedStage, GradientChecks, GradientDifference
from chainrule.report.check_tables import (
    print_checks,
    sentence,
    share,
    shown_tables,
    summary,
    tensors_csv,
    to_csv,
    to_latex,
)
from chainrule.text import escaped_latex
from support.computations import checked_file

FIGURES = {
    "smallest_relative": 0.0, "largest_relative": 3.25e-06, "mean_relative": 6.5e-10, "relative_norm": 1.1e-10,
    "largest_absolute": 7.5e-10, "mean_absolute": 1.5e-12, "share_below": 1.0,
}  # fmt: skip


def row(**changes) -> GradientDifference:
    base = {
        "net": "3072-50-10, batch norm", "l2": 0.0, "parameter": "gamma1", "compared": "analytic-central",
        "entries": 153600, "kinks": 0, "verdict": "right", "published": {}, **FIGURES,
    }  # fmt: skip
    return GradientDifference(**{**base, **changes})


def checks(*rows: GradientDifference, **changes) -> GradientChecks:
    base = {
        "recipe": "deep_batch_norm", "dataset": {"name": "cifar10", "checksum": "0"}, "samples": 100, "seed": 0,
        "inferred": ["samples", "l2"], "rows": list(rows),
    }  # fmt: skip
    return GradientChecks(**{**base, **changes})


def printed(record: GradientChecks, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_checks(record, console)
    return console.file.getvalue()


def test_a_row_with_every_figure_fits_80_columns_uncut():
    published = dict.fromkeys(FIGURES, 2.133044290911461e-09)
    lines = printed(checks(row(verdict="suspect", published=published))).splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)
    (line,) = [line for line in lines if line.startswith("gamma1")]
    assert line.split() == [
        "gamma1", "analytic-central", "7.5e-10", "1.5e-12", "3.2e-06", "6.5e-10", "1.1e-10", "100%", "suspect",
    ]  # fmt: skip
    (below,) = [line for line in lines if "published" in line]
    assert below.split() == ["published", *["2.1e-09"] * 5, "0.0%"]


def test_published_figures_stand_in_the_columns_of_the_measured_ones():
    lines = printed(checks(row(published={"relative_norm": 2.1e-09}))).splitlines()
    (measured,) = [line for line in lines if line.startswith("gamma1")]
    (published,) = [line for line in lines if "published" in line]
    assert measured.index("1.1e-10") == published.index("2.1e-09")
    assert "inferred, not stated in the report: samples, l2" in lines


def test_without_published_figures_nothing_is_said_of_the_report():
    text = printed(checks(row()))
    assert "at the start of seed 0" in text
    assert "published" not in text
    assert "report" not in text


def test_a_table_for_each_net_and_l2_and_a_name_once():
    rows = [
        row(l2=l2, parameter=name, compared=compared)
        for l2 in (0.0, 0.005)
        for name in ("W1", "b1")
        for compared in ("analytic-central", "analytic-complex")
    ]
    text = printed(checks(*rows))
    assert text.count("l2 0, 100 samples") == text.count("l2 0.005, 100 samples") == 1
    assert text.count("W1 ") == 2
    assert text.count("analytic-complex") == 4


def test_kinks_and_fewer_entries_are_said():
    text = printed(checks(row(kinks=27), row(compared="analytic-complex", entries=32768)))
    assert "153600 entries, kinks within the step: gamma1 27 of 153600" in text
    assert "complex step of 32768 of gamma1" in " ".join(text.split())
    assert "no kink within the step" in printed(checks(row()))


def test_what_is_not_finite_or_not_judged_is_left_open():
    text = printed(checks(row(largest_absolute=None, verdict=None)))
    (line,) = [line for line in text.splitlines() if line.startswith("gamma1")]
    assert line.split()[2] == "-"
    assert line.split()[-1] == "100%"


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "100%"), (0.999999, "99.9%"), (0.5, "50.0%"), (0.0, "0.0%")]
)
def test_a_share_is_whole_only_where_nothing_is_left_out(value, text):
    assert share(value) == text


def test_the_summary_counts_verdicts():
    rows = [row(), row(verdict="zero"), row(verdict=None), row(verdict="wrong"), row()]
    assert summary(checks(*rows)) == "deep_batch_norm: 2 right, 1 zero, 1 wrong"
    assert sentence(checks(*rows)) == (
        "Of 4 comparisons of deep_batch_norm's gradient with numeric derivatives: 2 right, 1 zero, 1 wrong."
    )


def test_csv_holds_everything_in_full_precision():
    record = checks(
        row(published={"relative_norm": 2.133044290911461e-09}), row(verdict=None, largest_relative=None)
    )
    first, second = csv.DictReader(io.StringIO(to_csv(record)))
    assert first["recipe"] == "deep_batch_norm"
    assert float(first["largest_relative"]) == FIGURES["largest_relative"]
    assert first["published_relative_norm"] == "2.133044290911461e-09"
    assert (first["samples"], first["entries"], first["verdict"]) == ("100", "153600", "right")
    assert (second["verdict"], second["largest_relative"], second["published_relative_norm"]) == ("", "", "")


STAGE = {
    "samples": 2, "mistake": "logarithm_of_sum", "step": 1e-6, "said": "too high",
    "rows": [row(net="3072-10", parameter="W1", compared="analytic-forward", verdict=None,
                 relative_norm=0.345, published={"relative_norm": 0.33})],
}  # fmt: skip


def with_course() -> GradientChecks:
    right = {**STAGE, "mistake": None, "said": "", "rows": [row(parameter="W1", verdict=None)]}
    return checks(row(), course=[CheckedStage(**STAGE), CheckedStage(**right)])


def test_a_course_of_errors_is_a_table_of_its_own():
    lines = printed(with_course()).splitlines()
    assert "3072-10, course of errors, step 1e-6" in lines
    (wrong,), (right,) = ([line for line in lines if line.startswith(f"{number} W1")] for number in (1, 2))
    assert "3.5e-01" in wrong or "3.4e-01" in wrong
    assert "1.1e-10" in right
    assert "3.3e-01" in lines[lines.index(wrong) + 1]
    assert max(map(len, lines)) <= 80
    assert [table.caption for table in shown_tables(with_course())] == [
        "Gradient check: 3072-50-10, batch norm, l2 0, 100 samples",
        "Gradient check: 3072-10, course of errors, step 1e-6",
    ]
    assert summary(with_course()) == "deep_batch_norm: 1 right"
    assert r"1 W1 & analytic-forward" in to_latex(with_course())


def test_csv_tells_stages_from_other_rows():
    plain, wrong, right = csv.DictReader(io.StringIO(to_csv(with_course())))
    assert (plain["stage"], plain["samples"], plain["mistake"], plain["step"]) == ("", "100", "", "")
    assert (wrong["stage"], wrong["samples"], wrong["mistake"], wrong["step"]) == (
        "1", "2", "logarithm_of_sum", "1e-06",
    )  # fmt: skip
    assert (right["stage"], right["mistake"]) == ("2", "")
    assert (wrong["relative_norm"], wrong["published_relative_norm"]) == ("0.345", "0.33")


@pytest.mark.parametrize(("below", "shown"), [(1e-6, "1e-6"), (1.5e-8, "1.5e-8"), (1.23456e-10, "1.23e-10")])
def test_the_threshold_of_shares_heads_their_column(below, shown):
    record = checks(row(verdict="suspect", published=dict.fromkeys(FIGURES, 1.0)), below=below)
    lines = printed(record).splitlines()
    (head,) = [line for line in lines if line.rstrip().endswith("verdict")]
    assert head.split()[-2] == shown
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)
    (line,) = csv.DictReader(io.StringIO(to_csv(record)))
    assert float(line["below"]) == below
    assert shown_tables(record)[0].columns[-2] == f"below {shown}"


def test_notes_stand_below_the_table_that_they_are_about():
    zero = row(parameter="b1", verdict="zero", published={"relative_norm": 2.2e-5, "share_below": 1.0})
    first, second = shown_tables(checks(zero, row(l2=0.1)))
    assert [line.partition(":")[0] for line in first.notes[1:]] == [
        "|a - n| < 1e-6 for every entry, as published of 1 comparisons", "b1",
    ]  # fmt: skip
    assert len(second.notes) == 1
    assert "published 2.2e-05 is |a - n| = 2.2e-11" in " ".join(printed(checks(zero)).split())


def test_old_records_are_read_as_of_1e_6(tmp_path):
    path = tmp_path / "recipe-two_layer.json"
    old = json.loads(checks(row(published={"share_below": 1.0})).to_json())
    for key in ("eps", "below", "course"):
        del old[key]
    del old["rows"][0]["resolution"]
    path.write_text(json.dumps(old))
    record = GradientChecks.read(path)
    assert (record.eps, record.below, record.course, record.rows[0].resolution) == (1e-6, 1e-6, [], None)
    assert shown_tables(record)[0].columns[-2] == "below 1e-6"


def test_json_comes_back_equal(tmp_path):
    rows = row(published={"relative_norm": 2e-9}), row(verdict=None, mean_absolute=None, resolution=4e-11)
    record = checks(*rows, course=[CheckedStage(**STAGE)], below=1.5e-8)
    path = tmp_path / "check.json"
    path.write_text(record.to_json())
    assert GradientChecks.read(path) == record


def test_latex_is_a_table_that_compiles():
    rows = [
        row(net="3072-50_10 & 100%"),
        row(net="3072-50_10 & 100%", compared="forward-central", verdict=None),
    ]
    text = to_latex(checks(*rows))
    assert r"\caption{Gradient check: 3072-50\_10 \& 100\%, l2 0, 100 samples}" in text
    for command in ("toprule", "midrule", "bottomrule"):
        assert text.count(f"\\{command}\n") == 1
    (columns,) = [line for line in text.splitlines() if line.startswith(r"\begin{tabular}")]
    body = [line for line in text.splitlines() if line.endswith(r" \\")]
    assert len(body) == 4
    assert all(line.count(" & ") == len(columns.partition("}{")[2].rstrip("}")) - 1 for line in body)
    assert r"gamma1 & analytic-central & 7.5e-10" in text
    assert text.count(r"\begin{") == text.count(r"\end{") == 2


def test_latex_s_own_characters_are_escaped():
    assert (
        escaped_latex("\\~^&%$#_{}") == r"\textbackslash{}\textasciitilde{}\textasciicircum{}\&\%\$\#\_\{\}"
    )
    assert escaped_latex("|a-n| < 1") == r"\textbar{}a-n\textbar{} \textless{} 1"


def test_a_checked_program_s_table_is_csv_too():
    tensor = CheckedTensor(
        name="W", shape=[3, 6], verdict="wrong", difference=0.1234567891, largest=2.0, zero=False, checked=18,
        kinks=1, coverage="",
    )  # fmt: skip
    file = checked_file().model_copy(update={"tensors": [tensor]})
    head, line = csv.reader(tensors_csv(file).splitlines())
    assert head == ["parameter", "shape", "verdict", "relative_norm", "largest", "compared", "kinks"]
    assert line == ["W", "3 x 6", "wrong", "0.1234567891", "2.0", "18", "1"]
