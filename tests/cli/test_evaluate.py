"""``chainrule evaluate``."""

from __future__ import annotations

import dataclasses
import json

import pytest

from chainrule import load
from chainrule.cli.app import run
from chainrule.nets.file import save
from support.commands import refused
from support.tables_in_files import QUICK, write_people


@pytest.fixture(autouse=True)
def people(capsys):
    write_people()
    assert run(["fit", "people.csv", "--target", "stayed", "--quiet", *QUICK]) == 0
    capsys.readouterr()


def test_scores_are_printed_with_what_they_are_of(capsys):
    assert run(["evaluate", "people.net", "people.csv", "--metrics", "f1,roc_auc"]) == 0
    first, f1, area = capsys.readouterr().out.splitlines()
    assert first == "people.csv: 60 rows; the positive class is 'yes'"
    assert f1.startswith("f1       ")
    assert area.startswith("roc_auc  ")
    assert run(["evaluate", "people.net", "people.csv", "--metrics", "f1,roc_auc", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["positive"]) == (60, "yes")
    assert f"{said['scores']['roc_auc']:.4f}" == area.split()[1]
    assert run(["evaluate", "people.net", "people.csv"]) == 0
    assert "accuracy      0." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--metrics", "rocauc"], "metric 'rocauc': is unknown; did you mean 'roc_auc'?"),
        (["--metrics", ","], "--metrics ',': names nothing"),
        (["--target", "city"], "column 'city': row 4 (from 0): holds None, which is no label"),
        (["--target", "none"], "--target 'none': is no column"),
    ],
)
def test_what_cannot_be_evaluated_is_one_line(capsys, arguments, said):
    (line,) = refused(capsys, "evaluate", "people.net", "people.csv", *arguments)
    assert line.startswith(said)


def test_a_net_that_does_not_know_its_column(capsys):
    net = load("people.net")
    save(dataclasses.replace(net, trained={}), "people.net")
    (line,) = refused(capsys, "evaluate", "people.net", "people.csv")
    assert line == "--target: people.net does not say which column it learned; name it"
    assert run(["evaluate", "people.net", "people.csv", "--target", "stayed"]) == 0
