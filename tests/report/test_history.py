"""Histories of other programs: which column is taken for what, gaps, runs, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chainrule.errors import DataError, SettingsError
from chainrule.report import overlay
from chainrule.report.history import read_histories


def read(tmp_path, text: str, name: str = "h.csv"):
    path = tmp_path / name
    path.write_text(text)
    figure, notes = read_histories([path])
    return figure.rows[0], notes[0], figure


def test_a_csv_with_percentages_gaps_and_a_rate(tmp_path):
    row, said, figure = read(
        tmp_path, "epoch;loss;val_loss;acc;lr;time\n1;2.5;nan;25;0.1;3\n2;2;inf;50;0.1;3\n3;1.5;1;75;;3\n"
    )
    assert row.epoch == [1, 2, 3]
    assert figure.x == "epoch"
    assert row.curves["train_loss"].mean == [2.5, 2.0, 1.5]
    assert row.curves["val_loss"].mean == [None, None, 1.0]
    assert row.curves["train_accuracy"].mean == [0.25, 0.5, 0.75]
    assert row.learning_rate == [0.1, 0.1, None]
    for words in (
        "training loss is column 'loss'", "validation loss is column 'val_loss'", "learning rate is column 'lr'",
        "2 of 3 entries of column 'val_loss' are no numbers", "column 'acc' is in per cent", "not used: time",
    ):  # fmt: skip
        assert words in said


def test_seeds_become_a_band(tmp_path):
    lines = ["epoch,seed,loss", *(f"{epoch},{seed},{epoch + seed}" for seed in (0, 1, 5) for epoch in (0, 1))]
    row, said, _ = read(tmp_path, "\n".join(lines))
    assert row.seeds == 3
    band = row.curves["train_loss"]
    assert (band.mean, band.low, band.high) == ([2.0, 3.0], [0.0, 1.0], [5.0, 6.0])
    assert "3 runs, by column 'seed'" in said


def test_lines_that_hold_a_part_each_are_joined(tmp_path):
    row, *_ = read(tmp_path, "epoch,step,train_loss,val_loss\n0,9,2.0,\n0,9,,2.5\n1,19,1.0,\n1,19,,1.5\n")
    assert row.epoch == [0, 1]
    assert row.curves["val_loss"].mean == [2.5, 1.5]


def test_steps_are_counted_where_an_epoch_has_several(tmp_path):
    row, said, figure = read(tmp_path, "epoch,step,loss\n0,1,3\n0,2,2\n1,3,1\n")
    assert (figure.x, row.epoch) == ("step", [1, 2, 3])
    assert "step is column 'step'" in said


def test_json_of_keras_of_lists_of_objects_and_of_ours(tmp_path):
    keras = {"loss": [2.0, 1.0], "val_loss": [2.5, float("nan")], "accuracy": [0.1, 0.2]}
    row, said, _ = read(tmp_path, json.dumps(keras), "k.json")
    assert row.epoch == [1, 2]
    assert row.curves["val_loss"].mean == [2.5, None]
    assert "each entry is one epoch" in said
    row, *_ = read(
        tmp_path, json.dumps([{"epoch": 0, "loss": 3}, {"epoch": 1, "loss": 2, "note": "x"}]), "l.json"
    )
    assert row.curves["train_loss"].mean == [3.0, 2.0]
    row, *_ = read(tmp_path, json.dumps({"history": {"epoch": [0, 1], "train_loss": [3, 2]}}), "m.json")
    assert row.epoch == [0, 1]


def test_a_log_of_hugging_face_s_trainer(tmp_path):
    log = [
        {"epoch": 0.5, "loss": 1.5, "learning_rate": 5e-5, "step": 10}, {"epoch": 1.0, "loss": 1.25, "step": 20},
        {"epoch": 1.0, "eval_loss": 1.5, "eval_accuracy": 0.5, "step": 20}, {"epoch": 1.5, "loss": 1.0, "step": 30},
        {"epoch": 2.0, "loss": 0.5, "learning_rate": 1e-5, "step": 40}, {"epoch": 2.0, "eval_loss": 1, "step": 40},
        {"epoch": 2.0, "train_loss": 1.06, "train_runtime": 9},
    ]  # fmt: skip
    state = {"best_metric": None, "global_step": 40, "log_history": log}
    row, said, figure = read(tmp_path, json.dumps(state), "trainer_state.json")
    assert figure.x == "epoch"
    assert row.curves["train_loss"].epoch == [0.5, 1.0, 1.5, 2.0]
    assert row.curves["train_loss"].mean == [1.5, 1.25, 1.0, 0.5]
    assert (row.curves["val_loss"].epoch, row.curves["val_loss"].mean) == ([1, 2], [1.5, 1.0])
    assert row.curves["val_accuracy"].mean == [0.5]
    assert "train_accuracy" not in row.curves
    assert "validation accuracy is column 'eval_accuracy'" in said
    assert "no numbers" not in said


def test_lines_without_an_epoch_belong_to_the_one_before(tmp_path):
    text = "epoch,step,lr-SGD,train_loss\n,0,0.5,\n0,9,,2\n,10,0.25,\n1,19,,1\n"
    row, said, _ = read(tmp_path, text)
    assert (row.epoch, row.learning_rate) == ([0, 1], [0.25, None])
    assert row.curves["train_loss"].mean == [2, 1]
    assert "2 lines without epoch count as that of the line before" in said


def test_what_is_written_now_and_then_has_no_gaps(tmp_path):
    text = "step,loss,val_loss\n1,4,\n2,3,3.5\n3,nan,\n4,1,1.5\n"
    row, said, figure = read(tmp_path, text)
    assert (row.curves["val_loss"].epoch, row.curves["val_loss"].mean) == ([2, 4], [3.5, 1.5])
    assert row.curves["train_loss"].mean == [4, 3, None, 1]
    assert "1 of 4 entries of column 'loss' are no numbers" in said
    data = overlay.points(figure.rows, "loss")
    assert [point["epoch"] for point in data if point["split"] == "validation"] == [2, 4]


@pytest.mark.parametrize(
    "text",
    [
        "epoch;loss;val_loss\n1;2,5;3\n2;1,5;2\n", "epoch\tloss\tval_loss\n1\t2.5\t3\n2\t1.5\t2\n",
        "\nepoch  loss  val_loss\n\n1  2.5  3\n2  1.5  2\n", "# epoch,loss,val_loss\n1,2.5,3\n2,1.5,2\n",
        "# made by hand\n# twice\nepoch, loss, val_loss\n1, 2.5, 3\n2, 1.5, 2\n",
        "epoch,loss,val_loss\r1,2.5,3\r2,1.5,2",
    ],
)  # fmt: skip
def test_tables_as_people_write_them(tmp_path, text):
    row, *_ = read(tmp_path, text)
    assert row.epoch == [1, 2]
    assert row.curves["train_loss"].mean == [2.5, 1.5]
    assert row.curves["val_loss"].mean == [3, 2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_encodings_of_spreadsheets(tmp_path, encoding):
    (tmp_path / "h.csv").write_bytes("époque,loss\n1,2\n2,1\n".encode(encoding))
    figure, _ = read_histories([tmp_path / "h.csv"])
    assert figure.rows[0].curves["train_loss"].mean == [2, 1]


def test_long_histories_are_thinned_to_their_end(tmp_path):
    row, said, _ = read(tmp_path, "step,loss,lr\n" + "".join(f"{i},{i},{i}\n" for i in range(25_000)))
    assert row.epoch == row.curves["train_loss"].mean == row.learning_rate == list(range(24, 25_000, 25))
    assert "of 25000 entries of column 'loss' 1000 are drawn" in said


def test_npz_of_runs(tmp_path):
    np.savez(
        tmp_path / "h.npz",
        train_loss=np.array([[3.0, 2.0], [5.0, 4.0]]),
        epoch=np.arange(2),
        w=np.ones((2, 2, 2)),
    )
    figure, _ = read_histories([tmp_path / "h.npz"])
    (row,) = figure.rows
    assert row.seeds == 2
    assert row.curves["train_loss"].low == [3.0, 2.0]
    assert row.curves["train_loss"].high == [5.0, 4.0]


def test_several_files_are_several_settings(tmp_path):
    paths = []
    for place in ("a", "b"):
        paths.append(tmp_path / place / "h.csv")
        paths[-1].parent.mkdir()
        paths[-1].write_text("loss\n1\n")
    figure, notes = read_histories(paths)
    assert [row.row for row in figure.rows] == [str(path) for path in paths]
    assert len(notes) == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("h.csv", b"a,b\n1,2\n", "no column is recognised among a, b; name one loss"),
        ("h.csv", b"", "holds no numbers"),
        ("h.csv", b"loss\n", "holds no numbers"),
        ("h.csv", b"\xff\xfe", "holds no numbers"),
        ("h.csv", b"loss,loss\n1,2\n", "two columns are called 'loss'"),
        ("h.csv", b"epoch,loss\n1,nan\n2,x\n", "no entry of loss is a number"),
        ("h.json", b"{", "cannot be read as json"),
        ("h.json", b"3", "neither an object of lists nor a list of objects"),
        ("h.json", b'{"x": 1}', "holds no numbers"),
        ("h.npz", b"no zip", "cannot be read as npz"),
        ("h.txt", b"loss", r"is no .csv, .tsv, .json, .npz, .mat file"),
        ("h.csv", None, "cannot be read: No such file"),
        ("<b>.csv", b"<i>,\x1b[31m\n1,2\n", r"among <i>, \\x1b\[31m"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_line(tmp_path, name, content, message):
    from chainrule.errors import ChainruleError

    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ChainruleError, match=message) as caught:
        read_histories([path])
    assert "\n" not in str(caught.value)


def test_columns_are_named_by_hand(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("loss,kostnad\n1,5\n2,6\n")
    figure, _ = read_histories([path], {"loss": "kostnad"})
    assert figure.rows[0].curves["train_loss"].mean == [5.0, 6.0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"loss": "kostnat"}, "column 'kostnat': is not there; did you mean 'kostnad'"),
        ({"zeal": "kostnad"}, "'zeal' is nothing that is drawn; name one loss"),
    ],
)
def test_columns_that_cannot_be_meant_are_refused(tmp_path, columns, said):
    path = tmp_path / "h.csv"
    path.write_text("kostnad\n1\n")
    with pytest.raises(SettingsError, match=said):
        read_histories([path], columns)


def test_pickles_are_never_run(tmp_path):
    np.savez(tmp_path / "h.npz", loss=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match="cannot be read as npz"):
        read_histories([tmp_path / "h.npz"])
