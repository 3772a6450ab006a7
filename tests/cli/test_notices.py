"""What the user is told of compiled code."""

from __future__ import annotations

import sys
import warnings

from chainrule.cli import notices
from chainrule.machine import compiler
from chainrule.train import population
from chainrule.train.engines import choice


def test_the_announcement_knows_where_compiled_code_is_kept(compiling, capsys):
    population.ready()
    notices.beforehand(quiet=False)
    assert capsys.readouterr().err == ""


def test_code_without_weights_is_none_with_them(compiling, monkeypatch, tmp_path):
    monkeypatch.setattr(compiler, "kept_name", lambda source, name: name)
    monkeypatch.setattr(compiler, "cache_folder", lambda: tmp_path)
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    for name in ("steps", "exchange_weights"):
        (tmp_path / f"compiled_net.{name}-1.{version}.float32.0123456789ab.nbc").touch()
    assert choice.waiting() is None
    assert "some ten seconds" in choice.waiting(weighted=True)


def test_what_is_warned_of_twice_is_told_once_whatever_libraries_do_to_filters(capsys):
    with notices.as_notes(quiet=False):
        for _ in range(2):
            warnings.warn("odd", UserWarning, stacklevel=1)
            with warnings.catch_warnings():
                pass
    assert capsys.readouterr().err == "note: odd\n"
