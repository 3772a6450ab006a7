"""``chainrule reproduce``."""

from __future__ import annotations

import pytest

from chainrule.cli.app import run
from chainrule.records.runs import Results


@pytest.mark.usefixtures("in_process")
def test_reproduce_names_recipes(capsys, tmp_path):
    command = ["reproduce", "one_layer", "--dataset", "digits", "--seeds", "1", "--out", "out", "--quiet"]
    assert run(command) == 0
    assert {row.recipe for row in Results.read(tmp_path / "out" / "results.json").rows} == {"one_layer"}
