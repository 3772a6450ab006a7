import importlib
import json
import sys
from pathlib import Path

import pytest
from wrong_backward_passes.adapters import chainrule_check, language_model, scipy_check
from wrong_backward_passes.adapters.points import told
from wrong_backward_passes.answers import Answer, Finding
from wrong_backward_passes.index import entries, kinds

from chainrule.gradcheck.catalogue import BUGS

(ENTRY,) = [entry for entry in entries("public") if entry.id == "ridge_regression-a"]


def test_every_name_in_the_table_of_kinds_is_in_the_catalogue() -> None:
    assert set(chainrule_check.KINDS) == set(kinds())
    assert set(chainrule_check.KIND_OF) <= set(BUGS)


def test_the_json_of_a_check_is_read() -> None:
    cause = {"name": "wrong-sign", "line": {"number": 4}}
    row = {"verdict": "wrong", "repairs": [{"patch": "one"}, {"patch": "two"}]}
    said = {"verdict": "wrong", "causes": [cause, {"name": "unknown", "line": None}], "rows": [row, {}]}
    findings = (Finding(4, "sign"), Finding(None, None))
    assert chainrule_check.read(said, "") == Answer("wrong", findings, ("one", "two"))


@pytest.mark.parametrize(
    ("patches", "patched"),
    [
        ([[(2, "b", "B")], [(4, "d", "D")]], ("a\nB\nc\nD\n",)),
        # A function that both use is mended once.
        ([[(2, "b", "B")], [(2, "b", "B")]], ("a\nB\nc\nd\n",)),
        ([[(2, "b", "B")], [(2, "b", "X")]], ()),
        ([[(2, "b", "B")], []], ()),
    ],
)
def test_of_several_wrong_gradients_the_patches_mend_the_program_together(
    patches: list[list[tuple[int, str, str]]], patched: tuple[str, ...]
) -> None:
    rows = [
        {
            "verdict": "wrong",
            "repairs": [{"patch": f"@@ -{n} +{n} @@\n-{old}\n+{new}"} for n, old, new in its],
        }
        for its in patches
    ]
    answer = chainrule_check.read({"verdict": "wrong", "rows": rows}, "a\nb\nc\nd\n")
    assert (answer.diffs, answer.patched) == ((), patched)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({"verdict": "right", "right": True}, "right"),
        # One of several gradients was not checked.
        ({"verdict": "right", "right": False}, "unknown"),
        ({"verdict": "suspect", "right": False}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_file_is_right_where_all_of_it_is(said: dict[str, object], verdict: str) -> None:
    assert chainrule_check.read(said, "") == Answer(verdict)


@pytest.mark.parametrize(("file", "agrees"), [(ENTRY.right, True), (ENTRY.wrong, False)])
def test_scipy_tells_the_right_program_from_the_wrong_one(file: Path, agrees: bool) -> None:
    assert [scipy_check.agrees(each) for each in told(file, ENTRY.case)] == [agrees] * 4


@pytest.mark.bench
@pytest.mark.parametrize("name", ["torch_check", "jax_check"])
def test_other_libraries_tell_the_right_program_from_the_wrong_one(name: str) -> None:
    check = importlib.import_module(f"wrong_backward_passes.adapters.{name}")
    assert all(check.agrees(each) for each in told(ENTRY.right, ENTRY.case))
    assert not any(check.agrees(each) for each in told(ENTRY.wrong, ENTRY.case))


def test_prompts_have_the_program_the_kinds_and_what_a_check_says_and_tell_nothing_else(
    tmp_path: Path,
) -> None:
    said = language_model.prompt(ENTRY.wrong, "it is wrong\n")
    assert ENTRY.wrong.read_text() in said
    assert all(what in said for what in kinds().values())
    assert said.endswith("says of it:\n```\nit is wrong\n```\n")
    assert "ridge_regression" not in said
    assert "numerically" not in language_model.prompt(ENTRY.wrong, None)


def test_prompts_are_written_for_every_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [task for task in language_model.tasks("public") if task.entry.right == ENTRY.right]
    monkeypatch.setattr(language_model, "tasks", lambda part: few)
    language_model.write(tmp_path, "public", [sys.executable, "-c", "print('checked')", "{file}"], 30)
    assert {file.stem for file in tmp_path.iterdir()} == {task.id for task in few}
    assert "```\nchecked\n```" in (tmp_path / "ridge_regression-right.prompt").read_text()


@pytest.mark.parametrize(
    "text", ['{"verdict": "right"}', 'First ...\n```json\n{\n "verdict":\n "right"}\n```\n']
)
def test_the_answer_of_a_model_is_its_last_block_of_json(text: str) -> None:
    assert language_model.read(text) == Answer("right")


def test_a_model_s_answer_without_json_is_none() -> None:
    with pytest.raises(ValueError, match="there is no JSON in the answer"):
        language_model.read("I think that it is right.")


def test_the_answer_of_a_model_is_printed_as_the_scorer_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.answer").write_text('{"verdict": "wrong", "findings": [{"line": 3, "kind": "sign"}]}')
    monkeypatch.setattr(sys, "argv", ["language_model", "answer", str(tmp_path), "x"])
    language_model.main()
    assert json.loads(capsys.readouterr().out)["findings"] == [{"line": 3, "kind": "sign"}]
