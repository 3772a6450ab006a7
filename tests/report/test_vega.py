"""The script of the charts, put together once."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
import vl_convert

from chainrule.report import vega


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the script is kept, by a maker that takes no time."""
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda: "draw('</script>')")
    return tmp_path / "chainrule"


SCRIPT = r"draw('<\/script>')"


def test_it_is_put_together_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vega.script.__wrapped__() == SCRIPT
    assert len(list(kept.iterdir())) == 1
    monkeypatch.setattr(vl_convert, "javascript_bundle", None)
    assert vega.script.__wrapped__() == SCRIPT


@pytest.mark.parametrize("content", [b"", b"draw()", b"\xff\n\xff", b"0123\ndraw()"])
def test_what_is_damaged_is_made_anew(kept: Path, content: bytes) -> None:
    vega.script.__wrapped__()
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    file.write_bytes(content)
    assert vega.script.__wrapped__() == SCRIPT
    assert file.read_bytes() == whole


def test_without_a_cache_it_is_put_together_again(kept: Path) -> None:
    kept.write_text("no folder")
    assert vega.script.__wrapped__() == SCRIPT
