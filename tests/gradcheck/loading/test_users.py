"""The files beside one that import it are found, and not run."""

from __future__ import annotations

import json

import pytest

from chainrule.gradcheck.loading.users import names_put, users


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "net.py"
    path.write_text("class Net: ...")
    return path


def named(path):
    return [part.name.rpartition("/")[2] for found in users(path) for part in found.parts]


@pytest.mark.parametrize(
    "text", ["from net import Net", "import net", "import net as n", "from .net import Net", "from . import net",
             "from pack.net import *", "def main():\n    from net import Net"])  # fmt: skip
def test_a_file_that_imports_it_uses_it(net, text):
    (net.parent / "main.py").write_text(text)
    assert named(net) == ["main.py"]


@pytest.mark.parametrize(
    "text", ["import network", "net = 3", "from net import", "from other import y", "\0 net"]
)
def test_no_other_does(net, text):
    (net.parent / "main.py").write_text(text)
    assert named(net) == []


def test_files_above_a_package_and_notebooks_are_looked_at(tmp_path):
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "net.py").write_text("class Net: ...")
    (tmp_path / "train.py").write_text("from pack.net import Net\nraise SystemExit")
    cell = {"cell_type": "code", "source": "from net import Net", "metadata": {}, "outputs": []}
    (package / "look.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}))
    assert [name.partition(",")[0] for name in named(package / "net.py")] == ["look.ipynb", "train.py"]


def test_what_they_put_into_a_module_is_told_from_what_they_put_on_objects(net):
    (net.parent / "main.py").write_text("import net\nnet.RATE = 0.1\nmade = net.Net()\nmade.W = 3\nnet.Net")
    assert names_put(users(net)) == {"RATE"}
