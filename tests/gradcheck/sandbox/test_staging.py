"""What is copied for a user's file: the file alone, or with its folder, sources first, within bounds."""

from __future__ import annotations

import os
import sys

import pytest

from chainrule.gradcheck.sandbox import staging
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from chainrule.gradcheck.sandbox.staging import copy_of, sources_root, stage
from support.handed_in import FIRST, LIMITS, ROWS, first

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="makes links, which take rights on this system"
)


@pytest.fixture
def course(tmp_path):
    """Files under a folder, each holding its own name, or the text that is given."""

    def make(*names, **texts):
        for name in names:
            place = tmp_path / "course" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(texts.get(place.stem, name))
        return tmp_path / "course"

    return make


def copied(path, root, tmp_path):
    """The names of what is copied, and what is said to be left out."""
    left_out = stage(path, root, tmp_path / "private")
    files = tmp_path / "private" / "files" / (tmp_path.name if root else "")
    return sorted(str(file.relative_to(files)) for file in files.rglob("*") if file.is_file()), left_out


def test_a_file_alone_is_copied_alone(course, tmp_path):
    folder = course("net.py", "helper.py", "data/x.csv")
    assert copied(folder / "net.py", None, tmp_path) == (["net.py"], [])


def test_with_its_folder_come_sources_and_data(course, tmp_path):
    folder = course("net.py", "helper.py", "data/deep/x.csv", "notes")
    names, left_out = copied(folder / "net.py", folder, tmp_path)
    assert names == ["course/data/deep/x.csv", "course/helper.py", "course/net.py", "course/notes"]
    assert left_out == []
    assert (
        tmp_path / "private/files" / tmp_path.name / "course/data/deep/x.csv"
    ).read_text() == "data/deep/x.csv"


def test_what_is_hidden_or_an_environment_or_leads_out_is_not_copied(course, tmp_path):
    folder = course(
        "net.py", ".git/config", "venv/lib/a.py", "__pycache__/net.pyc", "lib/site-packages/b.py", "in.txt"
    )
    (tmp_path / "secret").write_text("secret")
    (folder / "out.txt").symlink_to("../secret")
    (folder / "up").symlink_to("..", target_is_directory=True)
    (folder / "same.txt").symlink_to("in.txt")
    (folder / "device").symlink_to("/dev/zero")
    (folder / "nowhere").symlink_to("missing")
    os.mkfifo(folder / "fifo")
    assert copied(folder / "net.py", folder, tmp_path)[0] == [
        "course/in.txt",
        "course/net.py",
        "course/same.txt",
    ]


@pytest.mark.parametrize(
    ("bound", "value"), [("LARGEST_COPIED_FILE", 10), ("LARGEST_COPY", 20), ("_MOST_COPIED", 2)]
)
def test_copies_are_bounded_sources_come_first_and_what_is_missing_is_said(
    course, tmp_path, monkeypatch, bound, value
):
    monkeypatch.setattr(staging, bound, value)
    folder = course("a_long_name.csv", "net.py", "zoo.py")
    names, (said,) = copied(folder / "net.py", folder, tmp_path)
    assert names == ["course/net.py", "course/zoo.py"]
    assert said.startswith("not copied for the check: a_long_name.csv; files beside it are there up to")


def test_a_folder_of_countless_files_is_not_walked_to_its_end(course, tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "_MOST_SEEN", 2)
    folder = course("a.txt", "b.txt", "c.txt", "net.py")
    names, left_out = copied(folder / "net.py", folder, tmp_path)
    assert names == ["course/a.txt", "course/b.txt", "course/net.py"]
    assert left_out == ["looked at 2 of the files beside it"]


def test_the_folder_that_belongs_to_a_file_is_that_of_its_package(course):
    folder = course(
        "top/pkg/__init__.py", "top/pkg/sub/__init__.py", "top/pkg/sub/net.py", "top/plain/net.py"
    )
    assert sources_root(folder / "top/pkg/sub/net.py") == folder / "top/pkg"
    assert sources_root(folder / "top/plain/net.py") == folder / "top/plain"


def test_a_file_does_not_choose_by_its_imports_what_is_read_above_it(tmp_path):
    (tmp_path / "private").mkdir()
    (tmp_path / "private/work.py").write_text("secret = 1")
    (tmp_path / "theirs").mkdir()
    file = tmp_path / "theirs/net.py"
    file.write_text(f"import private.work\nimport {tmp_path.name.replace('-', '_')}\n")
    assert sources_root(file) == file.parent


def test_the_place_of_the_copy_can_be_told_before(course, tmp_path):
    folder = course("deep/net.py")
    for root in (None, folder):
        private = tmp_path / f"private{root is None}"
        stage(folder / "deep/net.py", root, private)
        assert copy_of(folder / "deep/net.py", root, private).read_text() == "deep/net.py"


READS = """
import os, tempfile
from helper import answer
assert open("x.csv").read() == "x.csv"
assert not os.path.exists("../course/neighbour.txt") and os.listdir("..") == ["work"], os.listdir("..")
open("x.csv", "a").write("added")
os.makedirs("results/deep")
os.remove("helper.py")
tempfile.mkdtemp()
"""


def test_what_a_file_writes_is_thrown_away(course, tmp_path):
    folder = course(
        "work/net.py", "work/helper.py", "work/x.csv", "neighbour.txt", helper="answer = 42", x="x.csv"
    )
    (folder / "work/net.py").write_text(first(READS))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with RemoteProgram(folder / "work/net.py", LIMITS, root=folder / "work") as program:
        assert program.describe().names == ["W", "b"]
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_modules_of_a_package_are_found_by_its_name(course):
    folder = course(
        "pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/net.py", "pkg/tools.py", __init__="", tools="a = 1"
    )
    (folder / "pkg/sub/net.py").write_text("from pkg.tools import a\n" + ROWS)
    path = folder / "pkg/sub/net.py"
    with RemoteProgram(path, LIMITS, root=sources_root(path)) as program:
        assert program.describe().names == ["W", "b"]


def test_modules_beside_a_file_are_found_by_the_name_of_their_own_folder(course):
    path = course("modules/net.py", "modules/tools.py", tools="a = 1") / "modules/net.py"
    path.write_text(f"from modules.tools import a\ndef before():\n    assert a == 1\n{ROWS}{FIRST}")
    with RemoteProgram(path, LIMITS, root=sources_root(path)) as program:
        assert program.describe().names == ["W", "b"]


def test_modules_beside_a_file_are_found_by_the_name_of_the_folder_around_them(course):
    folder = course("src/nn/net.py", "src/nn/tools.py", "src/other.py", tools="a = 1", other="b = 2")
    path = folder / "src/nn/net.py"
    path.write_text("from src.nn.tools import a\nassert a == 1\n" + ROWS)
    with RemoteProgram(path, LIMITS, root=sources_root(path)) as program:
        assert program.describe().names == ["W", "b"]
