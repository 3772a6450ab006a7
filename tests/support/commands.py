"""Commands as users run them, in this process."""

from __future__ import annotations

from chainrule.cli.app import run


def refused(capsys, *arguments: str, code: int = 2) -> list[str]:
    """The lines of a command that is refused with that exit code, and prints nothing else."""
    assert run(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    lines = captured.err.splitlines()
    assert all(line.startswith("chainrule: ") for line in lines), lines
    return [line.removeprefix("chainrule: ") for line in lines]
