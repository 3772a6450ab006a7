"""Which folder belongs to a file: wide enough for what it imports, and no wider than its project."""

from pathlib import Path

import pytest

from chainrule.gradcheck.sandbox.project import project_root

HELPER = "def softmax(s):\n    return s\n"


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Files below a folder, by name and text; gives the folder of the first one. The user is elsewhere."""
    monkeypatch.chdir("/")
    monkeypatch.setenv("HOME", "/nowhere")

    def write(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize(
    "line",
    ["from course.tools import softmax", "import numpy, course.tools as t", "def f():\n    import course"],
)
def test_the_folder_that_the_user_is_in_holds_what_a_file_imports(written, monkeypatch, line):
    top = written(repo__lab__net=f"{line}\n", repo__course__tools=HELPER)
    path, repo = top / "repo/lab/net.py", top / "repo"
    assert project_root(path) == path.parent
    monkeypatch.chdir(repo)
    assert project_root(path) == repo
    monkeypatch.chdir(top)
    assert project_root(path) == repo
    monkeypatch.chdir(path.parent)
    assert project_root(path) == path.parent


@pytest.mark.parametrize("mark", [".git", "pyproject.toml", "README.md"])
def test_so_does_one_that_is_marked_as_the_top_of_a_project(written, mark):
    top = written(repo__labs__one__net="from tools import softmax\n", repo__tools=HELPER)
    path = top / "repo/labs/one/net.py"
    assert project_root(path) == path.parent
    (top / "repo" / mark).mkdir()
    assert project_root(path) == top / "repo"


def test_relative_imports_reach_up_as_far_as_the_project(written):
    top = written(repo__lab__one__net="from ..tools import softmax\n", repo__lab__tools=HELPER)
    path = top / "repo/lab/one/net.py"
    assert project_root(path) == path.parent
    (top / "repo/.git").mkdir()
    assert project_root(path) == top / "repo/lab"
    path.write_text("from .....tools import softmax\n")
    assert project_root(path) == top / "repo"


def test_what_lies_above_a_project_is_not_its_own(written):
    top = written(repo__lab__net="import tools\n", tools=HELPER)
    (top / "repo/.git").mkdir()
    assert project_root(top / "repo/lab/net.py") == top / "repo/lab"


def test_a_home_is_nobodys_project(written, monkeypatch):
    top = written(home__lab__net="import tools\n", home__tools=HELPER)
    (top / "home/.git").mkdir()
    monkeypatch.chdir(top / "home")
    assert project_root(top / "home/lab/net.py") == top / "home"
    monkeypatch.setenv("HOME", str(top / "home"))
    assert project_root(top / "home/lab/net.py") == top / "home/lab"


def test_what_lies_beside_a_file_or_is_installed_is_not_looked_for_above(written, monkeypatch):
    top = written(
        lab__net="import tools, numpy, json\n", lab__tools="", tools=HELPER, numpy=HELPER, json=HELPER
    )
    monkeypatch.chdir(top)
    assert project_root(top / "lab/net.py") == top / "lab"


def test_what_a_file_beside_one_imports_is_looked_for_too(written, monkeypatch):
    top = written(
        net__model="from .base import Base\n",
        net__base="import library.start\n",
        net____init__="",
        library__start="",
    )
    monkeypatch.chdir(top)
    assert project_root(top / "net/model.py") == top


def test_a_file_that_cannot_be_read_has_its_own_folder(written, monkeypatch):
    top = written(lab__net="import tools\ndef broken(:\n    return tools\n", tools=HELPER)
    monkeypatch.chdir(top)
    assert project_root(top / "lab/net.py") == top / "lab"


def test_a_package_may_hold_its_files_in_folders_alone(written, monkeypatch):
    top = written(
        repo__lab__net="from course.week1.tools import softmax\n", repo__course__week1__tools=HELPER
    )
    monkeypatch.chdir(top / "repo")
    assert project_root(top / "repo/lab/net.py") == top / "repo"


def test_what_lies_beside_its_own_folder_is_read_where_it_is_called_by_the_name_of_the_one_around(written):
    top = written(repo__net__nn__conv="from net.utils.im2col import cols\n", repo__net__utils__im2col=HELPER)
    path = top / "repo/net/nn/conv.py"
    assert project_root(path) == top / "repo/net"
    path.write_text("from net.nn.conv import cols\n")
    assert project_root(path) == path.parent


def test_a_package_that_is_called_by_its_own_name_may_hold_what_marks_a_project(written):
    top = written(
        repo__net__nn__conv="from net.tools import *\n", repo__net__tools=HELPER, repo__net__setup=""
    )
    assert project_root(top / "repo/net/nn/conv.py") == top / "repo/net"


def test_a_file_that_calls_its_own_folder_by_name_is_started_from_above_it(written):
    top = written(
        repo__layers__conv="from layers.base import Layer\n",
        repo__layers__base="from models.registry import add\n",
        repo__models__registry="def add(c): ...\n",
    )
    assert project_root(top / "repo/layers/conv.py") == top / "repo"
    assert project_root(top / "repo/layers/base.py") == top / "repo/layers"


def test_what_is_imported_by_the_name_of_its_own_folder_is_followed(written, monkeypatch):
    top = written(
        repo__app__layers__conv="from app.layers.base import Layer\n",
        repo__app__layers__base="import app.activations\n",
        repo__app__activations=HELPER,
    )
    monkeypatch.chdir(top / "repo")
    assert project_root(top / "repo/app/layers/conv.py") == top / "repo/app"


def test_the_folder_of_a_package_that_was_renamed_is_found_by_what_lies_in_it(written, monkeypatch):
    top = written(
        net_main__layers__conv="from net.layers.base import Layer\nfrom net.tools import softmax\n",
        net_main__layers__base="class Layer: ...\n",
        net_main__tools=HELPER,
    )
    monkeypatch.chdir(top)
    assert project_root(top / "net_main/layers/conv.py") == top / "net_main"
