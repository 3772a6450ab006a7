"""The commands that there are, each with its line of help."""

from __future__ import annotations

import pytest

from chainrule.cli.app import run
from chainrule.cli.commands import COMMANDS, load


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_help_is_the_command_s_own(name, capsys):
    assert load(name).help.splitlines()[0] == COMMANDS[name]
    assert run([name, "--help"]) == 0
    assert f" {name} " in capsys.readouterr().out
