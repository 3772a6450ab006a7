"""What a fit leaves behind for its page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainrule import load, open_run
from chainrule.cli import fit_records, pages
from chainrule.cli.app import run
from chainrule.cli.given import RowsToLearn
from chainrule.data.frames import read_frame
from chainrule.errors import StoreError
from chainrule.records.figures import CurvesFigure, PredictionsFigure, ResidualsFigure
from chainrule.records.runs import Results
from support.commands import refused
from support.images import write_images
from support.tables_in_files import QUICK, write_people

PATH = Path("people.csv")
ROWS = np.arange(0, 60, 3)


def written(target="stayed", classes=True, epochs=2, members=2, **history):
    """The folder of a net that learned people, with a history as it is told."""
    write_people()
    assert (
        run(["fit", "people.csv", "--target", target, "--quiet", *QUICK, "--set", f"members={members}"]) == 0
    )
    frame = read_frame(PATH)
    given = RowsToLearn(frame.without(target), frame[target], classes, target)
    curves = {"epoch": np.arange(epochs + 1.0), "train_loss": np.ones((epochs + 1, members)), **history}
    net = load("people.net")
    fit_records.write_records(Path("runs"), PATH, net, curves, given, ROWS, ["60 rows"], 3)
    return net, frame.take(ROWS), open_run("runs")


def one(found, kind):
    (figure,) = (figure for figure in found.figures if isinstance(figure, kind))
    return figure


def test_scores_and_confusion_counts_are_those_of_the_rows_kept_aside():
    net, rows, found = written()
    (fit,) = found.results.fits
    assert (fit.recipe, fit.rows, fit.words) == ("people.csv", 20, ["60 rows"])
    right = net.predict(rows) == rows["stayed"]
    assert fit.scores[0].together == pytest.approx(right.mean())
    assert fit.scores[0].alone == [
        pytest.approx((net.member(m).predict(rows) == rows["stayed"]).mean()) for m in (0, 1)
    ]
    (counted,) = one(found, PredictionsFigure).rows
    assert np.trace(counted.counts) == right.sum()
    assert (np.sum(counted.counts), counted.seed, counted.mistakes) == (20, None, [])
    assert fit.settings["l2"] == [0.01, 0.00125]


def test_settings_are_kept_as_the_nets_were_trained_by_them():
    net, _, found = written(members=3)
    (fit,) = found.results.fits
    own = [one["l2"] for one in net.trained["changed"][1:]]
    assert own[1] != float(f"{own[1]:.3g}")
    assert fit.settings["l2"] == [net.trained["settings"]["l2"], *own]


def test_of_numbers_predicted_stands_beside_measured():
    net, rows, found = written("visits", classes=False)
    figure = one(found, ResidualsFigure)
    assert figure.truth == rows["visits"].tolist()
    np.testing.assert_allclose(figure.predicted, net.predict(rows))
    assert figure.quartiles[1] == pytest.approx(np.median(net.predict(rows) - rows["visits"]))


def test_who_stopped_stays_in_the_curves_as_it_last_was():
    losses = np.array([[4.0, 2.0], [3.0, 1.0], [np.nan, 5.0]])
    _, _, found = written(train_loss=losses, val_loss=np.full((3, 2), np.nan))
    (row,) = one(found, CurvesFigure).rows
    assert row.curves["train_loss"].mean == [3.0, 2.0, 4.0]
    assert row.curves["val_loss"].mean == [None] * 3
    assert len(row.learning_rate) == 3


def test_the_surest_mistakes_with_images_are_shown():
    pytest.importorskip("PIL")
    write_images(Path("shades"))
    assert run(["fit", "shades", "--page", "runs", "--quiet", *QUICK]) == 0
    figure = one(open_run("runs"), PredictionsFigure)
    assert figure.shape == (3, 6, 5)
    (row,) = figure.rows
    assert len(row.mistakes) == min(8, np.sum(row.counts) - np.trace(row.counts))


@pytest.mark.parametrize("name", ["plan.json", "results.json", "figures", "report.html", "notes.txt"])
def test_a_folder_of_anything_else_is_refused_before_anything_is_trained(capsys, name):
    write_people()
    results = Results(rows=[], claims=[], input_means=[], titles={}, environment={}).to_json()
    Path("runs").mkdir()
    Path("runs", name).mkdir() if name == "figures" else Path("runs", name).write_text(results)
    (line,) = refused(capsys, "fit", "people.csv", "--target", "visits", "--page", "runs", *QUICK)
    assert line == "runs: is no page of a fit and not empty; choose another --page"
    assert [path.name for path in Path("runs").iterdir()] == [name]
    assert not Path("people.net").exists()


def test_a_second_fit_takes_the_place_of_the_first(monkeypatch):
    monkeypatch.setattr(pages, "write_page", lambda *given: None)
    write_people()
    page = ["--page", "runs", "--out", "runs/people.net", "--quiet", *QUICK]
    for target, last in (("visits", "residuals"), ("stayed", "predictions")):
        assert run(["fit", "people.csv", "--target", target, *page]) == 0
        Path("runs/figures/people.csv-curves.svg").touch()
        assert {figure.kind for figure in open_run("runs").figures} == {"curves", last}
    assert len(list(Path("runs", "figures").iterdir())) == 3


def test_the_page_says_how_it_went(capsys):
    pytest.importorskip("altair")
    write_people()
    assert run(["fit", "people.csv", "--target", "visits", "--page", "runs", *QUICK]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "page: runs/report.html"
    page = Path("runs", "report.html").read_text()
    for words in (
        "<h1>people.csv: visits</h1>", "60 rows; learns &#39;visits&#39;, a number.", "Predicted beside measured",
        "from the worst to the best", "neg_root_mean_squared_error", "2 nets", "Half of the predictions are off by",
    ):  # fmt: skip
        assert words in page
    assert "official" not in page


def test_a_page_that_finds_no_room_leaves_what_was_trained_and_said(capsys, monkeypatch):
    def full(*given):
        raise StoreError("runs: cannot write: No space left on device; free some space")

    monkeypatch.setattr("chainrule.cli.fit.write_records", full)
    write_people()
    assert run(["fit", "people.csv", "--target", "visits", "--page", "runs", "--quiet", *QUICK]) == 2
    out, err = capsys.readouterr()
    assert out.endswith("net: people.net\n")
    assert err == "chainrule: runs: cannot write: No space left on device; free some space\n"
    assert Path("people.net").exists()
