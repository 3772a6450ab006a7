"""The page of components has a line for each, made from its record."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from chainrule.components import LOSSES, REGISTRIES
from chainrule.components.page import markdown
from support.components import registered

PAGE = (Path(__file__).parents[2] / "docs" / "components.md").read_text()


def test_the_page_holds_the_tables_as_they_are():
    assert PAGE.endswith(f"\n\n{markdown()}"), (
        "put what `python -m chainrule.components.page` prints at the end of docs/components.md"
    )


def test_a_line_for_every_component_of_every_kind():
    lines = [line for line in markdown().splitlines() if line.startswith("| ")]
    assert len(lines) == sum(map(len, REGISTRIES)) + 2 * len(REGISTRIES)


def test_what_is_registered_has_a_line_too_and_says_that_it_is_not_compiled():
    with registered():
        page = markdown()
    assert '| `"squared"` | squared distance to the one-hot label | no: the layers train |' in page
    assert "| `{ highest = 0.1, lowest = 0.001 }` | half_wave: half a wave |" in page


def test_it_is_printed_by_its_module():
    command = [sys.executable, "-m", "chainrule.components.page"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.rstrip("\n") == markdown().rstrip("\n")


def test_the_example_trains(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, _, rest = PAGE.partition("```python\n")
    code, _, _ = rest.partition("```")
    scope: dict = {}
    try:
        exec(compile(code, "docs/components.md", "exec"), scope)
        assert scope["run"].best["settings"]["loss"] == "squared"
        assert scope["run"].best["test_accuracy"] > 0.5
    finally:
        LOSSES.unregister("squared")
