"""Files and notebooks as parts to run: cells in order, magics left out, and what is no source refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.source import (
    belongs_to,
    folders_of_packages,
    is_library,
    keep_to,
    read,
    shown_name,
    without_magics,
)
from support.places import NOTEBOOKS


def test_cells_of_code_are_counted_from_one_and_text_is_passed_over():
    source = read(NOTEBOOKS / "one_layer.ipynb")
    assert [part.name for part in source.parts] == [f"one_layer.ipynb, cell {n}" for n in range(1, 6)]
    assert source.notes == ("cell 1: left out %matplotlib inline", "cell 1: left out !pip install numpy")


def test_the_old_format_is_read():
    assert len(read(NOTEBOOKS / "old_format.ipynb").parts) == 3


@pytest.mark.parametrize(
    ("text", "plain", "skipped"),
    [
        ("x = 7 % 3\n", "x = 7 % 3\n", []),
        ('text = """\n%d\n!\n"""', 'text = """\n%d\n!\n"""', []),
        ("%time\nx = 1", "pass  # %time\nx = 1", ["%time"]),
        ("if True:\n    !ls", "if True:\n    pass  # !ls", ["!ls"]),
        ("files = !ls\n", "pass  # files = !ls\n", ["files = !ls"]),
        ("np.dot?\nx = 1", "pass  # np.dot?\nx = 1", ["np.dot?"]),
        ("%%time\nx = 1", "pass  # %%time\nx = 1", ["%%time"]),
        ("%%writefile a.py\nx = 1\n", "open('a.py', 'w').write('x = 1\\n')", []),
        ("%%file -a 'a.py'\nx = 1", "open('a.py', 'a').write('x = 1')", []),
        ("%%writefile a.txt\n1", "", ["%%writefile a.txt"]),
        ("%run helpers.py\nx = 1", "from helpers import *\nx = 1", []),
        ("if True:\n  %run -i './nets'  # mine", "if True:\n  from nets import *", []),
        ("%run ../nets.py", "pass  # %run ../nets.py", ["%run ../nets.py"]),
        ("def f(:\n", "def f(:\n", []),
    ],
)
def test_magics_are_left_out_line_by_line(text, plain, skipped):
    assert without_magics(text) == (plain, skipped)


def test_a_declared_encoding_is_kept(tmp_path):
    path = tmp_path / "net.py"
    path.write_bytes("# -*- coding: latin-1 -*-\nname = 'é'\n".encode("latin-1"))
    assert "é" in read(path).parts[0].text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("net.txt", b"", "is no .py or .ipynb file"),
        ("net.py", "x = 'é'".encode("latin-1"), "save it as UTF-8"),
        ("net.py", b"# coding: nonsense\n", "unknown encoding"),
        ("net.ipynb", b"{", "is no notebook"),
        ("net.ipynb", b"[]", "is no notebook"),
        ("net.ipynb", b'{"cells": [{"cell_type": "code"}]}', "is no notebook"),
        ("net.ipynb", b"[" * 100_000, "is no notebook"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CheckError, match=said) as error:
        read(path)
    assert len(error.value.problems) == 1


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CheckError, match="cannot be read"):
        read(tmp_path / "nothing.py")


def test_text_alone_makes_no_code(tmp_path):
    path = tmp_path / "empty.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "text"}]}))
    assert read(path).parts == ()


def test_the_users_files_are_those_of_the_folder():
    path = Path("/home/me/work/net.py")
    for name in (
        "/home/me/work/net.py",
        "/home/me/work/parts/layers.py",
        "net.py, cell 3",
        "assumed adapter",
    ):
        assert belongs_to(path, name)
    for name in (
        "/usr/lib/python3/json.py",
        "/home/me/work/.venv/lib/python3/site-packages/numpy/a.py",
        "<string>",
    ):
        assert not belongs_to(path, name)
    assert shown_name(path, "/home/me/work/parts/layers.py") == "parts/layers.py"


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_what_is_no_file_is_said(tmp_path, make):
    make(tmp_path / "net.py")
    with pytest.raises(CheckError, match=r"net\.py: is a .*; give a \.py file"):
        read(tmp_path / "net.py")


@pytest.mark.parametrize("encoding", ["punycode", "unicode_escape", "utf-7", "rot13", "zlib"])
def test_what_is_no_character_set_is_no_encoding(tmp_path, encoding):
    (tmp_path / "net.py").write_bytes(f"# coding: {encoding}\nx = 1\n".encode())
    with pytest.raises(CheckError, match="is no text that Python can read"):
        read(tmp_path / "net.py")


def test_more_code_than_anybody_writes_is_refused(tmp_path):
    (tmp_path / "net.py").write_text("x = 1\n" * 200_000)
    with pytest.raises(CheckError, match=r"more than \d+ characters of code"):
        read(tmp_path / "net.py")


@pytest.mark.parametrize(
    "folder", ["site-packages", "dist-packages", "Lib/site-packages/numpy", "python/vendored"]
)
def test_what_was_installed_is_a_library_wherever_it_lies(tmp_path, monkeypatch, folder):
    place = tmp_path / folder
    (place / "numpy-2.0.dist-info").mkdir(parents=True)
    monkeypatch.setattr(source, "_FOLDERS_OF_PACKAGES", folders_of_packages([str(tmp_path), "", str(place)]))
    assert is_library(str(place / "numpy/core.py"))
    assert not is_library(str(tmp_path / "python/net.py"))


def test_the_folder_of_a_script_is_no_library_whatever_it_puts_there(tmp_path, monkeypatch):
    (tmp_path / "net-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert not is_library(str(tmp_path / "net.py"))
    assert is_library(os.__file__)


def test_code_that_lies_outside_of_the_folder_that_is_kept_to_is_a_librarys(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "_OWN_FOLDERS", [])
    keep_to(tmp_path / "work")
    try:
        assert not is_library(str(tmp_path / "work/parts/layers.py"))
        assert is_library(str(tmp_path / "work/.venv/lib/python3.11/site-packages/numpy/core.py"))
        assert is_library(str(tmp_path / "workshop/layers.py"))
        assert not is_library("net.ipynb, cell 3")
        assert not is_library(source.ADAPTER)
    finally:
        is_library.cache_clear()


def test_a_script_that_was_copied_out_of_a_notebook_loses_its_magics(tmp_path):
    path = tmp_path / "net.py"
    path.write_text("%matplotlib inline\nx = 1\nif x:\n    !ls\n")
    content = read(path)
    assert content.parts[0].text == "pass  # %matplotlib inline\nx = 1\nif x:\n    pass  # !ls\n"
    assert content.notes == ("left out %matplotlib inline", "left out !ls")
    path.write_text("%matplotlib inline\nx = (\n")
    assert read(path).parts[0].text.startswith("%matplotlib")
