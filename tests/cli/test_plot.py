"""``chainrule plot``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainrule.cli.app import run
from support.commands import names, refused


def test_a_history_of_another_program(capsys):
    Path("h.csv").write_text("epoch,loss,val_loss,zeal\n0,2,2.1,1\n1,1,1.2,1\n")
    assert run(["plot", "history", "h.csv", "--figures", "svg"]) == 0
    said = capsys.readouterr().out
    assert "h.csv: training loss is column 'loss'; validation loss is column 'val_loss'" in said
    assert "not used: zeal" in said
    assert "page: runs/plot-h/report.html" in said
    text = Path("runs/plot-h/report.html").read_text()
    assert "not used: zeal" in text
    assert "chainrule plot history h.csv --figures" in text
    assert names("runs/plot-h/figures") == {"history-loss.svg", "history-curves.svg"}
    assert run(["plot", "history", "h.csv", "--out", "o"]) == 0
    assert names("o") == {"report.html"}


def test_columns_whose_names_do_not_tell(capsys):
    Path("h.csv").write_text("varv;kostnad\n1;2,5\n2;1,5\n")
    assert run(["plot", "history", "h.csv", "--columns", "loss=kostnad, epoch=varv", "--out", "o"]) == 0
    assert "training loss is column 'kostnad'; epoch is column 'varv'" in capsys.readouterr().out
    assert (
        "chainrule plot history h.csv --columns &#39;loss=kostnad, epoch=varv&#39;"
        in Path("o/report.html").read_text()
    )


def test_weights_of_another_program(capsys):
    np.savez("net.npz", b=np.zeros(3), W=np.arange(195.0).reshape(65, 3))
    command = ["plot", "weights", "net.npz", "--classes", "cat,dog,ship", "--out", "o", "--figures", "svg"]
    assert run(command) == 0
    assert "W is 'W' (65 x 3): a column a picture of 8 x 8" in capsys.readouterr().out
    text = Path("o/report.html").read_text()
    assert text.count("template of class") == 3
    assert "template of class ship" in text
    assert names("o/figures") == {"weights-templates.svg"}


def test_gradients_of_another_program(capsys):
    np.savez("net.npz", dW1=np.arange(6.0), dW2=np.array([1.0, np.nan, 3.0]), y=np.arange(4))
    assert run(["plot", "gradients", "net.npz", "--array", "dW1", "--array", "dW2", "--out", "o"]) == 0
    assert "1 of 3 entries of 'dW2' are no numbers" in capsys.readouterr().out
    text = Path("o/report.html").read_text()
    assert "dW1 (6)" in text
    assert "--array dW1 --array dW2" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["weights", "net.npz", "--shape", "8"], "--shape 8: is no shape of images"),
        (["weights", "net.npz", "--shape", "2x4x8"], "--shape 2x4x8: has neither one nor three colours"),
        (["history", "h.csv", "--columns", "loss"], "--columns loss: is no name=column"),
        (["net.npz"], "No such command 'net.npz'"),
    ],
)
def test_what_cannot_be_meant_is_a_line(capsys, arguments, said):
    np.savez("net.npz", W=np.zeros((64, 3)))
    Path("h.csv").write_text("loss\n1\n")
    (line,) = refused(capsys, "plot", *arguments)
    assert said in line
