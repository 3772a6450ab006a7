"""``chainrule selfcheck`` on the built-in digits: what it prints, and broken gradients told from right ones."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from chainrule.cli.app import run
from chainrule.cli.selfcheck import selfcheck
from chainrule.components import LOSSES
from chainrule.errors import DataError, SettingsError
from chainrule.nn import affine, batchnorm, penalty
from chainrule.nn.losses.hinge import HINGE
from chainrule.records.gradients import GradientChecks
from support.commands import refused


def checked(capsys, name: str, *, code: int = 0, **options):
    """What ``--json`` prints of a recipe on digits, and the rows as plain data."""
    assert selfcheck(name, dataset="digits", as_json=True, quiet=True, **options) == code
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out)


def test_one_layer_with_either_loss_is_right(capsys):
    printed = checked(capsys, "one_layer_improved")
    rows = printed["rows"]
    assert {(row["net"], row["l2"]) for row in rows} == {
        ("64-10", 0.0), ("64-10", 0.01), ("64-10, hinge loss", 0.0), ("64-10, hinge loss", 0.01),
    }  # fmt: skip
    assert {row["verdict"] for row in rows} == {"right", None}
    assert {row["entries"] for row in rows if row["parameter"] == "W1"} == {640}
    assert printed["samples"] == 100
    assert printed["dataset"]["name"] == "digits"


def test_every_layer_and_comparison_of_deep_nets(capsys):
    rows = checked(capsys, "deep_batch_norm", samples=12)["rows"]
    normed = [row for row in rows if row["net"] == "64-50-50-10, batch norm" and row["l2"] == 0]
    names = ["W1", "b1", "gamma1", "beta1", "W2", "b2", "gamma2", "beta2", "W3", "b3"]
    comparisons = ["analytic-central", "analytic-forward", "analytic-complex", "forward-central"]
    assert [(row["parameter"], row["compared"]) for row in normed] == [
        (n, c) for n in names for c in comparisons
    ]
    for row in rows:
        judged = row["compared"] in ("analytic-central", "analytic-complex")
        in_front = "batch norm" in row["net"] and row["parameter"][0] == "b" and row["parameter"][1].isdigit()
        last = row["parameter"] == f"b{row['net'].split(',')[0].count('-')}"
        expected = "zero" if in_front and not last else "right"
        assert row["verdict"] == (expected if judged else None), row
        assert row["published"] == {}
    complex_ = [row for row in rows if row["compared"] == "analytic-complex" and row["verdict"] == "right"]
    assert max(row["relative_norm"] for row in complex_) < 1e-12


def test_samples_l2_and_batch_norm_of_one_s_own(capsys):
    printed = checked(capsys, "two_layer", samples=7, l2=0.3, batch_norm=True)
    assert printed["samples"] == 7
    assert {(row["net"], row["l2"]) for row in printed["rows"]} == {
        ("64-50-10, batch norm", 0.0), ("64-50-10, batch norm", 0.3),
    }  # fmt: skip
    assert {row["verdict"] for row in printed["rows"]} == {"right", "zero", None}


def test_the_same_command_prints_the_same_and_another_seed_does_not(capsys):
    first, again = (checked(capsys, "one_layer", samples=20) for _ in range(2))
    assert first == again
    assert checked(capsys, "one_layer", samples=20, seed=1)["rows"] != first["rows"]


def test_the_table_names_nets_and_verdicts(capsys):
    assert selfcheck("two_layer", dataset="digits", quiet=True) == 0
    text = capsys.readouterr().out
    assert "64-50-10, l2 0, 20 samples" in text
    assert "64-50-10, l2 0.01, 20 samples" in text
    assert text.splitlines()[-1] == "two_layer: 16 right"


def test_csv_and_latex(capsys):
    assert selfcheck("one_layer", dataset="digits", samples=5, csv=True, quiet=True) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 2 * 2 * 4 + 4 * 2
    assert selfcheck("one_layer", dataset="digits", samples=5, latex=True, quiet=True) == 0
    assert capsys.readouterr().out.count(r"\begin{tabular}") == 3


def test_the_threshold_of_shares_is_the_report_s_or_one_s_own(capsys):
    assert checked(capsys, "deep_batch_norm", samples=5)["below"] == 1.5e-8
    printed = checked(capsys, "one_layer", below=1e-9)
    assert printed["below"] == 1e-9
    forward = [row["share_below"] for row in printed["rows"] if row["compared"] == "analytic-forward"]
    assert min(forward) < 1
    printed = checked(capsys, "one_layer")
    assert (printed["below"], {row["share_below"] for row in printed["rows"]}) == (1e-6, {1.0})


def test_a_course_of_errors_is_in_the_output_and_no_reason_to_fail(capsys):
    printed = checked(capsys, "one_layer")
    assert [stage["samples"] for stage in printed["course"]] == [1, 1, 2, 2]
    assert selfcheck("one_layer", dataset="digits", quiet=True) == 0
    assert "64-10, course of errors, step 1e-6" in capsys.readouterr().out


AFFINE, NORM = affine.backward, batchnorm.backward


def summed_twice(ds, cache):
    dW, db = AFFINE(ds, cache)
    return dW, 2 * db


def without_dgamma(g, cache):
    ds, dgamma, dbeta = NORM(g, cache)
    lost = cache.centred * (cache.gamma * cache.inverse_sigma**2 * dgamma / g.shape[1])[:, None]
    return ds + lost, dgamma, dbeta


def without_gamma(g, cache):
    ds, dgamma, dbeta = NORM(g, cache)
    return ds / cache.gamma[:, None], dgamma, dbeta


def without_count(cache):
    ds = HINGE.backward(cache)
    ds[:, range(len(cache.y)), cache.y] = -1 / len(cache.y)
    return ds


BROKEN = {
    "penalty without its 2": ("one_layer", penalty, "backward", lambda W, l2: l2[:, None, None] * W, "W1"),
    "bias twice": ("two_layer", affine, "backward", summed_twice, "b2"),
    "variance held constant": ("deep_batch_norm", batchnorm, "backward", without_dgamma, "W1"),
    "gamma left out of the way back": ("deep_batch_norm", batchnorm, "backward", without_gamma, "W1"),
    "hinge without count": (
        "one_layer_improved",
        LOSSES,
        "hinge",
        replace(HINGE, backward=without_count),
        "b1",
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_gradient_is_wrong(mistake, capsys, monkeypatch):
    name, owner, function, broken, parameter = BROKEN[mistake]
    if owner is LOSSES:
        monkeypatch.setitem(LOSSES._built_in, function, broken)
    else:
        monkeypatch.setattr(owner, function, broken)
    rows = checked(capsys, name, samples=12, code=1)["rows"]
    wrong = [row for row in rows if row["verdict"] == "wrong"]
    assert parameter in {row["parameter"] for row in wrong}
    by_central, by_complex = (
        {(row["net"], row["l2"], row["parameter"]) for row in wrong if row["compared"] == compared}
        for compared in ("analytic-central", "analytic-complex")
    )
    assert by_central == by_complex


def test_progress_is_told_unless_quiet(capsys):
    selfcheck("one_layer", dataset="digits", samples=5)
    assert "check one_layer: 100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "options", "problem"),
    [
        ("two_layers", {}, "recipe 'two_layers': is unknown; did you mean 'two_layer'?"),
        ("two_layer", {"samples": 0}, "--samples 0: the training split holds 300 images"),
        ("two_layer", {"samples": 301}, "--samples 301: the training split holds 300 images"),
        ("deep_batch_norm", {"samples": 1}, "--samples 1: batch norm needs 2 samples or more"),
        ("one_layer", {"below": 0.0}, "--below 0: no difference lies below it"),
        ("one_layer", {"below": float("nan")}, "--below nan: no difference lies below it"),
        ("one_layer", {"batch_norm": True}, "no hidden layer to normalise"),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(capsys, name, options, problem):
    with pytest.raises(SettingsError) as refusal:
        selfcheck(name, dataset="digits", quiet=True, **options)
    (line,) = refusal.value.problems
    assert problem in line
    assert capsys.readouterr().out == ""


def test_missing_data_is_said_in_one_line(tmp_path):
    with pytest.raises(DataError, match="holds no CIFAR-10; run `chainrule data fetch cifar10`"):
        selfcheck("one_layer", data_dir=tmp_path, quiet=True)


def test_every_option_is_heeded(capsys):
    assert run(["selfcheck", "one_layer", "--dataset", "digits", "--json", "--quiet"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["samples"], printed["seed"]) == (100, 0)
    assert {row["l2"] for row in printed["rows"]} == {0, 1}
    assert not Path("o").exists()
    options = ["--dataset", "digits", "--data-dir", "d", "--samples", "9", "--l2", "0", "--no-batch-norm"]
    assert (
        run(["selfcheck", "deep_batch_norm", *options, "--seed", "3", "--latex", "--quiet", "--out", "o"])
        == 0
    )
    captured = capsys.readouterr()
    assert captured.out.startswith(r"\begin{table}")
    assert captured.err == ""
    (kept,) = map(GradientChecks.read, Path("o/checks").iterdir())
    assert (kept.recipe, kept.dataset["name"], kept.samples, kept.seed) == ("deep_batch_norm", "digits", 9, 3)
    assert {row.l2 for row in kept.rows} == {0}
    assert {row.net for row in kept.rows} == {"64-50-10", "64-50-50-10", "64-50-30-20-20-10-10-10-10-10"}
    assert Path("o/report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'RECIPE'."),
        (["one_layer", "--time", "3"], "No such option: --time"),
        (["one_layer", "--memory", "3"], "No such option: --memory"),
        (["one_layer", "--csv", "--json"], "--csv and --json: only one form can be printed; leave one out"),
        (["one_layer", "--latex", "--csv", "--json"],
         "--csv and --json and --latex: only one form can be printed; leave one out"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(capsys, arguments, said):
    (line,) = refused(capsys, "selfcheck", *arguments)
    assert line.startswith(said)


@pytest.mark.parametrize(("option", "value"), [("--seed", "-1"), ("--l2", "-1"), ("--samples", "0")])
def test_values_out_of_range_are_refused(capsys, option, value):
    (line,) = refused(capsys, "selfcheck", "one_layer", option, value)
    assert option in line
    assert line.endswith("--help)")
