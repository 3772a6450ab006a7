"""``chainrule fit``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from chainrule import load
from chainrule.cli.app import run
from chainrule.data.frames import read_frame
from support.commands import refused
from support.tables_in_files import QUICK, write_people


def test_a_table_becomes_a_net_that_needs_nothing_else(capsys):
    write_people()
    assert run(["fit", "people.csv", "--target", "stayed", "--drop", "visits,weight", *QUICK]) == 0
    first, second, third, last = capsys.readouterr().out.splitlines()
    assert first == "people.csv: 60 rows; learns 'stayed', 2 classes: no, yes"
    assert second.startswith("2 nets of 4 hidden units, 48 rows, 2 epochs: ")
    assert third.startswith("on 12 rows kept aside: accuracy 0.")
    assert third.endswith("always 'no': accuracy 0.5")
    assert last == "net: people.net"
    net = load("people.net")
    assert net.encoding.names == ("age", "city")
    assert set(net.predict(read_frame(Path("people.csv")))) <= {"no", "yes"}
    assert (net.trained["target"], net.trained["rows"]) == ("stayed", {"train": 48})


def test_numbers_weights_and_json(capsys):
    write_people()
    command = ["fit", "people.csv", "--target", "visits", "--weights", "weight", "--test", "0", "--json"]
    assert run([*command, "--out", "v.net", *QUICK]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["net"], said["rows"], said["test_rows"], said["scores"]) == ("v.net", 60, 0, {})
    weighed = load("v.net")
    assert (weighed.classes, weighed.encoding.names) == (None, ("age", "city", "stayed"))
    assert run([*command[:4], "--drop", "weight", *command[6:], "--out", "p.net", *QUICK]) == 0
    assert abs(load("p.net").parameters["W1"] - weighed.parameters["W1"]).max() > 1e-6


def test_what_is_said_of_stopping_early_is_what_happened(capsys):
    rng = np.random.default_rng(0)
    np.savez("noise.npz", X=rng.normal(size=(60, 5)), y=rng.integers(0, 2, 60))
    command = ["fit", "noise.npz", "--target", "y", "--test", "0", *QUICK]
    command += ["--set", "epochs=40", "--set", "early_stopping=2", "--set", "learning_rate=0.5"]
    assert run(command) == 0
    second = capsys.readouterr().out.splitlines()[1]
    trained = load("noise.net").trained
    kept, epochs = trained["kept_epochs"], trained["epochs"]
    assert max(kept) + 2 == epochs < 40
    assert trained["early_stopping"] == 2
    assert f"54 rows and 6 to validate on, {epochs} of 40 epochs, best after {min(kept)}" in second
    assert run([*command, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["val_rows"], said["epochs"]) == (54, 6, epochs)
    rule = 'early_stopping={metric="f1",patience=2}'
    assert run([one.replace("early_stopping=2", rule) for one in command]) == 0
    assert load("noise.net").trained["watched"] == "f1"


def test_whole_numbers_are_classes_where_they_are_few_or_are_said_to_be(capsys):
    np.savez(
        "t.npz",
        X=np.random.default_rng(0).normal(size=(60, 2)),
        few=np.arange(60) % 3,
        many=np.arange(60) // 2,
    )
    for target, learn, classes in (
        ("few", [], 3), ("many", [], None), ("many", ["--learn", "classes"], 30), ("few", ["--learn", "numbers"], None),
    ):  # fmt: skip
        assert run(["fit", "t.npz", "--target", target, *learn, "--test", "0", "--quiet", *QUICK]) == 0
        net = load("t.net")
        assert (None if net.classes is None else len(net.classes)) == classes
    assert net.columns == ("X0", "X1", "many")


def test_groups_are_kept_aside_whole(capsys):
    write_people()
    command = [
        "fit",
        "people.csv",
        "--target",
        "stayed",
        "--groups",
        "weight",
        "--test",
        "0.3",
        "--json",
        *QUICK,
    ]
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out)["test_rows"] == 20
    assert "weight" not in load("people.net").encoding.names


def test_notes_go_to_standard_error(capsys):
    write_people()
    Path("c.csv").write_text(
        Path("people.csv").read_text().replace("age", "old,age").replace("\n", "\n1,")[:-2]
    )
    assert run(["fit", "c.csv", "--target", "stayed", *QUICK]) == 0
    assert "note: X: column 'old' never varies" in capsys.readouterr().err
    assert run(["fit", "c.csv", "--target", "stayed", "--quiet", *QUICK]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "stayd"], "--target 'stayd': is no column; did you mean 'stayed'?"),
        (["--target", "stayed", "--drop", "cty"], "--drop 'cty': is no column; did you mean 'city'?"),
        (["--target", "stayed", "--weights", "wait"], "--weights 'wait': is no column; did you mean 'weight'?"),
        (["--target", "city"], "column 'city': row 4 (from 0): holds None, which is no label; drop the row"),
        (["--target", "stayed", "--learn", "clases"], "--learn 'clases': is unknown; did you mean 'classes'?"),
        (["--target", "stayed", "--learn", "numbers"], "column 'stayed': holds text; give numbers"),
        (["--target", "stayed", "--set", "epoch=3"], "--set epoch: is no parameter of MLPClassifier; did you mean"),
        (["--target", "stayed", "--set", "epochs=0"], "epochs = 0: should be greater than or equal to 1"),
        (["--target", "stayed", "--drop", "age,city,visits,weight"], "there is no column left to learn from"),
        (["--target", "stayed", "--test", "1.5"], "Invalid value for '--test': '1.5' is no share"),
        (["--target", "stayed", "--weights", "age"], "column 'age': row 3 (from 0): weighs nan; give 0 or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line(capsys, arguments, said):
    write_people()
    (line,) = refused(capsys, "fit", "people.csv", *arguments)
    assert line.startswith(said)
    assert not Path("people.net").exists()


@pytest.mark.parametrize(("out", "why"), [(".", "Is a directory"), ("people.csv/x.net", "Not a directory")])
def test_where_no_net_can_be_written_none_is_trained(out, why, capsys, monkeypatch):
    monkeypatch.setattr("chainrule.estimators.base.trained", None)
    write_people()
    (line,) = refused(capsys, "fit", "people.csv", "--target", "stayed", "--out", out, "--quiet")
    assert line == f"{out}: cannot write: {why}; choose another place"


def test_what_is_wrong_with_data_is_said_with_its_place(capsys):
    Path("one.csv").write_text("a,label\n1,x\n2,x\n3,x\n")
    (line,) = refused(capsys, "fit", "one.csv", "--target", "label")
    assert line == "column 'label': holds one class, x, alone; give rows of two or more"
    write_people()
    lines = Path("people.csv").read_text().splitlines()
    for column, dropped in (("visits", "age,city"), ("age", "visits")):
        cells = lines[52].split(",")
        cells[lines[0].split(",").index(column)] = "inf"
        Path("inf.csv").write_text("\n".join([*lines[:52], ",".join(cells), *lines[53:]]))
        (line,) = refused(capsys, "fit", "inf.csv", "--target", "stayed", "--drop", dropped)
        assert line.startswith(
            f"inf.csv: row 51, column '{column}' (rows count from 0): holds inf; replace it"
        )


def test_a_table_of_numbers_predicts_what_stands_beside_its_target_and_where_there_are_gaps(capsys):
    lines = [f"{'' if row == 7 else row},{row % 3},{'ab'[row > 20]}" for row in range(40)]
    Path("plain.csv").write_text("\n".join(["a,b,kind", *lines]) + "\n")
    for seed in range(3):
        # Whether the gap is trained on or kept aside.
        assert run(["fit", "plain.csv", "--target", "kind", "--seed", str(seed), *QUICK]) == 0
    capsys.readouterr()
    assert run(["predict", "plain.net", "plain.csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 41


def test_numbers_without_gaps_are_predicted_beside_their_target(capsys):
    Path("whole.csv").write_text("a,kind\n" + "".join(f"{row},{'ab'[row > 5]}\n" for row in range(12)))
    assert run(["fit", "whole.csv", "--target", "kind", "--test", "0", *QUICK]) == 0
    assert run(["evaluate", "whole.net", "whole.csv"]) == 0


def test_a_class_of_one_row_ends_nothing():
    rows = [f"{row},{'ab'[row % 2]}" for row in range(30)]
    Path("rare.csv").write_text("\n".join(["x,kind", *rows, "31,c"]) + "\n")
    assert run(["fit", "rare.csv", "--target", "kind", *QUICK]) == 0
    assert Path("rare.net").exists()


def test_a_home_is_where_it_is_meant(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    write_people()
    assert run(["fit", "people.csv", "--target", "stayed", "--out=~/people.net", *QUICK]) == 0
    assert (tmp_path / "home" / "people.net").exists()
