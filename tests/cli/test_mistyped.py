"""What a mistyped command line is answered with."""

from __future__ import annotations

import pytest

from chainrule.cli.app import run
from support.commands import refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek", "net.py"], "chainrule: no command is called 'chek'; did you mean 'check'?"),
        (["net.py"], "chainrule: no command is called 'net.py'; did you mean 'chainrule check net.py'?"),
        (["Net.PY"], "did you mean 'chainrule check Net.PY'?"),
        (["data.csv"], "did you mean 'chainrule fit data.csv'?"),
        (["x.net"], "did you mean 'chainrule predict x.net TABLE'?"),
        (["foo.toml"], "did you mean 'chainrule train foo.toml'?"),
        (["."], "chainrule: no command is called '.'; did you mean 'chainrule check .'?"),
        (["data", "fech"], "chainrule data: no command is called 'fech'; did you mean 'fetch'?"),
        (["check", "a.py", "b.py"], "chainrule check takes FILE|FOLDER|ZIP; 'b.py' is more than that"),
        (["demo", "now"], "chainrule demo takes options alone; 'now' is more than that"),
    ],
)
def test_a_line_says_what_may_have_been_meant(capsys, arguments, said):
    (line,) = refused(capsys, *arguments)
    assert said in line


def test_a_file_with_a_space_is_searched(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "foo.toml").write_text("[space]\n")
    (line,) = refused(capsys, "foo.toml")
    assert "did you mean 'chainrule search foo.toml'?" in line


@pytest.mark.parametrize("arguments", [["-h"], ["check", "-h"], ["plot", "weights", "-h"]])
def test_help_is_asked_for_in_short_too(capsys, arguments):
    assert run(arguments) == 0
    assert "Usage: chainrule" in capsys.readouterr().out
