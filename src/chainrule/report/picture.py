"""A computation as a picture: the way forward from top to bottom, the way back beside it from bottom to top, each
gradient beside the value that it is the derivative by, and lines from what a value is made of.

Boxes and lines are laid out here, in pixels of a fixed font, and drawn by ``html/picture.svg``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chainrule.records.base import Number
from chainrule.records.checked import CheckedComputation, CheckedEntry, CheckedValue
from chainrule.text import one_line

WIDTH = 360
"""Of a box."""

LINE, CHARACTER, PADDING = 17, 7.25, 10
"""The height of a line of text, the width of a character, and what is left free around both."""

_CHARACTERS = int((WIDTH - 2 * PADDING) / CHARACTER)
_GAP, _LANE, _HEAD, _ARROW = 20, 9, 26, 6
_NUMBER = 13

Side = Literal["left", "right"]


@dataclass
class Box:
    """A value as it is drawn.

    Attributes:
        value: it.
        name, shape: the first line.
        lines: those below, with what kind of text each is.
        x, y: the upper left corner.
        row: counted from the top.
    """

    value: CheckedValue
    name: str
    shape: str
    lines: list[tuple[str, str]]
    x: float = 0.0
    y: float = 0.0
    row: int = 0

    @property
    def height(self) -> float:
        """Of all its lines."""
        return LINE * (1 + len(self.lines)) + PADDING

    @property
    def kind(self) -> str:
        """Its class: the state of its value, or that it is given."""
        return "given" if not self.value.place and self.value.state == "right" else self.value.state


@dataclass
class Bus:
    """The lines from one value to those in one column that are made of it.

    Attributes:
        source: the value's place.
        targets: theirs.
        side: of the targets, at which the lines arrive.
        state: of the value.
        lane: counted from the boxes.
        paths: the lines, as SVG has them.
    """

    source: int
    targets: list[int]
    side: Side
    state: str
    lane: int = 0
    paths: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
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


def picture(computation: CheckedComputation) -> Picture | None:
    """A computation laid out; None where it has too many values to be read."""
    if not computation.values:
        return None
    boxes = [Box(value, *_head(value), list(_lines(value))) for value in computation.values]
    _place_in_rows(boxes)
    buses = _buses(boxes, computation)
    inner, middle, outer = (
        _with_lanes([bus for bus in buses if _gutter(boxes, bus) == gutter], boxes) for gutter in range(3)
    )
    left = inner * _LANE + 2 * _GAP
    right = left + WIDTH + middle * _LANE + 3 * _GAP
    for box in boxes:
        box.x = left if box.value.way == "forward" else right
    _draw(buses, boxes)
    heads = [(left, "forward, top to bottom"), (right, "backward, bottom to top")]
    height = max(box.y + box.height for box in boxes) + _GAP
    return Picture(boxes, buses, heads, right + WIDTH + outer * _LANE + 2 * _GAP, height, words(computation))


def words(computation: CheckedComputation) -> str:
    """What a picture shows, in a sentence or two."""
    if not computation.values:
        return f"{computation.count} values are too many for a picture"
    ways = [sum(value.way == way for value in computation.values) for way in ("forward", "backward")]
    said = [f"{ways[0]} values forward, {ways[1]} backward"]
    said += [f"wrong: {_told(value)}" for value in computation.values if value.state == "wrong"]
    return one_line("; ".join(said))


def _told(value: CheckedValue) -> str:
    entries = [f"{_index(entry)} is {_number(entry.given)}, true {_number(entry.true)}" for entry in value.entries]
    return f"{value.name}{f' of {value.place}' if value.place else ''}" + "".join(f", {each}" for each in entries)


def _head(value: CheckedValue) -> tuple[str, str]:
    shapes = [_shape(shape) for shape in value.shapes]
    shape = shapes[0] if len(shapes) == 1 else f"{', '.join(shapes[:2])}{', ...' if shapes[2:] else ''}"
    return _cut(value.name, _CHARACTERS - len(shape) - 2), shape


def _lines(value: CheckedValue) -> Iterator[tuple[str, str]]:
    """What stands below a value's name, and of which kind it is."""
    if value.place:
        turns = f", {value.turns} turns" if value.turns > 1 else ""
        place = f"{value.place}{turns}"
        yield "text", f"{place}  {_cut(value.text, _CHARACTERS - len(place) - 2)}"
    if value.true_shape is not None:
        yield "true", f"it should be {_shape(value.true_shape)}"
    if value.entries:
        turn = f"turn {value.turn}" if value.turn else ""
        yield "text", f"{turn:<{_CHARACTERS - 2 * _NUMBER}}{'given':>{_NUMBER}}{'true':>{_NUMBER}}"
        for entry in value.entries:
            numbers = f"{_number(entry.given):>{_NUMBER}}{_number(entry.true):>{_NUMBER}}"
            yield "entry", f"{_index(entry):<{_CHARACTERS - 2 * _NUMBER}}{numbers}"


def _index(entry: CheckedEntry) -> str:
    return f"[{', '.join(map(str, entry.index))}]"


def _number(number: Number) -> str:
    return "not finite" if number is None else f"{number:.6g}"


def _shape(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape)) or "a number"


def _cut(text: str, most: int) -> str:
    shown = one_line(text)
    return shown if len(shown) <= most else f"{shown[: max(most - 3, 1)]}..."


def _place_in_rows(boxes: Sequence[Box]) -> None:
    """A row for each value forward, with its gradient; the others between, as the way back comes by them."""
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
    y = float(_HEAD + _GAP)
    for number, row in enumerate(rows):
        height = max(boxes[place].height for place in row)
        for place in row:
            boxes[place].row, boxes[place].y = number, y + (height - boxes[place].height) / 2
        y += height + _GAP


def _buses(boxes: Sequence[Box], computation: CheckedComputation) -> list[Bus]:
    """The lines, one bus for each value and each column that they lead to."""
    buses: dict[tuple[int, str], Bus] = {}
    for source, target in computation.edges:
        ways = boxes[source].value.way, boxes[target].value.way
        side: Side = "right" if ways == ("backward", "backward") else "left"
        bus = buses.setdefault((source, ways[1]), Bus(source, [], side, boxes[source].value.state))
        bus.targets.append(target)
    return list(buses.values())


def _gutter(boxes: Sequence[Box], bus: Bus) -> int:
    """Where its lane lies: left of both columns, between them, right of them."""
    if boxes[bus.source].value.way == "backward":
        return 2
    return 0 if boxes[bus.targets[0]].value.way == "forward" else 1


def _with_lanes(buses: Sequence[Bus], boxes: Sequence[Box]) -> int:
    """Give each of one gutter a lane in which it meets no other, short ones close to the boxes; how many there are."""
    lanes: list[list[tuple[int, int]]] = []

    def span(bus: Bus) -> tuple[int, int]:
        rows = [boxes[place].row for place in (bus.source, *bus.targets)]
        return min(rows), max(rows)

    for bus in sorted(buses, key=lambda bus: span(bus)[1] - span(bus)[0]):
        first, last = span(bus)
        free = (i for i, taken in enumerate(lanes) if all(last < a or b < first for a, b in taken))
        bus.lane = next(free, len(lanes))
        if bus.lane == len(lanes):
            lanes.append([])
        lanes[bus.lane].append((first, last))
    return len(lanes)


def _draw(buses: Sequence[Bus], boxes: Sequence[Box]) -> None:
    """Draw all lines: out of a box, along the lane, into a box."""
    ports = _ports(buses, boxes)
    for number, bus in enumerate(buses):
        out: Side = "left" if _gutter(boxes, bus) == 0 else "right"
        x, y = _edge(boxes[bus.source], out), ports[number, bus.source]
        for target in bus.targets:
            end, height = _edge(boxes[target], bus.side), ports[number, target]
            away = -1 if bus.side == "left" else 1
            lane = end + away * (_GAP + bus.lane * _LANE)
            bus.paths.append(_path(x, y, lane, end + away, height))


def _ports(buses: Sequence[Bus], boxes: Sequence[Box]) -> dict[tuple[int, int], float]:
    """Where each bus leaves and meets the side of a box: spread over its height, those from above first."""
    sides: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for number, bus in enumerate(buses):
        out = "left" if _gutter(boxes, bus) == 0 else "right"
        rows = [boxes[place].row for place in bus.targets]
        sides.setdefault((bus.source, out), []).append((max(rows, key=lambda row: abs(row - boxes[bus.source].row)), number))
        for target in bus.targets:
            sides.setdefault((target, bus.side), []).append((boxes[bus.source].row, number))
    ports = {}
    for (place, _), those in sides.items():
        box = boxes[place]
        for i, (_, number) in enumerate(sorted(those), start=1):
            ports[number, place] = round(box.y + box.height * i / (len(those) + 1), 1)
    return ports


def _edge(box: Box, side: Side) -> float:
    return box.x if side == "left" else box.x + WIDTH


def _path(x: float, y: float, lane: float, end: float, height: float) -> str:
    """A line out at one height, along a lane with round corners, and in at another."""
    down = 1 if height > y else -1
    bend = min(5.0, abs(height - y) / 2)
    out, into = (1 if lane > x else -1), (1 if end > lane else -1)
    return (
        f"M{x:g} {y:g}H{lane - out * bend:g}Q{lane:g} {y:g} {lane:g} {y + down * bend:g}"
        f"V{height - down * bend:g}Q{lane:g} {height:g} {lane + into * bend:g} {height:g}H{end:g}"
        f"m{-into * _ARROW} -3.5l{into * _ARROW} 3.5l{-into * _ARROW} 3.5"
    )
