"""A computation laid out: boxes in two columns, each gradient beside its value."""

from __future__ import annotations

import itertools

import pytest

from chainrule.records.checked import CheckedComputation, CheckedEntry
from chainrule.report.picture import ComputationPicture, picture, words
from chainrule.report.wires import CHARACTERS, WIDTH, Box
from support.computations import computation, value


def drawn(found: CheckedComputation) -> ComputationPicture:
    own = picture(found)
    assert own is not None
    return own


def by_name(own: ComputationPicture) -> dict[str, Box]:
    return {box.value.name: box for box in own.boxes}


def test_each_gradient_stands_beside_its_value_and_the_others_between():
    box = by_name(drawn(computation()))
    assert box["x"].x == box["w"].x == box["out"].x < box["dx"].x - WIDTH
    assert [box[name].row for name in ("x", "w", "out")] == [box[name].row for name in ("dx", "dw", "dout")]
    # The way back runs upwards: what comes after dw stands above it.
    assert box["x"].row < box["between"].row < box["w"].row


def test_no_box_lies_on_another_one_and_all_lie_within():
    own = drawn(computation())
    for a, b in itertools.combinations(own.boxes, 2):
        apart = a.x + WIDTH <= b.x or b.x + WIDTH <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart
    assert all(box.x + WIDTH < own.width and box.y + box.height < own.height for box in own.boxes)


def test_a_wrong_value_is_drawn_with_both_numbers():
    box = by_name(drawn(computation()))["dw"]
    assert (box.kind, box.shape) == ("wrong", "2 x 3")
    assert box.lines[0] == ("text", "line 3  f(dw)")
    assert [text.split() for kind, text in box.lines[1:]] == [
        ["given", "true"],
        ["[0,", "1]", "0.25", "-1.5"],
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"turns": 5, "turn": 3}, "line 3, 5 turns  f(dw)"),
        ({"turns": 64}, "line 3, 64 turns or more  f(dw)"),
        ({"true_shape": [3, 2], "entries": []}, "it should be 3 x 2"),
        ({"entries": [CheckedEntry(index=[0], given=None, true=0.5)]}, "not finite"),
        ({"turns": 5, "turn": 3}, "turn 3"),
        ({"shapes": [[2], [3], [4]]}, "line 3"),
    ],
)
def test_turns_and_shapes_are_said(changes, line):
    box = by_name(drawn(computation(**changes)))["dw"]
    assert any(line in text for _, text in box.lines)


def test_text_never_is_wider_than_its_box():
    wide = "漢" * 60
    found = computation(
        text="x" * 200, place="cell 10, line 200", turns=64, shapes=[[100] * 8, [7] * 8],
        entries=[CheckedEntry(index=[10] * 9, given=-1.234567e-300, true=-1.234567e-300)], name=wide,
    )  # fmt: skip
    box = by_name(drawn(found))[wide]
    assert 2 * len(box.name.rstrip(".")) + 3 + 2 + len(box.shape) <= CHARACTERS + 1
    assert all(len(text) <= CHARACTERS for _, text in box.lines)


def test_a_given_value_is_told_from_one_that_is_formed():
    box = by_name(drawn(computation()))
    assert [box[name].kind for name in ("x", "out", "dx")] == ["given", "right", "follows"]
    assert box["x"].lines == []


def test_what_it_shows_is_said_in_words():
    assert (
        words(computation()) == "3 values forward, 4 backward; wrong: dw of line 3, [0, 1] is 0.25, true -1.5"
    )
    many = CheckedComputation(values=[], edges=[], count=57)
    assert picture(many) is None
    assert words(many) == "57 values are too many for a picture"


def test_values_without_a_way_back_are_drawn_too():
    alone = CheckedComputation(values=[value("x", "forward")], edges=[], count=1)
    assert drawn(alone).buses == []
