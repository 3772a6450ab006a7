"""``chainrule check`` as a user meets it: what it prints, writes and returns, and how it says no."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.cli import check_one
from chainrule.cli.app import run
from chainrule.cli.progress import once_begun
from chainrule.gradcheck.files.file_outcome import FileCheck, GradientRow
from chainrule.gradcheck.outcome import Check
from support.commands import COLUMNS, SECOND, WITHOUT_ADAPTER, WRONG, printed, refused, write
from support.handed_in import first
from support.places import CONVENTIONS, SUBMISSIONS
from support.processes import wait_until

ENOUGH_S = 120


def test_a_right_gradient_is_right(capsys):
    write("net.py", COLUMNS)
    lines = printed(capsys, 0, "net.py").splitlines()
    assert lines[0] == "the gradient is right"
    assert any(line.startswith("note: taken for inputs") for line in lines)
    assert not any("--init" in line for line in lines)


def test_a_wrong_gradient_is_named_with_its_line(capsys):
    write("net.py", WRONG)
    lines = printed(capsys, 1, "net.py").splitlines()
    assert lines[0].startswith("the gradient is wrong: ")
    assert any("line 18" in line for line in lines)


def test_what_was_assumed_is_printed(capsys):
    write("net.py", WITHOUT_ADAPTER)
    out = printed(capsys, 0, "net.py")
    assert "note: assumed X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)" in out
    assert "ComputeGradients(X, Y, EvaluateClassifier(X, W, b), W, lamda)" in out
    assert "note: to change what was assumed: chainrule check --init net.py" in out


HALVED = COLUMNS.replace("2 * lamda * W", "lamda * W")


def test_a_repair_is_shown_and_written(capsys):
    write("net.py", HALVED)
    out = printed(capsys, 1, "net.py", "--repair")
    assert "repair: verified at " in out
    assert [line[1:] for line in out.splitlines() if line.startswith("+ ")] == [
        line for line in COLUMNS.splitlines() if line not in HALVED.splitlines()
    ]
    assert Path("net.py").read_text() == HALVED
    assert run(["check", "net.py", "--repair", "--write", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "note: net.py: repaired; the original is kept as net.py.orig\n"
    (repair,) = json.loads(captured.out)["rows"][0]["repairs"]
    assert repair["points"] > 3
    assert (Path("net.py").read_text(), Path("net.py.orig").read_text()) == (COLUMNS, HALVED)
    printed(capsys, 0, "net.py")


def test_of_an_interrupted_search_what_was_found_is_shown_and_nothing_written(capsys, monkeypatch):
    def interrupted(path, conditions, root, show):
        show(0, 5)
        outcome = Check(
            "wrong", "gradient", (), unrepaired="interrupted after 7 small changes", interrupted=True
        )
        return FileCheck((GradientRow(1, "gradient", "cost", "", outcome),))

    monkeypatch.setattr(check_one, "check_file", interrupted)
    write("net.py", HALVED)
    assert run(["check", "net.py", "--repair", "--write"]) == 130
    captured = capsys.readouterr()
    assert "no repair was found: interrupted after 7 small changes" in captured.out
    assert (
        captured.err == "chainrule: interrupted; what was verified until then is shown; nothing was written\n"
    )
    assert Path("net.py").read_text() == HALVED


def test_a_long_search_shows_how_far_it_is(capsys, monkeypatch):
    now = iter([0.0, 5.0, 11.0, 12.0])
    monkeypatch.setattr("chainrule.cli.progress.time.monotonic", lambda: next(now))
    with once_begun("net.py: looking for a repair", quiet=False) as show:
        for place in range(3):
            show(place, 4)
    assert capsys.readouterr().err == "net.py: looking for a repair: 25%, 18 s left\n"


def test_a_right_gradient_gets_no_repair(capsys):
    write("net.py", COLUMNS)
    assert "repair" not in printed(capsys, 0, "net.py", "--repair")


def test_hints_say_less(capsys):
    write("net.py", HALVED)
    assert "hint: look at the gradient of [0]\n" in printed(capsys, 1, "net.py", "--hints", "1")
    write("pyproject.toml", "[tool.chainrule]\nhints = 2\n")
    said = printed(capsys, 1, "net.py")
    assert "hint: is it this: " in said
    assert "line 1" not in said
    assert "hint: is it this: " not in printed(capsys, 1, "net.py", "--hints", "1")


@pytest.mark.parametrize("asked", [["--repair"], ["--hints", "3"]])
def test_what_a_course_does_not_allow_is_refused(capsys, asked):
    write("net.py", COLUMNS)
    write("pyproject.toml", "[tool.chainrule]\nhints = 2\n")
    (line,) = refused(capsys, "check", "net.py", *asked)
    assert line.startswith(f"{' '.join(asked)}: ")
    assert "allows hints = 2, and no more" in line


def test_quiet_leaves_the_notes_out(capsys):
    write("net.py", WITHOUT_ADAPTER)
    assert "note" not in printed(capsys, 0, "net.py", "--quiet")
    assert json.loads(printed(capsys, 0, "net.py", "--quiet", "--json"))["notes"] == []


def test_json_holds_everything(capsys):
    write("net.py", WITHOUT_ADAPTER.replace("G = P - Y", "G = Y - P"))
    found = json.loads(printed(capsys, 1, "net.py", "--json"))
    assert (found["file"], found["verdict"], found["right"]) == ("net.py", "wrong", False)
    (row,) = found["rows"]
    assert (row["number"], row["gradient"], row["cost_function"]) == (1, "ComputeGradients", "ComputeCost")
    assert row["adapter"].startswith("def chainrule_check(rng):")
    assert found["causes"][0] == {"gradient": "ComputeGradients", **row["causes"][0]}
    assert [tensor["name"] for tensor in row["tensors"]] == ["W", "b"]
    assert row["notes"]


def test_against_a_reference_only_the_gradient_counts(capsys):
    bent = WITHOUT_ADAPTER.replace("+ lamda * np.sum(W**2)", "+ lamda * np.sum(W**2) / 2")
    half = bent.replace("2 * lamda * W", "lamda * W")
    assert half != WITHOUT_ADAPTER
    write("reference.py", COLUMNS)
    write("net.py", half)
    assert run(["check", "net.py"]) == 0
    capsys.readouterr()
    assert run(["check", "net.py", "--against", "reference.py"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("the gradient is wrong: regulariser-half\n")
    assert "note: cost, parameters and data are those of reference.py" in out
    assert run(["check", "reference.py", "--against", "reference.py", "--quiet"]) == 0


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("none.py", "--against none.py: there is no such file; give the .py or .ipynb file whose cost is to count"),
        (".", "--against .: is no file; give the .py or .ipynb file whose cost is to count"),
        ("other.py", "net.py: its parameters are W, b, those of other.py are W1, b1, W2, b2; both must have the same"),
        ("broken.py", "broken.py: no cost and no gradient of a usual name (compute_cost, compute_gradients) in it; "
                      "say how they are called: chainrule check --init FILE writes a chainrule_check to start from"),
    ],
)  # fmt: skip
def test_a_reference_that_does_not_fit_is_said_in_one_line(capsys, reference, said):
    write("net.py", WITHOUT_ADAPTER)
    write("other.py", (CONVENTIONS / "dictionary.py").read_text())
    write("broken.py", "")
    assert refused(capsys, "check", "net.py", "--against", reference) == [said]


def test_the_seed_is_that_of_what_is_drawn(capsys):
    write("net.py", COLUMNS)
    costs = [
        json.loads(printed(capsys, 0, "net.py", "--json", "--seed", seed))["rows"][0]["cost"]
        for seed in ("0", "0", "1")
    ]
    assert costs[0] == costs[1] != costs[2]


def test_a_notebook_is_checked(capsys):
    assert "the gradient is right" in printed(capsys, 0, str(SUBMISSIONS / "notebooks" / "one_layer.ipynb"))


def test_an_exception_shows_the_users_traceback_and_one_line(capsys):
    write("net.py", COLUMNS.replace("G = P - Y", "G = P - (Z if X.size else Y)"))
    assert run(["check", "net.py"]) == 2
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert captured.out == ""
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-2] == "NameError: name 'Z' is not defined"
    assert lines[-1] == "chainrule: net.py, line 18, in ComputeGradients: NameError: name 'Z' is not defined"
    assert str(Path(__file__).parents[2] / "src") not in captured.err


def test_limits_are_those_of_the_options(capsys):
    write("loop.py", first("while True: pass", COLUMNS))
    assert refused(capsys, "check", "loop.py", "--time", "1.5")[0].startswith(
        "loop.py: still runs after 1.5 s"
    )
    write("large.py", first("x = np.ones(5 * 10**7)", COLUMNS))
    assert run(["check", "large.py", "--memory", "100"]) == 2
    assert "needs more than 100 MB" in capsys.readouterr().err
    assert run(["check", "large.py", "--memory", "1000"]) == 0
    write(
        "large.py",
        "import numpy as np\nx = np.ones(5 * 10**7)\n" + COLUMNS.replace("np.exp(", "np.exp(x[0] * "),
    )
    assert run(["check", "large.py", "--memory", "100"]) == 2
    assert (
        "line 2 could not run: it needs more memory; give it more with --memory MB" in capsys.readouterr().err
    )
    assert run(["check", "large.py", "--memory", "1000"]) == 0


LACKS = (
    "net.py: no cost and no gradient of a usual name (compute_cost, compute_gradients) in it; say how they are called: "
    "chainrule check --init FILE writes a chainrule_check to start from"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("while True:\n    pass\n", "not run, as nothing that is checked needs it: net.py, lines 1-2"),
        ("import os\n\nRATE = int('1' + 'x' * 0) / [][0]\nN = [0][1]\n",
         "net.py, line 4 could not run: IndexError: list index out of range; not run, as nothing that is checked needs "
         "it: net.py, line 3"),
        ("from nosuch.module import compute_cost\n",
         "net.py, line 1 could not run: ModuleNotFoundError: No module named 'nosuch'; install nosuch beside "
         "chainrule, or take the import out"),
    ],
)  # fmt: skip
def test_a_file_that_lacks_a_cost_says_what_of_it_did_not_run(capsys, text, said):
    write("net.py", text)
    assert refused(capsys, "check", "net.py") == [f"{LACKS}; {said}"]


def test_what_is_said_of_a_file_that_lacks_a_cost_is_bounded(capsys):
    write("net.py", "\n".join(f"x{i} = [0][{i}] or '{'x' * 500}'" for i in range(1, 1000)))
    (line,) = refused(capsys, "check", "net.py")
    assert line.startswith(
        f"{LACKS}; net.py, line 1 could not run: IndexError: list index out of range; net.py, line 2 "
    )
    assert len(line) < 2000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("return -np.sum(Y * np.log(P))", "return -np.sum(Y * np.log(P), axis=0)", "returns an array of shape (7,)"),
        ("return -np.sum(Y * np.log(P))", "-np.sum(Y * np.log(P))", "the cost: returns NoneType"),
        ("np.log(P)", "np.log(P - 1)", "the cost: is nan"),
        ("W, b = rng.normal(size=(3, 6))", "W, b = rng.integers(3, size=(3, 6))", "parameter [0]: holds int64"),
        ("return G @ X.T / N", "G @ X.T / N", "the gradient: returns NoneType"),
        ("return G @ X.T / N + 2 * lamda * W", "return np.ones(4)", "has shape (4,)"),
        ("return G @ X.T / N + 2 * lamda * W, ", "return ", "the gradient: returns 1 array"),
        ("return G @ X.T / N", "return np.nan * G @ X.T / N", "holds NaN or infinity"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_said_in_one_line(capsys, old, new, said):
    assert old in COLUMNS
    write("net.py", COLUMNS.replace(old, new))
    (line,) = refused(capsys, "check", "net.py")
    assert line.startswith("net.py: ")
    assert said in line


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ([], ["Missing argument 'FILE|FOLDER|ZIP'."]),
        (["none.py"], ["none.py: there is no such file; give a .py or .ipynb file, a folder or a zip"]),
        (["net.txt"], ["{here}/net.txt: is no .py or .ipynb file; give one, or a folder or zip of such files"]),
        (["net.py", "--recipe", "one_layer"], ["No such option: --recipe"]),
        (["--init", "--recipe", "one_layer"], ["No such option: --recipe"]),
        (["--init", "folder"], ["folder: --init writes into one file; give a .py or .ipynb file"]),
        (["net.py", "--jobs", "2"], ["--jobs: has no meaning with a file; leave it out"]),
        (["--init", "net.py", "--out", "x"], ["--out: has no meaning with --init; leave it out"]),
        (["net.py", "--csv"], ["--csv: has no meaning with a file; leave it out"]),
        (["folder", "--root", "."], ["--root: has no meaning with a folder or zip; leave it out"]),
        (["folder", "--repair"], ["--repair: has no meaning with a folder or zip; leave it out"]),
        (["net.py", "--write"], ["--write: writes a repair, and none is looked for; add --repair"]),
        (["net.py", "--repair", "--hints", "2"],
         ["--repair: says more than any hint; leave out --hints, or --repair"]),
        (["net.py", "--l2", "0"], ["No such option: --l2"]),
        (["net.py", "--no-batch-norm"], ["No such option: --no-batch-norm"]),
        (["net.py", "--csv", "--jobs", "3"],
         ["--csv: has no meaning with a file; leave it out", "--jobs: has no meaning with a file; leave it out"]),
        (["folder", "--latex"], ["No such option: --latex"]),
        (["folder", "--csv", "--json"], ["--csv and --json: only one form can be printed; leave one out"]),
        (["--init", "net.py", "--json"], ["--json: has no meaning with --init; leave it out"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(capsys, tmp_path, arguments, lines):
    write("net.py", COLUMNS)
    write("net.txt", COLUMNS)
    write("folder/net.py", COLUMNS)
    expected = [line.replace("{here}", str(tmp_path)) for line in lines]
    for said, line in zip(refused(capsys, "check", *arguments), expected, strict=True):
        # What follows in brackets names the program that runs, here the tests.
        assert said.partition(" (")[0] == line


@pytest.mark.parametrize(
    ("option", "value"),
    [("--time", "0"), ("--time", "-1"), ("--time", "inf"), ("--time", "x"), ("--memory", "0"), ("--seed", "-1"),
     ("--jobs", "0"), ("--hints", "0"), ("--hints", "4")],
)  # fmt: skip
def test_values_out_of_range_are_refused(capsys, option, value):
    (line,) = refused(capsys, "check", "net.py", option, value)
    assert option in line
    assert line.endswith("--help)")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left")
@pytest.mark.parametrize(
    ("target", "said"), [("loop.py", "nothing was written"), ("lab", "no submission had an outcome yet")]
)
def test_interrupted_in_one_line_with_nothing_left(target, said):
    loop = first("open('started', 'w').close()\nwhile True: pass", COLUMNS)
    write("loop.py", loop)
    write("lab/ann.py", loop)
    write("lab/bob.py", loop)
    command = [sys.executable, "-m", "chainrule", "check", target]
    process = subprocess.Popen(command, start_new_session=True, text=True, stderr=subprocess.PIPE)
    try:
        wait_until(at_work, ENOUGH_S)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=ENOUGH_S)
    finally:
        process.kill()
        process.wait()
    assert [line for line in errors.splitlines() if not line.startswith("check ")] == [
        f"chainrule: interrupted; {said}"
    ]
    assert process.returncode == 130
    wait_until(lambda: not at_work(), ENOUGH_S)


def at_work() -> list[Path]:
    """Folders in /proc of processes that run a file of this test's."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and (folder / "cwd" / "started").exists():
                found.append(folder)
        except OSError:
            continue
    return found


def test_each_gradient_of_a_file_has_a_row_and_the_worst_one_counts(capsys):
    write("net.py", WITHOUT_ADAPTER + SECOND)
    assert printed(capsys, 0, "net.py").startswith(
        "2 gradients, 2 right: ComputeGradients, ComputeGradientsSVM\n"
    )
    write("net.py", WITHOUT_ADAPTER + SECOND.replace("2 * lamda", "lamda"))
    lines = printed(capsys, 1, "net.py").splitlines()
    assert lines[0] == "2 gradients, 1 wrong: ComputeGradientsSVM; 1 right: ComputeGradients"
    assert "--- 2. ComputeGradientsSVM, cost ComputeCostSVM" in lines
    assert printed(capsys, 0, "net.py", "--pick", "1").startswith("the gradient is right\n")
    assert "note: not asked for: ComputeGradients\n" in printed(capsys, 1, "net.py", "--pick", "2")
    assert refused(capsys, "check", "net.py", "--pick", "3") == [
        "--pick 3: there is no such gradient; the file has 1 ComputeGradients, 2 ComputeGradientsSVM"
    ]


def test_what_is_found_and_not_checked_is_said_with_its_reason(capsys):
    write("net.py", WITHOUT_ADAPTER + "\n\ndef ComputeGradientsOther(X, Y, W, quiz):\n    return quiz(W)\n")
    lines = printed(capsys, 2, "net.py").splitlines()
    assert lines[0] == "2 gradients, 1 not checked: ComputeGradientsOther; 1 right: ComputeGradients"
    (why,) = (line for line in lines if line.startswith("not checked: "))
    assert "; say how they are called: chainrule check --init FILE" in why
    found = json.loads(printed(capsys, 2, "net.py", "--json"))
    assert (found["verdict"], found["right"], found["rows"][1]["verdict"]) == ("right", False, "not checked")


def test_what_is_not_written_yet_is_said_and_counts_for_nothing(capsys):
    write(
        "net.py",
        WITHOUT_ADAPTER
        + "\n\ndef ComputeGradientsOther(X, Y, W, lam):\n    grads = None\n    return grads\n",
    )
    lines = printed(capsys, 0, "net.py").splitlines()
    assert lines[0] == "2 gradients, 1 not written yet: ComputeGradientsOther; 1 right: ComputeGradients"
    assert "not written yet: net.py: ComputeGradientsOther gives nothing" in lines


HELPER = "import numpy as np\ndef root_of(a):\n    return np.sqrt(a)\n"
BELOW = """
import numpy as np
from course.tools import root_of

def compute_cost(X, Y, W, b):
    return np.mean(root_of(1 + (W @ X + b - Y) ** 2))

def compute_gradients(X, Y, W, b):
    E = W @ X + b - Y
    G = E / root_of(1 + E ** 2) / E.size
    return G @ X.T, G.sum(axis=1, keepdims=True)
"""


def test_what_lies_above_a_files_folder_is_read_as_far_up_as_the_user_is_or_says(capsys, monkeypatch):
    for folder in ("course", "lab/work"):
        Path(folder).mkdir(parents=True)
    write("course/tools.py", HELPER)
    write("lab/work/net.py", BELOW)
    here = Path.cwd().resolve()
    printed_here = printed(capsys, 0, "lab/work/net.py")
    assert printed_here.startswith("the gradient is right\n")
    assert f"note: what it imports from {here} is read too\n" in printed_here
    monkeypatch.chdir("lab/work")
    assert run(["check", "net.py"]) == 2
    assert (
        capsys.readouterr()
        .err.rstrip()
        .endswith(f"; course lies in {here}, and what lies there is read where you say so: --root {here}")
    )
    assert printed(capsys, 0, "net.py", "--root", str(here)).startswith("the gradient is right\n")
    printed(capsys, 0, "--init", "net.py", "--root", str(here))
    printed(capsys, 0, "net.py", "--root", str(here))


def test_a_root_that_does_not_hold_the_file_is_refused(capsys):
    write("net.py", WITHOUT_ADAPTER)
    Path("other").mkdir()
    for root in ("other", "nowhere"):
        assert refused(capsys, "check", "net.py", "--root", root) == [
            f"--root {root}: net.py does not lie in it; give a folder that holds the file"
        ]
