import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from wrong_backward_passes import score
from wrong_backward_passes.index import FOLDER
from wrong_backward_passes.score import Task, judged, read, run, tasks
from wrong_backward_passes.tables import table

TASKS = {task.id: task for task in tasks("public")}
WRONG, RIGHT = TASKS["ridge_regression-a"], TASKS["ridge_regression-right"]


def says(text: str) -> list[str]:
    """A checker that says the same of every program; ``%s`` is what it is given."""
    return [sys.executable, "-c", f"import sys; print({text!r}.replace('%s', sys.argv[1]))", "{file}"]


def test_every_program_of_a_part_is_a_task_once() -> None:
    assert sum(task.is_wrong for task in TASKS.values()) == 66
    assert sum(not task.is_wrong for task in TASKS.values()) == 27
    assert len({task.file for task in TASKS.values()}) == len(TASKS)


def test_an_answer_is_held_against_what_is_so() -> None:
    (bug,) = WRONG.entry.bugs
    said = {
        "verdict": "wrong",
        "findings": [{"line": bug.lines[0], "kind": bug.kinds[0]}],
        "patched": [WRONG.entry.right.read_text()],
    }
    row = judged(WRONG, says(json.dumps(said)), 30)
    assert (row.verdict, row.named, row.located, row.patches) == ("wrong", True, True, [True])
    row = judged(RIGHT, says(json.dumps(said)), 30)
    assert (row.said_wrong, row.named, row.located) == (True, False, False)


def test_findings_of_a_program_that_is_not_called_wrong_count_for_nothing() -> None:
    (bug,) = WRONG.entry.bugs
    said = {"verdict": "unknown", "findings": [{"line": bug.lines[0], "kind": bug.kinds[0]}]}
    row = judged(WRONG, says(json.dumps(said)), 30)
    assert (row.named, row.located) == (False, False)


def test_the_name_that_a_checker_is_given_tells_nothing() -> None:
    row = judged(WRONG, says("%s"), 30)
    assert "program.py" in row.problem
    assert "wrong_a" not in row.problem
    assert "ridge" not in row.problem


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ([sys.executable, "-c", "import time; time.sleep(60)"], "not done within 1 s"),
        ([sys.executable, "-c", "raise TypeError('no')"], "it printed nothing; TypeError: no"),
    ],
)
def test_a_checker_that_fails_leaves_the_program_unknown(command: list[str], problem: str) -> None:
    row = judged(WRONG, command, 1)
    assert (row.verdict, row.problem) == ("unknown", problem)


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "tasks", lambda part: [RIGHT, WRONG])
    out, command = tmp_path / "new" / "out.jsonl", says('{"verdict": "right"}')
    rows = run("public", command, out, 30)
    whole = out.read_text()
    assert [row.id for row in rows] == [RIGHT.id, WRONG.id]
    out.write_text(whole[:-20])
    judged_anew = []
    monkeypatch.setattr(score, "judged", lambda task, *rest: judged_anew.append(task.id) or rows[1])
    assert run("public", command, out, 30) == rows
    assert judged_anew == [WRONG.id]
    assert out.read_text() == whole


def test_results_of_another_command_are_not_mixed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "tasks", lambda part: list[Task]())
    out = tmp_path / "out.jsonl"
    run("public", ["one", "{file}"], out, 30)
    with pytest.raises(SystemExit, match="give another --out"):
        run("public", ["other", "{file}"], out, 30)
    assert read(out, None) == []


def test_a_run_that_is_stopped_leaves_nothing_running(tmp_path: Path) -> None:
    out, started = tmp_path / "out.jsonl", tmp_path / "started"
    wait = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    words = [sys.executable, "-m", "wrong_backward_passes.score", "--out", str(out), "--"]
    command = [*words, sys.executable, "-c", wait, "{file}"]
    with subprocess.Popen(command, cwd=FOLDER.parent, stderr=subprocess.PIPE, text=True) as process:
        while not (started.is_file() and started.read_text()):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.communicate()[1] == f"stopped; the same command goes on with {out}\n"
    assert process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
    assert len(out.read_text().splitlines()) == 1


def test_a_command_without_a_place_for_the_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["score", "--out", "x", "--", "mychecker"])
    with pytest.raises(SystemExit):
        score.main()
    assert "-- mychecker {file}" in capsys.readouterr().err


def test_a_table_says_what_was_found_by_level() -> None:
    row = score.Row("a", 1, True, "wrong", True, False, [True, False], 1.0)
    rows = [
        row,
        score.Row("b", 1, True, "right", False, False, [], 2.0),
        score.Row("c", 5, False, "right", False, False, [], 3.0),
        score.Row("d", 5, False, "unknown", False, False, [False], 3.0),
    ]
    assert table(rows).splitlines() == [
        "| level | found | said right | named | line | patch right | patch wrong | false alarms | right said right "
        "| median s |",
        "|---|---|---|---|---|---|---|---|---|---|",
        "| 1 a layer or loss | 1/2 | 1/2 | 1/2 | 0/2 | 1/2 | 1/2 |  |  | 1.5 |",
        "| 5 a GPT |  |  |  |  |  |  | 1/2 | 1/2 | 3.0 |",
        "| all | 1/2 | 1/2 | 1/2 | 0/2 | 1/2 | 1/2 | 1/2 | 1/2 | 2.5 |",
    ]
