"""What a result says that it was made on."""

from __future__ import annotations

import json

import numpy as np

from chainrule.machine import environment
from chainrule.machine.compiler import SWITCH


def test_equal_runs_have_equal_descriptions_of_plain_data():
    described = environment.describe("chainrule demo")
    assert described["command"] == "chainrule demo"
    assert described["versions"]["numpy"] == np.__version__
    assert json.loads(json.dumps(environment.describe("chainrule demo"))) == described


def test_numba_is_named_where_it_trains(compiling, monkeypatch):
    assert "numba" in environment.describe("")["versions"]
    monkeypatch.setenv(SWITCH, "off")
    assert "numba" not in environment.describe("")["versions"]
