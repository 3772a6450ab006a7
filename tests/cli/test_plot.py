"""``chainrule plot``."""

from __future__ import annotations

from pathlib import Path

from chainrule.cli.app import run
from support.commands import names


def test_a_history_of_another_program(capsys):
    Path("h.csv").write_text("epoch,loss,val_loss,zeal\n0,2,2.1,1\n1,1,1.2,1\n")
    assert run(["plot", "h.csv", "--figures", "svg"]) == 0
    said = capsys.readouterr().out
    assert "h.csv: training loss is column 'loss'; validation loss is column 'val_loss'" in said
    assert "not used: zeal" in said
    assert "page: runs/plot-h/report.html" in said
    text = Path("runs/plot-h/report.html").read_text()
    assert "not used: zeal" in text
    assert "chainrule plot h.csv --figures" in text
    assert names("runs/plot-h/figures") == {"history-loss.svg", "history-curves.svg"}
    assert run(["plot", "h.csv", "--out", "o"]) == 0
    assert names("o") == {"report.html"}
