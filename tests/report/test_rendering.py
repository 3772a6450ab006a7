"""Pictures of computations as files, and code as templates show it."""

from __future__ import annotations

from xml.etree import ElementTree

from chainrule.report.rendering import picture_of, write_pictures
from support.computations import checked_file, computation

HOSTILE = "</text></svg><script>alert(1)</script>\x1b[31m\u202e&amp;"


def test_a_picture_by_itself_is_whole_and_whatever_a_value_is_called_is_text():
    own = checked_file(HOSTILE, computation(name=HOSTILE, text=HOSTILE, place=HOSTILE))
    for svg in (picture_of(own, alone=True), picture_of(own)):
        root = ElementTree.fromstring(svg)
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            "svg", "title", "desc", "style", "text", "g", "path", "rect",
        }  # fmt: skip
        assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
        words = " ".join(root.itertext())
        assert "</text></svg>" in words
        assert "\x1b" not in words
        assert "\u202e" not in words
    assert "prefers-color-scheme" in picture_of(own, alone=True)


def test_pictures_are_written_in_the_place_of_earlier_ones(tmp_path):
    names = [f"net.py: {pair}" for pair in ("a / b", "../c", "a / b")]
    write_pictures([checked_file(name) for name in names], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "picture-1-a_b.svg", "picture-2-.._c.svg", "picture-3-a_b.svg",
    }  # fmt: skip
    (tmp_path / "picture-mine.svg").write_text("")
    write_pictures([checked_file()], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"picture-mine.svg", "picture.svg"}
    write_pictures([checked_file().model_copy(update={"computation": None})], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"picture-mine.svg"}
