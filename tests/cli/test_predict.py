"""``chainrule predict``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainrule import load
from chainrule.cli.app import run
from chainrule.data.encoding import EncodingNotice
from chainrule.data.frames import read_frame
from support.commands import refused
from support.tables_in_files import QUICK, write_people


@pytest.fixture(autouse=True)
def people():
    write_people()
    for target, other in (("stayed", "visits"), ("visits", "stayed")):
        command = ["fit", "people.csv", "--target", target, "--drop", other, "--out", f"{target}.net"]
        assert run([*command, "--quiet", *QUICK]) == 0
    return read_frame(Path("people.csv"))


def test_predictions_and_probabilities_are_lines_of_csv(capsys, people):
    capsys.readouterr()
    assert run(["predict", "stayed.net", "people.csv", "--proba"]) == 0
    Path("p.csv").write_text(capsys.readouterr().out)
    made, net = read_frame(Path("p.csv")), load("stayed.net")
    assert made.columns == ("prediction", "probability of no", "probability of yes")
    assert made["prediction"].tolist() == net.predict(people).tolist()
    np.testing.assert_array_equal(made["probability of yes"], net.predict_proba(people)[:, 1])


def test_numbers_in_a_file_and_categories_that_are_new(capsys, people):
    Path("later.csv").write_text("city,weight,age\nLima,1,40\n")
    assert run(["predict", "visits.net", "later.csv", "--out", "p.csv"]) == 0
    captured = capsys.readouterr()
    assert captured.out.endswith("predictions: p.csv\n")
    assert "note: X: column 'city': 1 of 1 rows hold categories that were not trained on" in captured.err
    with pytest.warns(EncodingNotice):
        expected = load("visits.net").predict(read_frame(Path("later.csv")))
    assert read_frame(Path("p.csv"))["prediction"].tolist() == expected.tolist()


def test_what_cannot_be_predicted_is_one_line(capsys):
    capsys.readouterr()
    Path("later.csv").write_text("age,weight,ctiy\n40,1,Rome\n")
    assert refused(capsys, "predict", "stayed.net", "later.csv") == [
        "X: lacks column 'city'; did you mean 'ctiy'?"
    ]
    (line,) = refused(capsys, "predict", "people.csv", "people.csv")
    assert line.startswith("people.csv: is damaged, or no file of tensors")
    (line,) = refused(capsys, "predict", "visits.net", "people.csv", "--proba")
    assert line.startswith("loss 'squared_error': gives no probabilities")
