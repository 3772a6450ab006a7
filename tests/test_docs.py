"""What the documentation shows of the checker is what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chainrule.gradcheck import submissions
from chainrule.gradcheck.catalogue import BUGS
from chainrule.gradcheck.sandbox.process import Limits

ROOT = Path(__file__).parents[1]
DOC = (ROOT / "docs" / "check.md").read_text()
BLOCKS = re.findall(r"^\$ chainrule check (\S+)\n(.*?)\n```", DOC, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("file", "shown"), BLOCKS)
def test_a_wrong_program_of_the_documentation_is_named_as_shown(file, shown):
    outcome, _ = submissions.check_file(ROOT / file, Limits(), 0)
    diagnosis = str(outcome).split("\nparameter")[0]
    assert shown.startswith(diagnosis)
    assert not outcome.right


def test_the_documentation_shows_every_example_and_names_every_cause():
    shown = {Path(file).name for file, _ in BLOCKS}
    assert shown == {path.name for path in (ROOT / "examples" / "gradients").glob("*.py")}
    assert all(f"`{cause}`" in DOC for cause in BUGS)


def test_a_shown_program_is_an_excerpt_of_its_file():
    excerpts = re.findall(r"```python\n(.*?)```\n\n```\n\$ chainrule check (\S+)", DOC, re.DOTALL)
    assert len(excerpts) == len(BLOCKS)
    assert all(excerpt in (ROOT / file).read_text() for excerpt, file in excerpts)
