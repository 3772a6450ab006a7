"""The page about PyTorch and JAX: its programs print what it shows, and repaired they are right."""

from __future__ import annotations

import linecache
import re
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "torch_jax.md").read_text()
PROGRAMS = re.findall(r"^```python\n(# (\S+)\n.*?)```\n\n```\n(.*?)\n```", PAGE, re.MULTILINE | re.DOTALL)


def run(text: str, file: str, names: dict[str, Any]) -> None:
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile(text, file, "exec"), names)


@pytest.mark.bench
def test_the_programs_of_the_page_print_what_it_shows_and_are_right_once_they_are_repaired(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names: dict[str, Any] = {}
    for text, file, shown in PROGRAMS:
        run(text, file, names)
        assert capsys.readouterr().out.split("\n\nparameter")[0] == shown
    for text, file, _ in PROGRAMS:
        repaired = text.replace("dout.mean(dim=0)", "dout.sum(dim=0)").replace("sigmoid(-s)", "sigmoid(s)")
        run(repaired, file, names)
        assert re.match(r"the (backward pass|gradient) is right\n", capsys.readouterr().out)


def test_every_program_of_the_page_is_shown_with_what_it_prints() -> None:
    assert [file for _, file, _ in PROGRAMS] == ["affine.py", "loss.py", "softplus.py"]
    assert PAGE.count("```python") == len(PROGRAMS)
