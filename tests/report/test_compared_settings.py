"""What differs between runs side by side."""

from __future__ import annotations

import dataclasses

from chainrule.report.compare import compare
from chainrule.report.compared_settings import settings_table
from chainrule.report.run import open_run
from support.runs import example_run


def test_a_setting_that_one_run_alone_has_differs(tmp_path):
    a, b = (open_run(example_run(tmp_path / name)) for name in "ab")
    experiments = {
        name: told | {"settings": {row: own | {"momentum": 0.9} for row, own in told["settings"].items()}}
        for name, told in b.plan.experiments.items()
    }
    b = dataclasses.replace(b, plan=b.plan.model_copy(update={"experiments": experiments}))
    lines = settings_table(compare([a, b])).body
    assert lines
    assert all(line[0].endswith(": momentum") and line[1:] == ["-", "0.9"] for line in lines)
