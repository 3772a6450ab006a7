"""What the user is told of compiled code."""

from __future__ import annotations

from chainrule.cli import notices
from chainrule.train import population


def test_the_announcement_knows_where_compiled_code_is_kept(compiling, capsys):
    population.ready()
    notices.beforehand(quiet=False)
    assert capsys.readouterr().err == ""
