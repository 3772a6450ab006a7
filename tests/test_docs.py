"""What the documentation shows of the checker is what it says, and what pages name is there."""

from __future__ import annotations

import doctest
import pkgutil
import re
import runpy
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

import chainrule
from chainrule.cli import checked, endings
from chainrule.cli.app import run
from chainrule.cli.commands import COMMANDS, load
from chainrule.components import ACTIVATIONS, LOSSES
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.report.rendering import picture_of
from support import derivation_pages, notebooks
from support.checked_files import check_only
from support.program_pages import LAYERS, REPAIRS, TUTORIAL, diagnosis

ROOT = Path(__file__).parents[1]
CHECK = (ROOT / "docs" / "check.md").read_text()
DOC = CHECK + (ROOT / "docs" / "check" / "answers.md").read_text()
README = (ROOT / "README.md").read_text()
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
BLOCKS = re.findall(r"^\$ chainrule check (\S+)\n(.*?)\n```", DOC, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("file", "shown"), BLOCKS)
def test_a_wrong_program_of_the_documentation_is_named_as_shown(file, shown):
    outcome, _ = check_only(ROOT / file, Conditions(Limits(), untrusted=False))
    diagnosis = str(outcome).split("\nparameter")[0]
    assert shown.startswith(diagnosis)
    assert not outcome.right


def test_the_readme_shows_the_bug_its_repair_and_its_picture_as_they_are():
    ((file, shown),) = re.findall(
        r"^\$ chainrule check (\S+) --repair\n(.*?)\nparameter", README, re.MULTILINE | re.DOTALL
    )
    (table,) = re.findall(r"--repair\n.*?^(parameter.*?)^\.\.\.$", README, re.MULTILINE | re.DOTALL)
    found = check_file(ROOT / file, Conditions(Limits(), untrusted=False, drawn=True, repaired=True))
    assert str(found).split("\nparameter")[0] == shown
    assert table in str(found)
    (record,) = checked.records(ROOT / file, found)
    command = f"chainrule check {file} --out DIR"
    assert f"`{command}`" in README
    drawn = (ROOT / "docs" / "picture.svg").read_text()
    assert picture_of(record, alone=True) == drawn, f"draw it again: {command}"


def test_the_readme_shows_what_the_page_of_tables_does():
    (shown,) = re.findall(r"^```\n(\$ chainrule fit .*?)^```", README, re.MULTILINE | re.DOTALL)
    assert f"```\n{shown}```" in (ROOT / "docs" / "tables.md").read_text()


def test_the_documentation_shows_every_example():
    shown = {Path(file).name for file, _ in BLOCKS}
    assert shown == {path.name for path in (ROOT / "examples" / "gradients").glob("*.py")}


def test_the_page_of_bugs_is_what_the_command_prints(capsys):
    page = (ROOT / "docs" / "bugs.md").read_text()
    assert run(["explain", "--markdown"]) == 0
    assert page == capsys.readouterr().out, "write it again: chainrule explain --markdown > docs/bugs.md"


@pytest.mark.parametrize("page", [LAYERS, REPAIRS, TUTORIAL], ids=["layers", "repair", "tutorial"])
def test_a_page_of_programs_shows_every_one_as_it_is(page):
    text = page.path.read_text()
    assert {path.stem for path in page.folder.glob("*.py")} == set(page.programs)
    for name in page.programs:
        assert page.shown_before_the_answer(name) in text, "write it again: " + page.command
    assert text.startswith(page.introduction)


@pytest.mark.parametrize("name", ["affine", "batch_norm", "dropout", "negative_sampling"])
def test_a_wrong_layer_is_named_as_the_page_shows(name):
    said = diagnosis(LAYERS.answer(name))
    assert said in LAYERS.path.read_text(), "write it again: " + LAYERS.command
    assert "unknown" not in said


@pytest.mark.parametrize("name", TUTORIAL.programs)
def test_a_step_of_the_tutorial_is_judged_as_the_page_shows(name):
    outcome, _ = check_only(TUTORIAL.folder / f"{name}.py", Conditions(Limits(), untrusted=False))
    shown = f"{TUTORIAL.shown_before_the_answer(name)}\n{diagnosis(str(outcome))}\n"
    assert shown in TUTORIAL.path.read_text(), "write it again: " + TUTORIAL.command
    assert outcome.right == (name != "a_wrong_one")


def unrounded(text: str) -> str:
    """Without rounding errors, which are others on another processor."""
    return re.sub(r"\d\.\de-1[5-9]", "", text)


def test_the_figures_of_ones_own_net_are_made_as_the_page_says(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "own_figures.md").read_text()
    sessions = re.findall(r"^```\n\$ ([^\n]+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    program = (ROOT / "examples" / "own_net.py").read_text()
    Path("own_net.py").write_text(program)
    exec(compile(program, "own_net.py", "exec"), {"__name__": "__main__"})
    assert sessions[0] == ("python own_net.py", capsys.readouterr().out)
    assert "\n".join(Path("history.csv").read_text().splitlines()[:3]) in page
    for command, shown in sessions[1:]:
        words = command.split()[1:]
        # Figures as files are another test's.
        assert run(words[: words.index("--figures")] if "--figures" in words else words) == 0
        said = re.sub(r"^figures: .*\n", "", shown, flags=re.MULTILINE) if "--figures" in words else shown
        before, _, after = unrounded(said).partition("...\n")
        out = unrounded(capsys.readouterr().out)
        assert out.startswith(before)
        assert out.endswith(after)
    (table,) = re.findall(r"^```tex\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert unrounded(Path("check/tables/own_net.py-gradient-check.tex").read_text()) == unrounded(table)
    assert run(["report", "check", "--tables", "markdown"]) == 0
    shown_rows = set(re.sub(r"\d\.\de-\d+", "", page).splitlines())
    for table in ("check/tables/own_net.py-gradient-differences.md", "beside/tables/gradients.md"):
        # They are rounding errors, and others on another machine.
        lines = [line for line in Path(table).read_text().splitlines() if line.startswith("| ")]
        assert {re.sub(r"\d\.\de-\d+", "", line) for line in lines} <= shown_rows


@pytest.mark.parametrize("page", derivation_pages.PAGES, ids=lambda page: page.name)
def test_a_page_of_a_derivation_is_what_the_module_says(page):
    assert page.path.read_text() == page.text(), "write it again: " + derivation_pages.COMMAND


def test_every_layer_and_loss_has_a_page_with_its_derivation():
    assert {path.stem for path in derivation_pages.FOLDER.glob("*.md")} == {
        page.name for page in derivation_pages.PAGES
    }
    assert {*LOSSES, *ACTIVATIONS} <= {page.name for page in derivation_pages.PAGES}


@pytest.mark.parametrize("name", ["half_penalty", "no_repair"])
def test_a_program_is_repaired_as_the_page_shows(name):
    said = diagnosis(REPAIRS.answer(name))
    assert said in REPAIRS.path.read_text(), "write it again: " + REPAIRS.command
    assert ("verified at" in said) == (name != "no_repair")


def test_the_pages_of_layers_can_be_reached():
    assert "](layers.md)" in DOC
    assert "](repair.md)" in DOC
    assert "](docs/repair.md)" in README
    assert "](docs/layers.md)" in README


def test_the_page_of_bugs_can_be_reached():
    assert "](bugs.md)" in DOC
    assert "](docs/bugs.md)" in README


def test_a_shown_program_is_an_excerpt_of_its_file():
    excerpts = re.findall(r"```python\n((?:(?!```).)*)```\n\n```\n\$ chainrule check (\S+)", DOC, re.DOTALL)
    assert len(excerpts) == len(BLOCKS)
    assert all(excerpt in (ROOT / file).read_text() for excerpt, file in excerpts)


def test_the_adapter_that_is_shown_checks_the_program_that_is_shown(tmp_path):
    (adapter,) = re.findall(r"^```python\n(def chainrule_check.*?)^```", CHECK, re.MULTILINE | re.DOTALL)
    program = ROOT / "examples" / "gradients" / "half_regulariser.py"
    path = tmp_path / "net.py"
    path.write_text(f"{program.read_text()}\n\n{adapter}")
    outcome, _ = check_only(path, Conditions(Limits(), untrusted=False))
    assert [cause.name for cause in outcome.causes] == ["regulariser-half"]
    assert not any("assumed" in note for note in outcome.notes)


def test_what_the_page_shows_of_python_runs():
    page = (ROOT / "docs" / "check" / "python.md").read_text()
    (program,) = re.findall(r"^```python\n(import chainrule.*?)^```", page, re.MULTILINE | re.DOTALL)
    names: dict = {
        "cost": lambda W, X, y, l2: np.mean((X @ W - y) ** 2) + l2 * np.sum(W**2),
        "gradient": lambda W, X, y, l2: 2 * X.T @ (X @ W - y) / len(X) + 2 * l2 * W,
        "parameters": np.arange(3.0),
        "forward": lambda x, W, b: (x @ W + b, (x, W)),
        "backward": lambda dout, cache: (dout @ cache[1].T, cache[0].T @ dout, dout.sum(axis=0)),
        "X": np.eye(4, 3) + 0.1,
        "y": np.arange(4.0),
        "l2": 0.1,
        "x": np.eye(4, 3),
        "W": np.ones((3, 2)),
        "b": np.ones(2),
    }
    exec(program, names)
    assert names["check"].verdict == "right"


def shown_commands() -> list[list[str]]:
    """The words after ``chainrule`` wherever a page or our own code shows a command."""
    pages = [page.read_text() for page in PAGES]
    fences = "\n".join(fence for text in pages for fence in FENCE.findall(text))
    lines = re.findall(r"^(?:\$ )?chainrule ([^#\n]+)", fences, re.MULTILINE)
    code = [path.read_text() for path in (ROOT / "src").rglob("*.py")]
    for text in (*(FENCE.sub("", page) for page in pages), *code):
        lines += re.findall(r"`chainrule ([^`]+)`", text)
    return [line.split() for line in lines if not line.startswith("-")]


def options(name: str) -> set[str]:
    """What a command takes, or any of those below it."""
    command = load(name)
    every = [command, *getattr(command, "commands", {}).values()]
    return {option for each in every for parameter in each.params for option in parameter.opts} | {"--help"}


def test_a_command_that_is_shown_can_be_called() -> None:
    shown = shown_commands()
    assert {words[0] for words in shown} == set(COMMANDS)
    given = {(words[0], word) for words in shown for word in words if re.fullmatch(r"--[a-z-]+", word)}
    assert {(name, option) for name, option in given if option not in options(name)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_and_names_that_a_page_gives_are_there(page: Path) -> None:
    text = page.read_text()
    files = re.findall(r"(?<![\w/.-])(?:src|tests|docs|examples|benchmarks)/[\w./*-]*[\w*]", text)
    assert [file for file in files if not list(ROOT.glob(file))] == []
    links = re.findall(r"\]\((?!http)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    for name in re.findall(r"`(chainrule(?:\.\w+)+)", text):
        pkgutil.resolve_name(name)


def test_every_environment_variable_is_in_the_table():
    sources = (ROOT / "src").rglob("*.py")
    used = {name for path in sources for name in re.findall(r"\bCHAINRULE_[A-Z_]+\b", path.read_text())}
    page = (ROOT / "docs" / "command_line.md").read_text()
    assert set(re.findall(r"^\| `(CHAINRULE_\w+)` \|", page, re.MULTILINE)) == used


def test_every_exit_code_is_in_the_table():
    page = (ROOT / "docs" / "command_line.md").read_text()
    codes = {endings.YES, endings.NO, endings.COULD_NOT, endings.INTERRUPTED, endings.READER_GONE}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)} == codes


@pytest.fixture
def visits(tmp_path, monkeypatch):
    """The tables that the page of tables is about, in a folder of their own."""
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(ROOT / "docs" / "tables" / "visits.py"))


def told(text: str) -> tuple[str, list[float]]:
    """Words, and the numbers with a point among them."""
    number = r"-?\d+\.\d+"
    return re.sub(number, "", text), list(map(float, re.findall(number, text)))


@pytest.mark.usefixtures("visits")
def test_the_commands_of_the_page_of_tables_say_what_it_shows(capsys):
    pytest.importorskip("onnx")
    page = (ROOT / "docs" / "tables.md").read_text()
    (shown,) = re.findall(r"^```\n(\$ chainrule fit .*?)^```", page, re.MULTILINE | re.DOTALL)
    for command, expected in re.findall(r"^\$ chainrule (.*)\n((?:[^$].*\n)*)", shown, re.MULTILINE):
        assert run(command.split()) == 0
        words, numbers = told(capsys.readouterr().out)
        assert words == told(expected)[0]
        shown_numbers = told(expected)[1]
        # Rounding moves a row or two; how long it takes is the machine's.
        assert all(
            abs(a - b) < 0.05 or "epochs:" in words for a, b in zip(numbers, shown_numbers, strict=True)
        )


@pytest.mark.usefixtures("visits")
@pytest.mark.parametrize(("page", "fewest"), [("docs/tables.md", 20), ("README.md", 8)])
def test_a_page_shows_what_python_says(page, fewest):
    pytest.importorskip("pandas")
    session = doctest.DocTestParser().get_doctest((ROOT / page).read_text(), {}, page, page, 0)
    said: list[str] = []
    doctest.DocTestRunner().run(session, out=said.append)
    assert not said, "".join(said)
    assert len(session.examples) >= fewest


def test_the_search_of_the_page_of_tables_runs(tmp_path, monkeypatch):
    """As it is written there, but shorter."""
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "tables.md").read_text()
    (program,) = re.findall(r"^```python\n(data = .*?)^```", page, re.MULTILINE | re.DOTALL)
    shorter = program.replace('"epochs": 60', '"epochs": 1').replace('"trials": 40', '"trials": 2')
    X = np.random.default_rng(0).normal(size=(100, 3))
    names: dict = {"chainrule": chainrule, "X": X, "y": X[:, 0] > 0}
    exec(shorter.replace("dataset=data", "dataset=data, jobs=1"), names)
    assert [trial["state"] for trial in names["found"].trials] == ["complete"] * 2


@pytest.mark.parametrize(
    ("name", "stands_for", "method"),
    [
        ("to_tensorboard", "writer", "add_scalar"),
        ("to_mlflow", "mlflow", "log_metrics"),
        ("to_wandb", "run", "log"),
    ],
)
def test_what_the_page_of_tables_gives_to_others_is_called_with_every_member(name, stands_for, method):
    page = (ROOT / "docs" / "tables.md").read_text()
    (program,) = re.findall(rf"^```python\n(def {name}\(.*?)^```", page, re.MULTILINE | re.DOTALL)
    other = mock.Mock(spec=[method])
    names: dict = {stands_for: other}
    exec(program, names)
    X = np.random.default_rng(0).normal(size=(30, 2))
    chainrule.MLPClassifier(4, members=2, epochs=2, callbacks=[names[name]], random_state=0).fit(
        X, X[:, 0] > 0
    )
    said = str(getattr(other, method).call_args_list)
    assert all(re.search(rf"train_loss[/.]{member}", said) for member in (0, 1))
    assert "step=2" in said or ", 2)" in said


@pytest.mark.parametrize("path", notebooks.NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_did(path, tmp_path, monkeypatch):
    # To compile takes longer than these nets do.
    monkeypatch.setenv("CHAINRULE_COMPILED", "off")
    monkeypatch.chdir(tmp_path)
    run_now = notebooks.as_json(notebooks.executed(path))
    assert path.read_text() == run_now, "write it again: " + notebooks.COMMAND
