"""``chainrule.check()`` in notebooks, in modules and where nothing can be read."""

from __future__ import annotations

import random

import numpy as np
import pytest

import chainrule
from chainrule.errors import CheckError
from chainrule.gradcheck.session.checking import check_session, checked
from support.cells import COST, GRADIENT, HALVED


def module(text, path):
    """The names of a module that was run from this file."""
    path.write_text(text)
    namespace = {"__name__": "__main__", "__file__": str(path)}
    exec(compile(text, path, "exec"), namespace)
    return namespace


def test_it_is_what_the_package_calls_check():
    assert chainrule.check is check_session
    assert "check" in chainrule.__all__


def test_a_notebook_is_checked_with_the_cell_and_line_of_its_mistake(shell, cell, capsys):
    for text in (COST, GRADIENT, "W = np.ones(3)", "%cd -q .\n" + HALVED):
        assert cell(text) is None
    drawn = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    names = dict(shell.user_ns)
    capsys.readouterr()
    outcome = cell("chainrule.check()")
    (row,) = outcome.rows
    assert (row.gradient, row.cost_function) == ("compute_gradients", "compute_cost")
    assert row.check.causes[0].name == "regulariser-half"
    assert str(row.check.causes[0].line) == "In [4], line 6"
    assert "In [4], line 6: <code>return G @ X.T" in outcome._repr_html_()
    assert not outcome
    assert "called" not in capsys.readouterr().out
    assert (random.getstate(), np.random.get_state()[1].tolist()) == drawn  # noqa: NPY002
    assert {n: v for n, v in shell.user_ns.items() if n in names and n[:1] not in ("_", "O", "I")} == {
        n: v for n, v in names.items() if n[:1] not in ("_", "O", "I")
    }


def test_a_repair_of_a_cell_is_a_coloured_diff_of_it(shell, cell):
    for text in (COST, "W = np.ones(3)", HALVED):
        assert cell(text) is None
    outcome = cell("chainrule.check(repair=True)")
    (repair,) = outcome.rows[0].check.repairs
    assert repair.patch.startswith("--- In [3]\n+++ In [3], repaired\n")
    assert str(repair.lines[0]) == "In [3], line 5"
    assert '<span style="color:#22863a">+    return G @ X.T' in outcome._repr_html_()


def test_a_module_checks_what_it_defines(tmp_path):
    namespace = module(f"{COST}\n{GRADIENT}\noutcome = chainrule.check()\n", tmp_path / "net.py")
    assert namespace["outcome"].right
    assert bool(namespace["outcome"])
    assert repr(namespace["outcome"]).startswith("the gradient is right")


def test_every_gradient_is_checked_or_the_one_that_is_picked(tmp_path):
    second = GRADIENT.replace("compute_gradients", "compute_gradients_naive").replace("- Y", "- 2 * Y")
    namespace = module(f"{COST}\n{GRADIENT}\n{second}", tmp_path / "net.py")
    both = checked(namespace)
    assert {row.gradient: row.verdict for row in both.rows} == {
        "compute_gradients": "right",
        "compute_gradients_naive": "wrong",
    }
    shown = both._repr_html_()
    assert all(f"compute_gradients{name}, cost compute_cost</h4>" in shown for name in ("", "_naive"))
    (only,) = checked(namespace, pick=1).rows
    (among,) = checked(namespace, among={"compute_gradients"}).rows
    assert only.gradient == among.gradient == "compute_gradients"
    with pytest.raises(CheckError, match=r"^pick=3: there is no such gradient"):
        checked(namespace, pick=3)


def test_what_is_not_recognised_is_said_with_a_way_out_that_python_has(tmp_path):
    other = "\ndef compute_gradients_other(X, Y, W, quiz):\n    return quiz(W)\n"
    with pytest.raises(
        CheckError, match=r"; say how they are called: define chainrule_check\(rng\) that returns"
    ):
        checked(module(COST, tmp_path / "net.py"))
    _, row = checked(module(f"{COST}\n{GRADIENT}\n{other}", tmp_path / "more.py")).rows
    assert "define chainrule_check(rng)" in row.reason
    assert "--init" not in row.reason


def test_who_has_said_how_they_are_called_is_not_told_to_say_it(tmp_path):
    declared = "def chainrule_check(rng):\n    return dict(cost=abs)\n"
    with pytest.raises(CheckError, match="chainrule_check") as raised:
        checked(module(declared, tmp_path / "net.py"))
    assert "define" not in str(raised.value)


def test_what_an_adapter_declares_is_checked(tmp_path):
    text = """
import numpy as np

def chainrule_check(rng):
    return dict(cost=lambda w: (w ** 2).sum(), gradient=lambda w: 2 * w, parameters=rng.normal(size=3))
"""
    assert checked(module(text, tmp_path / "net.py")).right


def test_parameters_that_are_globals_are_left_as_they_were(tmp_path):
    text = """
import numpy as np

W = np.ones((3, 6))
before = W

def compute_cost(X, Y):
    return np.sum((W @ X - Y) ** 2)

def compute_gradients(X, Y):
    return 2 * (W @ X - Y) @ X.T
"""
    namespace = module(text, tmp_path / "net.py")
    assert checked(namespace).right
    assert namespace["W"] is namespace["before"]
    assert (namespace["W"] == 1).all()


def test_an_error_of_the_users_code_is_a_line(tmp_path):
    broken = GRADIENT.replace("- Y", "- (Z if X.size else Y)")
    with pytest.raises(CheckError) as error:
        checked(module(f"{COST}\n{broken}", tmp_path / "net.py"))
    (line,) = error.value.problems
    assert line == "net.py: net.py, line 12, in compute_gradients: NameError: name 'Z' is not defined"


def test_what_has_no_source_is_refused():
    namespace = {"__name__": "__main__"}
    exec(f"{COST}\n{GRADIENT}", namespace)
    with pytest.raises(CheckError, match=r"chainrule\.check\(\): finds no source of what was typed in"):
        checked(namespace)
