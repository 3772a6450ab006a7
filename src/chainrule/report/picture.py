"""A computation as a picture: the way forward from top to bottom, the way back beside it from bottom to top, each
gradient beside the value that it is the derivative by, and lines from what a value is made of.

Boxes and lines are laid out here, in pixels of a fixed font, and drawn by ``html/picture.svg``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from unicodedata import east_asian_width

from chainrule.records.base import Number
from chainrule.records.checked import CheckedComputation, CheckedEntry, CheckedValue
from chainrule.report.wires import CHARACTERS, GAP, WIDTH, Box, Bus, buses_of, draw, laid_in_lanes
from chainrule.text import one_line

_HEAD, _NUMBER, _LONGEST_SHAPE = 26, 14, 32
_MANY = 64
"""Of so many turns there may be more, which are not told."""


@dataclass(frozen=True)
class ComputationPicture:
    """A picture, laid out.

    Attributes:
        boxes: one for each value.
        buses: the lines between them.
        heads: the heading of each column: its place and its words.
        width, height: in pixels.
        words: what it shows, for who cannot see it.
    """

    boxes: list[Box]
    buses: list[Bus]
    heads: list[tuple[float, str]]
    width: float
    height: float
    words: str


def picture(computation: CheckedComputation) -> ComputationPicture | None:
    """A computation laid out; None where it has too many values to be read."""
    if not computation.values:
        return None
    boxes = [_box(value) for value in computation.values]
    height = _place_in_rows(boxes)
    buses = buses_of(boxes, computation.edges)
    widths = [laid_in_lanes(buses, boxes, gutter) for gutter in ("forward", "between", "backward")]
    left, right = widths[0], widths[0] + WIDTH + widths[1]
    for box in boxes:
        box.x = left if box.value.way == "forward" else right
    draw(buses, boxes)
    heads = [(left, "forward, top to bottom"), (right, "backward, bottom to top")]
    return ComputationPicture(boxes, buses, heads, right + WIDTH + widths[2], height, words(computation))


def words(computation: CheckedComputation) -> str:
    """What a picture shows, in a sentence or two."""
    if not computation.values:
        return f"{computation.count} values are too many for a picture"
    ways = [sum(value.way == way for value in computation.values) for way in ("forward", "backward")]
    said = [f"{ways[0]} values forward, {ways[1]} backward"]
    said += [f"wrong: {_told(value)}" for value in computation.values if value.state == "wrong"]
    return one_line("; ".join(said))


def _told(value: CheckedValue) -> str:
    entries = [
        f"{_index(each)} is {_number(each.given)}, true {_number(each.true)}" for each in value.entries
    ]
    return ", ".join([f"{value.name} of {value.place}" if value.place else value.name, *entries])


def _box(value: CheckedValue) -> Box:
    shapes = [_shape(shape) for shape in value.shapes]
    shape = _cut(", ".join([*shapes[:2], *(["..."] if shapes[2:] else [])]), _LONGEST_SHAPE)
    return Box(
        value,
        _cut(value.name, CHARACTERS - len(shape) - 2),
        shape,
        [(kind, _cut(text, CHARACTERS)) for kind, text in _lines(value)],
    )


def _lines(value: CheckedValue) -> Iterator[tuple[str, str]]:
    """What stands below a value's name, and of which kind it is."""
    if value.place:
        more = " or more" if value.turns >= _MANY else ""
        place = value.place + (f", {value.turns} turns{more}" if value.turns > 1 else "")
        yield "text", f"{place}  {_cut(value.text, CHARACTERS - len(place) - 2)}"
    if value.true_shape is not None:
        yield "true", f"it should be {_shape(value.true_shape)}"
    if value.entries:
        yield "text", _columns(f"turn {value.turn}" if value.turn else "", "given", "true")
    for entry in value.entries:
        yield "entry", _columns(_index(entry), _number(entry.given), _number(entry.true))


def _columns(first: str, second: str, third: str) -> str:
    rest = CHARACTERS - 2 * _NUMBER
    return f"{_cut(first, rest):<{rest}}{second:>{_NUMBER}}{third:>{_NUMBER}}"


def _index(entry: CheckedEntry) -> str:
    return f"[{', '.join(map(str, entry.index))}]"


def _number(number: Number) -> str:
    return "not finite" if number is None else f"{number:.6g}"


def _shape(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape)) or "a number"


def _cut(text: str, most: int) -> str:
    """The beginning of a text that is no wider than so many characters; some scripts' are two wide."""
    shown = one_line(text)
    widths = list(accumulate(2 if east_asian_width(character) in "WF" else 1 for character in shown))
    if not widths or widths[-1] <= most:
        return shown
    return f"{shown[: sum(width <= most - 3 for width in widths)]}..."


def _place_in_rows(boxes: Sequence[Box]) -> float:
    """A row for each value forward, with its gradient; the others between, as the way back comes by them. Gives how
    high all rows are."""
    places = {place: [place] for place, box in enumerate(boxes) if box.value.way == "forward"}
    rows, before = list(places.values()), None
    for place, box in enumerate(boxes):
        if box.value.way == "forward":
            continue
        own = places.get(-1 if box.value.derivative_of is None else box.value.derivative_of)
        if own is None:
            own = []
            rows.insert(len(rows) if before is None else rows.index(before), own)
        own.append(place)
        before = own
    y = float(_HEAD + GAP)
    for number, row in enumerate(rows):
        height = max(boxes[place].height for place in row)
        for place in row:
            boxes[place].row, boxes[place].y = number, y + (height - boxes[place].height) / 2
        y += height + GAP
    return y
