"""The page of a folder, or a note."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from chainrule.cli import pages
from chainrule.cli.pages import write_page
from chainrule.errors import MissingExtraError


def test_a_page_or_what_is_missing_for_one(capsys: Any) -> None:
    def without(share: object) -> Path:
        raise MissingExtraError("a page", "report")

    drawn: Any = SimpleNamespace(write_page=lambda share: Path("report.html"))
    missing: Any = SimpleNamespace(write_page=without)
    assert write_page(drawn, quiet=False) == Path("report.html")
    assert write_page(missing, quiet=True) is None
    assert capsys.readouterr().err == ""
    assert write_page(missing, quiet=False) is None
    assert capsys.readouterr().err.startswith("note: a page")


def test_drawing_is_foreseen_as_slow_as_the_machine_is(monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "slowness", lambda: 3.0)
    assert pages.DrawingTime(2).seconds() == 2 * 3.0 * pages.PAGE_S
    assert pages.DrawingTime(2).files_share == 0


def test_figures_as_files_take_most_of_it_and_their_first_one_longest() -> None:
    one, two = pages.DrawingTime(1, 1), pages.DrawingTime(2, 2)
    assert 0.6 < two.files_share < one.files_share < 0.8
    assert two.files_s < 2 * one.files_s
