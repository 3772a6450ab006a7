"""What is stored comes back equal and mapped; what was damaged is refused with its repair."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule.data import cache
from chainrule.errors import DataError, StoreError

IMAGES = np.arange(6 * 12, dtype=np.uint8).reshape(6, 12)
LABELS = np.array([0, 1, 2, 0, 1, 2], np.uint8)
META = cache.Meta(
    name="tiny",
    classes=("a", "b", "c"),
    shape=(3, 2, 2),
    max_value=255,
    batches={"data_batch_1": (0, 4), "test_batch": (4, 6)},
    checksum=cache.content_checksum(IMAGES, LABELS),
    official=None,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cache.write(tmp_path / "tiny", META, IMAGES, LABELS)
    return tmp_path / "tiny"


@pytest.mark.parametrize("verify", [True, False])
def test_round_trip(folder: Path, verify: bool) -> None:
    meta, arrays = cache.load(folder, verify)
    assert meta.model_copy(update={"files": {}}) == META
    assert np.array_equal(arrays["images"], IMAGES)
    assert np.array_equal(arrays["labels"], LABELS)
    assert isinstance(arrays["images"], np.memmap)
    assert not arrays["images"].flags.writeable
    assert sorted(entry.name for entry in folder.parent.iterdir()) == ["tiny"]


def _meta(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        described = json.loads((folder / "meta.json").read_text())
        change(described)
        (folder / "meta.json").write_text(json.dumps(described))

    return damage


def _bytes(file: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / file).write_bytes(change((folder / file).read_bytes()))

    return damage


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no meta": lambda folder: (folder / "meta.json").unlink(),
    "no images": lambda folder: (folder / "images.npy").unlink(),
    "empty labels": _bytes("labels.npy", lambda data: b""),
    "images cut": _bytes("images.npy", lambda data: data[:-1]),
    "images longer": _bytes("images.npy", lambda data: data + b"x"),
    "header of another type": _bytes("images.npy", lambda data: data.replace(b"|u1", b"|i1")),
    "header of objects": _bytes("images.npy", lambda data: data.replace(b"'|u1'", b"'|O8'")),
    "header of columns": _bytes("images.npy", lambda data: data.replace(b"False", b"True ")),
    "header of another shape": _bytes("images.npy", lambda data: data.replace(b"(6, 12)", b"(12, 6)")),
    "a zip file": _bytes("images.npy", lambda data: b"PK\x03\x04" + data[4:]),
    "label out of range": _bytes("labels.npy", lambda data: data[:-1] + b"\x03"),
    "meta cut": _bytes("meta.json", lambda data: data[:-10]),
    "meta not text": _bytes("meta.json", lambda data: b"\xff" + data),
    "later version": _meta(lambda meta: meta.update(version=2)),
    "other shape": _meta(lambda meta: meta.update(shape=[3, 2, 3])),
    "no batches": _meta(lambda meta: meta.update(batches={})),
    "a gap": _meta(lambda meta: meta["batches"].update(test_batch=[5, 6])),
    "more rows": _meta(lambda meta: meta["batches"].update(test_batch=[4, 7])),
    "no file sums": _meta(lambda meta: meta.update(files={})),
    "one class less": _meta(lambda meta: meta.update(classes=["a", "b"])),
    "a stranger": _meta(lambda meta: meta.update(stranger=1)),
}


@pytest.mark.parametrize("verify", [True, False])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_refused(folder: Path, damage: Callable[[Path], None], verify: bool) -> None:
    damage(folder)
    with pytest.raises(DataError, match=r"tiny.*: .*; import it again: `chainrule data import PATH`") as e:
        cache.load(folder, verify)
    assert "\n" not in str(e.value)


def test_only_verifying_sees_a_changed_pixel(folder: Path) -> None:
    _bytes("images.npy", lambda data: data[:-1] + b"x")(folder)
    cache.load(folder, verify=False)
    with pytest.raises(DataError, match=r"images\.npy has another SHA-256"):
        cache.load(folder)


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()]
)
def test_an_interrupted_write_leaves_the_old(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(path: Path) -> cache.StoredFile:
        raise error

    monkeypatch.setattr(cache, "_stored", fail)
    expected = StoreError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        cache.write(folder.parent / "new", META, IMAGES, LABELS)
    with pytest.raises(expected):
        cache.write(folder, META, 255 - IMAGES, LABELS)
    monkeypatch.undo()
    assert [entry.name for entry in folder.parent.iterdir()] == ["tiny"]
    assert np.array_equal(cache.load(folder)[1]["images"], IMAGES)


def test_a_failed_exchange_brings_the_old_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if target == folder and self.name.endswith(".tmp"):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(KeyboardInterrupt):
        cache.write(folder, META, 255 - IMAGES, LABELS)
    monkeypatch.undo()
    assert [entry.name for entry in folder.parent.iterdir()] == ["tiny"]
    assert np.array_equal(cache.load(folder)[1]["images"], IMAGES)


def test_writing_again_replaces(folder: Path) -> None:
    meta, before = cache.load(folder)
    cache.write(folder, meta, 255 - IMAGES, LABELS)
    assert np.array_equal(cache.load(folder)[1]["images"], 255 - IMAGES)
    assert np.array_equal(before["images"], IMAGES), "what is mapped stays"
