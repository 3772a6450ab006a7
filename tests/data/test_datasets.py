"""Data sets by name, and where they are looked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from chainrule.data import cache, datasets
from chainrule.errors import DataError, StoreError
from support.archives import COUNT, FILES, arrays, write_archive

IMAGES, LABELS = arrays()
CHECKSUM = hashlib.sha256(IMAGES.tobytes() + LABELS.tobytes()).hexdigest()


def test_digits() -> None:
    digits = datasets.load("digits")
    assert digits.images.shape == (1797, 64)
    assert digits.images.dtype == digits.labels.dtype == np.uint8
    assert digits.images.max() == digits.max_value == 16
    assert digits.shape == (1, 8, 8)
    assert [len(rows) for rows in digits.batches.values()] == [300] * 5 + [297]
    assert digits.training_rows == range(1500)
    assert digits.official
    assert digits.directory is None
    expected = hashlib.sha256(digits.images.tobytes() + digits.labels.tobytes())
    assert digits.checksum == expected.hexdigest()
    assert not digits.images.flags.writeable


@pytest.mark.parametrize("key", FILES)
def test_import_then_load(tmp_path: Path, small: None, key: str) -> None:
    layout, files = FILES[key]
    archive = write_archive(tmp_path / "x.tar.gz", layout.folder, files())
    imported = datasets.import_path(archive, tmp_path / "data")
    loaded = datasets.load("cifar10", tmp_path / "data")
    for dataset in (imported, loaded):
        assert np.array_equal(dataset.images, IMAGES)
        assert np.array_equal(dataset.labels, LABELS)
        assert dataset.checksum == CHECKSUM
        assert dataset.official is False
        assert dataset.shape == (3, 32, 32)
        assert dataset.directory == tmp_path / "data" / "cifar10"
    assert loaded.training_rows == range(5 * COUNT)
    assert list(loaded.batches.values()) == [range(i * COUNT, (i + 1) * COUNT) for i in range(6)]


def test_first_load_parses_and_keeps(source: Path) -> None:
    assert np.array_equal(datasets.load("cifar10", source).images, IMAGES)
    for file in (source / "cifar-10-batches-py").iterdir():
        file.unlink()
    assert np.array_equal(datasets.load("cifar10", source, verify=False).images, IMAGES)


def test_what_is_missing_names_the_repairs(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        datasets.load("cifar10", tmp_path / "none")
    for repair in ("`chainrule data fetch cifar10`", "`chainrule data import PATH`", "`--dataset digits`"):
        assert repair in str(caught.value)


def test_a_folder_that_cannot_be_written(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StoreError(f"{source}: cannot write: Read-only file system; choose another place")

    monkeypatch.setattr(cache, "write", refuse)
    with pytest.raises(
        DataError, match=r"Read-only file system.*`chainrule data import .* --data-dir PLACE`"
    ):
        datasets.load("cifar10", source)


def test_unknown_names_are_suggested() -> None:
    with pytest.raises(DataError, match=r"'cifar100'; did you mean 'cifar10'\?"):
        datasets.load("cifar100")


def test_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_DATA", str(tmp_path))
    assert datasets.data_directory() == tmp_path
    assert datasets.data_directory(tmp_path / "option") == tmp_path / "option"
    monkeypatch.setenv("CHAINRULE_DATA", "")
    assert datasets.data_directory().name == "chainrule"


@pytest.mark.cifar10
def test_real_data_is_kept(real_data: Path, tmp_path: Path) -> None:
    imported = datasets.import_path(real_data, tmp_path)
    loaded = datasets.load("cifar10", tmp_path)
    assert loaded.checksum == imported.checksum
    assert loaded.checksum == cache.content_checksum(loaded.images, loaded.labels)
