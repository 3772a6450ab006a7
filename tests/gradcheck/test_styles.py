"""Programs as strangers write them, and a wrong twin of each: the tables are sound, and a sample is judged rightly."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from chainrule.gradcheck.catalogue import BUGS, FAMILIES, any_backward
from support.styles.judging import judge
from support.styles.table import GROUPS, StyleProgram, Twin, programs

EVERY = [
    pytest.param(
        each,
        twin,
        id=f"{each.group}, {each.name}, twin {number}",
        marks=[pytest.mark.corpus] if number > 1 else [],
    )
    for each in programs()
    for number, twin in enumerate(each.twins, start=1)
]
SAMPLE = (
    ("ours", "notebook_redefined"), ("ours", "log_epsilon"), ("ours", "logistic_scalar_bias"),
    ("layers_ours", "affine_flatten"), ("layers_ours", "rmsnorm_class"),
)  # fmt: skip
"""Those that take little time."""
SAMPLED = [each for group, name in SAMPLE for each in programs(group) if each.name == name]


@pytest.mark.parametrize(("program", "twin"), EVERY)
def test_a_twin_is_its_program_but_for_one_text(program: StyleProgram, twin: Twin, tmp_path: Path) -> None:
    right, wrong = program.right(tmp_path), program.wrong(tmp_path, twin)
    files = sorted(path.relative_to(program.folder) for path in program.folder.rglob("*") if path.is_file())
    folders = [path.parents[len(Path(program.file).parts) - 1] for path in (right, wrong)]
    changed = [file for file in files if len({_content(folder / file) for folder in folders}) == len(folders)]
    assert changed == [Path(twin.file)]
    assert program.places(twin)
    assert set(twin.causes) <= set(BUGS)


def _content(path: Path) -> str:
    """A file's text; of a notebook its cells, however they are written down."""
    text = path.read_text()
    if path.suffix != ".ipynb":
        return text
    return "\0".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def test_every_folder_is_that_of_a_program() -> None:
    for group in GROUPS:
        named = {program.name for program in programs(group)}
        folder = programs(group)[0].folder.parent
        assert {path.name for path in folder.iterdir() if path.is_dir()} == named


def test_there_are_many_styles() -> None:
    styles = [program.style for program in programs()]
    assert len(set(styles)) == len(styles) >= 28


@pytest.mark.parametrize(("old", "count"), [("no such text", 0), ("import", 2)])
def test_a_text_that_does_not_stand_once_is_refused(tmp_path: Path, old: str, count: int) -> None:
    twin = Twin("natverk.py", old, "", ("wrong-sign",), ())
    program = StyleProgram("ours", "svenska", "natverk.py", "", (twin,))
    with pytest.raises(
        ValueError, match=f"svenska: '{old}' stands {count} times in natverk.py; give it once"
    ):
        program.wrong(tmp_path, twin)


def test_every_name_for_a_layer_of_any_kind_stands_in_several_programs() -> None:
    layers = [each for each in programs() if each.group.startswith("layers")]
    named = Counter(
        cause for each in layers for cause in {cause for twin in each.twins for cause in twin.causes}
    )
    (family,) = (family for family in FAMILIES if family.about == any_backward.__doc__)
    assert all(named[bug.name] >= 2 for bug in family.bugs)
    assert len(layers) >= 120


@pytest.mark.corpus
def test_a_mistake_of_a_large_program_is_located(tmp_path: Path) -> None:
    (program,) = (each for each in programs("large") if each.name == "lstm_two_layers")
    wrong = judge(program, tmp_path, program.twins[3])
    assert wrong.verdict_right, wrong
    assert wrong.cause_right, wrong
    assert wrong.line_right, wrong


@pytest.mark.parametrize("program", SAMPLED, ids=lambda program: program.name)
def test_a_program_is_right(tmp_path: Path, program: StyleProgram) -> None:
    right = judge(program, tmp_path)
    assert right.verdict_right, right


# The first of each; ``make test-corpus`` judges them all.
@pytest.mark.parametrize(
    ("program", "twin"),
    [
        pytest.param(
            each, twin, id=f"{each.name}, twin {number}", marks=[pytest.mark.corpus] if number else []
        )
        for each in SAMPLED
        for number, twin in enumerate(each.twins)
    ],
)
def test_a_twin_is_wrong(tmp_path: Path, program: StyleProgram, twin: Twin) -> None:
    wrong = judge(program, tmp_path, twin)
    assert wrong.verdict_right, wrong
    assert wrong.cause_right, wrong
    assert wrong.line_right, wrong
