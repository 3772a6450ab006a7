"""The command line as a whole: what it refuses, how it is interrupted, what it loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chainrule.cli.app import run
from support.commands import refused


def test_version(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("chainrule 0.")


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("chainrule re", ["reproduce", "report", "recipes"]),
        ("chainrule check --rep", ["--repair"]),
        ("chainrule plot w", ["weights"]),
    ],
)
def test_a_shell_is_told_what_may_stand_next(capsys, monkeypatch, words, known):
    monkeypatch.setenv("_CHAINRULE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    assert run([]) == 0
    assert capsys.readouterr().out.split() == known


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["reproduce", "one_layr"], "recipe 'one_layr': is unknown; did you mean 'one_layer'?"),
        (["recipes", "show", "x"], "recipe 'x': is unknown; known: deep_batch_norm"),
        (["reproduce", "--dataset", "digit"], "no data set is named 'digit'; did you mean 'digits'?"),
        (["reproduce"], "chainrule data fetch cifar10"),
        (["reproduce"], "chainrule data import PATH"),
        (["reproduce"], "--dataset digits"),
        (["reproduce", "--seeds", "0"], "--seeds"),
        (["reproduce", "--seeds", "two"], "'two' is no whole number from 1 to 10000"),
        (["reproduce", "--seeds", "9" * 30], "is no whole number from 1 to 10000"),
        (["reproduce", "--search-seeds", "-1"], "--search-seeds"),
        (
            ["reproduce", "--infer", "--dataset", "digits"],
            "--infer on digits: the reports publish nothing about it",
        ),
        (
            ["reproduce", "--infer", "--strict"],
            "--infer and --strict: there are no verdicts to be strict about",
        ),
        (["reproduce", "--infer", "--search-seeds", "3"], "--infer and --search-seeds: no search is trained"),
        (["reproduce", "a\nb"], "recipe 'a b': is unknown"),
        (["reproduce", "--jobs", "0"], "--jobs"),
        (["reproduce", "--sedes", "1"], "No such option: --sedes"),
        (["reprodcue"], "chainrule: no command is called 'reprodcue'; did you mean 'reproduce'?"),
        (["train"], "Missing argument 'FILE'"),
        (["train", "none.toml"], "none.toml: cannot be read: No such file or directory"),
        (["train", "mine.toml", "--set", "epochs"], "--set epochs: is no key=value"),
        (["train", "mine.toml", "--set", "learning_rate=-1"], "learning_rate = -1: write a number above 0"),
        (
            ["train", "mine.toml", "--dataset", "digits", "--set", "batch_size=301"],
            "batch_size = 301: train holds 300",
        ),
        (
            ["train", "mine.toml", "--dataset", "digits", "--out", "mine.toml"],
            "mine.toml: is no folder of results",
        ),
        (
            ["train", "mine.toml", "--dataset", "digits", "--out", "mine.toml/x"],
            "cannot use the folder: Not a directory",
        ),
    ],
)
def test_bad_input_is_one_clear_line_and_code_2(capsys, tmp_path, mine, arguments, expected):
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (line,) = refused(capsys, *arguments)
    assert expected in line
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_interruption_ends_with_code_130(monkeypatch, mine):
    from chainrule.cli import outputs

    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs, "reproduce", interrupted)
    assert run(["train", str(mine), "--dataset", "digits", "--quiet"]) == 130


def test_help_loads_nothing_that_computes():
    code = "import sys; from chainrule.cli.app import run; run(sys.argv[1:]); print(*sys.modules, sep='\\n')"
    for arguments in (["--help"], ["--version"], ["reproduc"]):
        ran = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        )
        assert not {"numpy", "scipy", "chainrule.experiments"} & set(ran.stdout.splitlines())
