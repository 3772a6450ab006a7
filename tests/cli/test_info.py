"""What a machine and an installation give is said, and found out by trying."""

from __future__ import annotations

import json
import sys

import pytest

from chainrule.cli import info
from chainrule.cli.app import run
from chainrule.errors import CheckError
from chainrule.gradcheck.sandbox import remote
from chainrule.gradcheck.sandbox.confine import MEASURES


@pytest.fixture
def shown(capsys, monkeypatch):
    """What the command prints, as JSON knows it, where these measures are missing."""

    def show(missing=None):
        def probe():
            if isinstance(missing, str):
                raise CheckError(missing)
            return missing or {}

        monkeypatch.setattr(remote, "probe", probe)
        return printed(capsys)

    return show


def printed(capsys, *options):
    assert run(["info", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def entry(section, name):
    (only,) = [each for each in section if each["name"] == name]
    return only


def test_every_part_is_there(shown):
    said = shown()
    assert list(said) == ["machine", "training", "confinement", "extras", "caches"]
    assert entry(said["machine"], "Python")["words"].startswith(".".join(map(str, sys.version_info[:3])))
    assert [each["name"] for each in said["confinement"]] == list(MEASURES)
    assert all(each["holds"] for each in said["confinement"])
    assert entry(said["extras"], "fast")["holds"]


def test_a_measure_that_is_missing_is_named_with_its_reason(shown):
    section = shown({"seccomp": "libseccomp.so.2 is not there"})["confinement"]
    assert entry(section, "seccomp") == {
        "name": "seccomp", "holds": False, "words": "libseccomp.so.2 is not there",
    }  # fmt: skip
    assert entry(section, "landlock")["holds"]


def test_a_confinement_that_cannot_be_tried_does_not_hold(shown):
    section = shown("the confinement: cannot be tried")["confinement"]
    assert not any(each["holds"] for each in section)


def test_an_extra_that_is_not_there_is_named_with_its_repair(shown, monkeypatch):
    monkeypatch.setattr(info, "version_of", lambda package: None if package == "numba" else "1.0")
    fast = entry(shown()["extras"], "fast")
    assert fast["words"] == "numba missing; pip install 'chainrule[fast]'"
    assert not fast["holds"]


def test_where_data_is_and_how_much_is_said(capsys, tmp_path):
    (tmp_path / "x").write_bytes(bytes(2**20))
    said = printed(capsys, "--data-dir", str(tmp_path))
    assert entry(said["caches"], "data")["words"] == f"{tmp_path} (1 MB in 1 files)"


def test_it_reads_as_lines(capsys):
    assert run(["info"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "machine"
    assert [line.split()[1] for line in lines if line.split()[:1] == ["landlock"]] in (["yes:"], ["no:"])
