"""``chainrule plot``."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

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
    assert "W is 'W' (65 x 3): each column is a picture of 8 x 8" in capsys.readouterr().out
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
        (
            ["net.npz"],
            "chainrule plot: no command is called 'net.npz'; known: gradients, history, search, weights",
        ),
    ],
)
def test_what_cannot_be_meant_is_a_line(capsys, arguments, said):
    np.savez("net.npz", W=np.zeros((64, 3)))
    Path("h.csv").write_text("loss\n1\n")
    (line,) = refused(capsys, "plot", *arguments)
    assert said in line


def test_where_the_curves_of_several_histories_end_is_a_table(capsys):
    for name, end in (("a", "0,5;60"), ("b", "0,25;80")):
        Path(f"{name}.csv").write_text(f"varv;förlust;val_acc\n1;2,5;90\n2;{end}\n", encoding="utf-8")
    command = ["plot", "history", "a.csv", "b.csv", "--columns", "loss=förlust,epoch=varv", "--out", "o"]
    assert run([*command, "--tables", "csv,latex,markdown"]) == 0
    assert "training loss is column 'förlust'" in capsys.readouterr().out
    assert Path("o/tables/history.csv").read_text().splitlines() == [
        "setting,training loss,validation accuracy,best validation accuracy,at epoch",
        "a,0.5,0.6,0.9,1",
        "b,0.25,0.8,0.9,1",
    ]
    assert r"b & 0.2500 & 0.8000 & 0.9000 & 1 \\" in Path("o/tables/history.tex").read_text()
    assert "| a | 0.5000 | 0.6000 | 0.9000 | 1 |" in Path("o/tables/history.md").read_text()
    assert "where the curves end" in Path("o/report.html").read_text()


def test_numeric_gradients_of_another_program_stand_beside_its_own(capsys):
    dW = np.arange(6.0).reshape(2, 3)
    np.savez(
        "g.npz", dW=dW, central=dW + 1e-9, forward=dW + 1e-3, small=dW[:1], complex=dW * 1j, empty=dW[:0]
    )
    command = ["plot", "gradients", "g.npz", "--against", "dW=central", "--against", "dW=forward"]
    assert run([*command, "--out", "o", "--tables", "csv"]) == 0
    head, *lines = Path("o/tables/gradients.csv").read_text().splitlines()
    rows = [dict(zip(head.split(","), line.split(","), strict=True)) for line in lines]
    assert [row["compared"] for row in rows] == ["dW-central", "dW-forward", "central-forward"]
    assert [row["share_below"] for row in rows] == ["1.0", "0.0", "0.0"]
    assert [float(row["largest_absolute"]) for row in rows] == pytest.approx([1e-9, 1e-3, 1e-3], rel=1e-5)
    assert "dW-central" in capsys.readouterr().out
    assert "--against dW=central" in Path("o/report.html").read_text()
    for other, said in (
        ("small", "are 2 x 3 and 3"), ("no", "array 'no': is not there"),
        ("complex", "array 'complex': holds complex128, no real numbers"), ("empty", "array 'empty': is empty"),
    ):  # fmt: skip
        assert said in refused(capsys, "plot", "gradients", "g.npz", "--against", f"dW={other}")[0]
        if other != "small":
            assert said in refused(capsys, "plot", "gradients", "g.npz", "--array", other)[0]
            assert said in refused(capsys, "plot", "weights", "g.npz", "--array", other)[0]


def test_a_search_of_another_program_is_averaged_over_its_inits(capsys):
    lines = ["lambda,seed,val_acc", "0.1,0,0.5", "0.1,1,0.7", "0.01,0,0.8", "0.01,1,0.8"]
    Path("s.csv").write_text("\n".join(lines))
    assert run(["plot", "search", "s.csv", "--out", "o", "--figures", "svg", "--tables", "csv"]) == 0
    said = capsys.readouterr().out
    assert "val_acc is the score; searched: lambda; not searched: seed" in said
    assert "2 settings of 2 inits each, averaged" in said
    table = Path("o/tables/search.csv").read_text().splitlines()
    assert table[1] == "0.01,0.8,0.0"
    assert [float(cell) for cell in table[2].split(",")] == pytest.approx([0.1, 0.6, 0.1])
    assert names("o/figures") == {"search-searches.svg"}
    assert "column 'x': is not there" in refused(capsys, "plot", "search", "s.csv", "--score", "x")[0]
    Path("s.csv").write_text("val_acc\n0.5\n0.6\n")
    assert "no column of settings" in refused(capsys, "plot", "search", "s.csv")[0]


def test_figures_have_the_width_that_is_asked_for(capsys):
    Path("h.csv").write_text("epoch,loss,val_loss,test_acc\n0,2,2.1,0.1\n1,1,1.2,0.5\n")
    for width, mm in (("column", 88), ("page", 180), ("120mm", 120)):
        command = ["plot", "history", "h.csv", "--figures", "svg,pdf,png", "--width", width, "--out", width]
        assert run(command) == 0
        svg = Path(width, "figures/history-curves.svg").read_text()
        assert f'width="{mm:.2f}mm"' in svg
        with Image.open(Path(width, "figures/history-curves.png")) as picture:
            assert picture.width == pytest.approx(mm / 25.4 * 300, abs=2)
            assert picture.info["dpi"][0] == pytest.approx(300, abs=1)
        box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+)", Path(width, "figures/history-curves.pdf").read_bytes())
        assert float(box[1]) == pytest.approx(mm / 25.4 * 72, abs=0.1)
    capsys.readouterr()
    for width in ("wide", "00mm", "9mm"):
        asked = "plot", "history", "h.csv", "--figures", "svg", "--width", width
        assert f"--width {width}: is no width" in refused(capsys, *asked)[0]
    for asked in (("plot", "history", "h.csv"), ("report", "column")):
        assert "is of figures as files" in refused(capsys, *asked, "--width", "column")[0]


def test_a_table_that_is_too_wide_for_a_terminal_is_told(capsys):
    Path("s.csv").write_text(f"{'lambda' * 20},val_acc\n0.1,0.5\n0.2,0.6\n")
    assert run(["plot", "search", "s.csv", "--out", "o"]) == 0
    assert "table: too wide for a terminal; it stands on the page" in capsys.readouterr().out
