"""``%%check_gradient`` in IPython itself."""

from __future__ import annotations

from support.cells import COST, GRADIENT, HALVED


def test_a_cell_is_run_and_its_gradients_are_checked(shell, cell, capsys):
    def shown(text):
        cell(f"%%check_gradient\n{text}")
        return shell.user_ns["Out"][shell.execution_count - 1]

    assert cell(COST) is None
    assert cell("%load_ext chainrule") is None
    (wrong,) = shown(HALVED).rows
    assert wrong.check.causes[0].name == "regulariser-half"
    assert str(wrong.check.causes[0].line) == "In [3], line 6"
    assert shown(GRADIENT).right
    (alone,) = shown(GRADIENT.replace("compute_gradients", "compute_gradients_again")).rows
    assert (alone.gradient, alone.verdict) == ("compute_gradients_again", "right")
    capsys.readouterr()
    cell("%%check_gradient\nraise KeyError(3)")
    assert "KeyError" in capsys.readouterr().out
    assert list(shell.user_ns["Out"]) == [3, 4, 5]


def test_what_cannot_be_checked_is_a_line(cell, capsys):
    cell("%load_ext chainrule")
    capsys.readouterr()
    cell("%%check_gradient\nx = 1")
    cell("%%check_gradient --fast\nx = 1")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("UsageError: no cost and no gradient of a usual name")
    assert lines[1:] == ["UsageError: %%check_gradient --fast: it takes no options; leave them out"]
