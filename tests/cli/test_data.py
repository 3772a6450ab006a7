"""chainrule data, as a user types it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from chainrule.cli.data import app
from chainrule.data import cifar10, download
from chainrule.errors import DataError, StoreError
from support.archives import COUNT, FILES, python_files, write_archive, write_folder


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with a tiny CIFAR-10, not parsed yet."""
    monkeypatch.setattr(cifar10, "IMAGES_PER_BATCH", COUNT)
    write_folder(tmp_path / "data" / "cifar-10-batches-py", python_files())
    return tmp_path / "data"


def _run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def _error(*arguments: object) -> Exception:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert isinstance(result.exception, DataError | StoreError)
    return result.exception


def test_list(directory: Path, tmp_path: Path) -> None:
    lines = _run("list", "--data-dir", tmp_path / "none").splitlines()
    assert lines[1].split() == ["cifar10", "no"]
    assert lines[2].split() == ["digits", "yes", "1797", "yes", "built", "in"]
    assert "not parsed yet" in _run("list", "--data-dir", directory)
    assert not (directory / "cifar10").exists()
    _run("import", directory, "--data-dir", directory)
    entry = json.loads(_run("list", "--json", "--data-dir", directory))[0]
    assert entry == {
        "name": "cifar10",
        "there": "yes",
        "where": str(directory / "cifar10"),
        "images": 6 * COUNT,
        "official": False,
    }
    (directory / "cifar10" / "meta.json").unlink()
    assert "damaged" in _run("list", "--data-dir", directory)


def test_list_reads_the_environment(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_DATA", str(directory))
    assert str(directory) in _run("list")


def test_info(directory: Path) -> None:
    told = _run("info", "cifar10", "--data-dir", directory)
    assert "120 images, 10 classes" in told
    assert "3 x 32 x 32" in told
    assert "not official" in told
    assert f"samples: {directory / 'cifar10-samples.png'}" in told
    assert [line.split()[:3] for line in told.splitlines() if "_batch" in line][5] == [
        "test_batch",
        "20",
        "2",
    ]
    with Image.open(directory / "cifar10-samples.png") as sheet:
        assert sheet.size == (64 + 10 * 102, 16 + 2 * 102)


def test_info_json(directory: Path, tmp_path: Path) -> None:
    told = json.loads(_run("info", "cifar10", "--json", "--data-dir", directory))
    assert told["batches"]["data_batch_1"]["classes"]["frog"] == 2
    assert told["official"] is False
    assert told["sheet"] is None
    assert not list(directory.glob("*.png"))
    sheet = tmp_path / "sheet.png"
    told = json.loads(_run("info", "digits", "--json", "--sheet", sheet, "--data-dir", tmp_path / "none"))
    assert told["sheet"] == str(sheet)
    assert sheet.exists()


def test_info_says_unknown_in_words(directory: Path, tmp_path: Path) -> None:
    layout, files = FILES["binary"]
    write_folder(tmp_path / layout.folder, files())
    _run("import", tmp_path, "--data-dir", tmp_path)
    assert "unknown: no checksum is published" in _run("info", "cifar10", "--data-dir", tmp_path)


def test_info_without_pillow(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    result = CliRunner().invoke(
        app, ["info", "cifar10", "--data-dir", str(directory)], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert "120 images" in result.stdout
    assert "pip install 'chainrule[report]'" in result.stderr


def test_info_where_the_sheet_cannot_be_written(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    error = _error("info", "cifar10", "--data-dir", directory, "--sheet", tmp_path / "file" / "sheet.png")
    assert isinstance(error, StoreError)


def test_import(directory: Path, tmp_path: Path) -> None:
    layout, files = FILES["matlab"]
    archive = write_archive(tmp_path / layout.archive, layout.folder, files())
    assert "imported: 120 images" in _run("import", archive, "--data-dir", tmp_path / "new")
    assert "no CIFAR-10" in str(_error("import", tmp_path / "nothing", "--data-dir", tmp_path / "new"))


def test_fetch(directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LOCATIONS", ())
    assert "already there and whole" in _run("fetch", "cifar10", "--data-dir", directory)
    assert "it comes with scikit-learn" in _run("fetch", "digits", "--data-dir", directory)
    assert "cannot be fetched" in str(_error("fetch", "cifar10", "--data-dir", tmp_path / "none"))
    assert "did you mean" in str(_error("fetch", "cifar", "--data-dir", directory))
