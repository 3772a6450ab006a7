"""What the user is told of compiled code."""

from __future__ import annotations

import sys
import warnings

from chainrule.cli import notices
from chainrule.machine import compiler
from chainrule.train import population
from chainrule.train.engines import choice
from chainrule.train.engines.waited import waited_for
from support.prototypes import prototype_settings


def test_the_announcement_knows_where_compiled_code_is_kept(compiling, capsys):
    population.ready()
    notices.beforehand([prototype_settings()], quiet=False)
    assert capsys.readouterr().err == ""


def test_what_a_plan_uses_is_announced_though_the_steps_themselves_are_kept(
    compiling, monkeypatch, tmp_path, capsys
):
    used = prototype_settings(hidden=(3,), batch_norm=True, optimizer="adam", dropout=0.2, clip=1.0)
    plain = prototype_settings(hidden=(3,))
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    monkeypatch.setattr(compiler, "cache_folder", lambda: tmp_path)
    for one in waited_for(plain, weighted=False):
        kept = f"{one.source.stem}.{compiler.kept_name(one.source, one.name)}-1.{version}.{one.kind}.0.nbc"
        (tmp_path / kept).touch()
    assert choice.waiting([plain]) is None
    for members, weighted in (([plain, used], False), ([plain], True)):
        notices.beforehand(members, quiet=False, weighted=weighted)
        assert "the first training compiles its steps" in capsys.readouterr().err


def test_what_is_warned_of_twice_is_told_once_whatever_libraries_do_to_filters(capsys):
    with notices.as_notes(quiet=False):
        for _ in range(2):
            warnings.warn("odd", UserWarning, stacklevel=1)
            with warnings.catch_warnings():
                pass
    assert capsys.readouterr().err == "note: odd\n"
