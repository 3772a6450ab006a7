"""What is checked of a submission."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.folder.main_files import MainFile, main_files
from support.commands import COLUMNS
from support.zips import zipped

USUAL = "def cost(W): ...\ndef gradient(W): ...\n"


@pytest.fixture
def mains(only, tmp_path):
    """What is checked of the one submission of a folder: names, files, and what is copied with them."""

    def mains(folder: Path) -> dict[str, tuple[str, Path | None]]:
        files = main_files(only(folder), tmp_path / "private")
        return {main.name: (main.path.name, main.root) for main in files}

    return mains


def test_a_file_is_alone(write, only, tmp_path):
    folder = write({"ann.py": COLUMNS})
    assert main_files(only(folder), tmp_path) == [MainFile("ann.py", folder / "ann.py", None)]


def test_links_in_a_submission_are_not_followed(write, only, tmp_path):
    folder = write({"ann/notes.txt": ""})
    (tmp_path / "outside.py").write_text(COLUMNS)
    (folder / "ann" / "net.py").symlink_to(tmp_path / "outside.py")
    (folder / "ann" / "up").symlink_to("..")
    os.mkfifo(folder / "ann" / "fifo.py")
    with pytest.raises(CheckError, match=r"ann: holds no \.py and no \.ipynb file"):
        main_files(only(folder), tmp_path / "private")


@pytest.mark.parametrize(
    ("files", "main"),
    [
        ({"main.py": "from net import cost, gradient", "net.py": USUAL}, "net.py"),
        ({"net.py": USUAL, "check.py": COLUMNS}, "check.py"),
        ({"deep/er/net.py": COLUMNS}, "net.py"),
        ({"a.py": "", "b.py": "def cost(W): ..."}, "b.py"),
        ({"a.py": "", "venv/b.py": COLUMNS, ".c.py": COLUMNS}, "a.py"),
    ],
)
def test_the_main_file_of_a_folder_is_the_one_that_says_so_or_has_the_usual_names(write, mains, files, main):
    folder = write({f"ann/{name}": text for name, text in files.items()})
    assert mains(folder) == {"ann": (main, folder / "ann")}


def test_a_folder_of_several_programs_has_all_of_them(write, mains):
    folder = write(
        {"ann/a.py": COLUMNS, "ann/deep/b.py": COLUMNS, "ann/c.py": USUAL, "ann/helper.py": "x = 1\n"}
    )
    root = folder / "ann"
    assert mains(folder) == {
        "ann/a.py": ("a.py", root), "ann/deep/b.py": ("b.py", root), "ann/c.py": ("c.py", root)
    }  # fmt: skip


def test_a_zip_is_unpacked_whole_into_a_folder_of_its_own(only, tmp_path):
    (tmp_path / "class").mkdir()
    zipped(
        tmp_path / "class" / "ann.zip", {"hand_in/net.py": COLUMNS, "hand_in/helper.py": "", "data.txt": "1"}
    )
    (main,) = main_files(only(tmp_path / "class"), tmp_path / "private")
    assert (main.name, main.root) == ("ann.zip", tmp_path / "private")
    assert main.path == tmp_path / "private" / "hand_in" / "net.py"
    assert (tmp_path / "private" / "data.txt").read_text() == "1"


def test_a_folder_of_nothing_but_a_zip_is_that_zip(write, mains, tmp_path):
    folder = write({"ann_4711/notes.txt": ""})
    zipped(folder / "ann_4711" / "net.zip", {"net.py": COLUMNS})
    assert mains(folder) == {"ann_4711": ("net.py", tmp_path / "private")}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("no zip", r"ann\.zip: cannot be unpacked: File is not a zip file"),
        ({"deep.zip": "PK"}, r"ann\.zip: holds no \.py and no \.ipynb file; a zip in a zip is not unpacked"),
        ({}, r"ann\.zip: holds no \.py and no \.ipynb file$"),
        ({"../net.py": COLUMNS}, r"ann\.zip: member '\.\./net\.py' would be written outside"),
        ({"a/" * 60 + "net.py": COLUMNS}, r"ann\.zip: .* folders deep"),
    ],
)
def test_a_zip_that_cannot_be_checked_is_said_by_its_name(only, tmp_path, content, problem):
    (tmp_path / "class").mkdir()
    path = tmp_path / "class" / "ann.zip"
    if isinstance(content, dict):
        zipped(path, content)
    else:
        path.write_text(content)
    with pytest.raises(CheckError, match=problem):
        main_files(only(tmp_path / "class"), tmp_path / "private")


def test_too_many_programs_of_one_submission_are_refused(write, only, tmp_path, monkeypatch):
    folder = write({f"ann/{number}.py": COLUMNS for number in range(4)})
    monkeypatch.setattr("chainrule.gradcheck.folder.main_files._MOST", 3)
    with pytest.raises(CheckError, match="ann: 4 files in it could be meant, at most 3"):
        main_files(only(folder), tmp_path / "private")
