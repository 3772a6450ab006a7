"""What a terminal shows while a search runs."""

from __future__ import annotations

from chainrule.cli.live import watching
from support.searching import trial


def test_a_terminal_shows_the_best_trials(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with watching("s", "val_accuracy", quiet=False) as progress:
        progress.search(0, 10, [])
        progress.search(5, 10, [trial(0, {"l2": 0.25}, 0.5), trial(1, {"l2": 0.5}, 0.625)])
    shown = capsys.readouterr().err
    assert "0.6250" in shown
    assert shown.index("0.6250") < shown.index("0.5000")
    with watching("s", "val_accuracy", quiet=True) as progress:
        progress.search(5, 10, [])
        progress.page(1)
    assert capsys.readouterr().err == ""
