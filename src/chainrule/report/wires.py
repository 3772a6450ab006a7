"""The boxes of a picture, and the lines between them: each value has a lane of its own beside the boxes, along which it
goes to all that are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from chainrule.records.checked import CheckedValue

WIDTH = 360
"""Of a box, in pixels."""

LINE, PADDING = 17, 10
"""The height of a line of text, and what is left free around all lines."""

CHARACTERS = int((WIDTH - 2 * PADDING) / 7.25)
"""How many there is room for beside one another, of the picture's font."""

GAP = 20
"""Between boxes, and between boxes and lanes."""

_LANE, _ARROW = 9, 6

Column = Literal["forward", "backward"]
Gutter = Literal["forward", "between", "backward"]
"""Where lanes lie: beside one of the columns, on the outside, or between both."""


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

    @property
    def right(self) -> float:
        """Where its right side is."""
        return self.x + WIDTH


@dataclass
class Bus:
    """The lines from one value to those in one column that are made of it.

    Attributes:
        source: the value's place.
        targets: theirs.
        way: of the targets.
        state: of the value.
        lane: counted from the boxes.
        paths: the lines, as SVG has them.
    """

    source: int
    targets: list[int]
    way: Column
    state: str
    lane: int = 0
    paths: list[str] = field(default_factory=list)


def buses_of(boxes: Sequence[Box], edges: Sequence[Sequence[int]]) -> list[Bus]:
    """The lines, one bus for each value and each column that they lead to."""
    buses: dict[tuple[int, Column], Bus] = {}
    for source, target in edges:
        way = boxes[target].value.way
        bus = buses.setdefault((source, way), Bus(source, [], way, boxes[source].value.state))
        bus.targets.append(target)
    return list(buses.values())


def _gutter(bus: Bus, boxes: Sequence[Box]) -> Gutter:
    return bus.way if boxes[bus.source].value.way == bus.way else "between"


def laid_in_lanes(buses: Sequence[Bus], boxes: Sequence[Box], gutter: Gutter) -> float:
    """Give each bus of a gutter a lane in which it meets no other, short ones close to the boxes; how wide they are."""
    lanes: list[list[tuple[int, int]]] = []

    def span(bus: Bus) -> tuple[int, int]:
        rows = [boxes[place].row for place in (bus.source, *bus.targets)]
        return min(rows), max(rows)

    here = (bus for bus in buses if _gutter(bus, boxes) == gutter)
    for bus in sorted(here, key=lambda bus: span(bus)[1] - span(bus)[0]):
        first, last = span(bus)
        free = (i for i, taken in enumerate(lanes) if all(last < a or b < first for a, b in taken))
        bus.lane = next(free, len(lanes))
        lanes += [[]] if bus.lane == len(lanes) else []
        lanes[bus.lane].append((first, last))
    return len(lanes) * _LANE + 2 * GAP


def draw(buses: Sequence[Bus], boxes: Sequence[Box]) -> None:
    """Draw all lines: out of a box, along the lane, into a box."""
    ports = _ports(buses, boxes)
    for number, bus in enumerate(buses):
        y = ports[number, bus.source]
        for target in bus.targets:
            end, away = (boxes[target].x, -1) if _arrives_left(bus, boxes) else (boxes[target].right, 1)
            start = boxes[bus.source].x if _leaves_left(bus, boxes) else boxes[bus.source].right
            lane = end + away * (GAP + bus.lane * _LANE)
            bus.paths.append(_path(start, y, lane, end + away, ports[number, target]))


def _leaves_left(bus: Bus, boxes: Sequence[Box]) -> bool:
    return _gutter(bus, boxes) == "forward"


def _arrives_left(bus: Bus, boxes: Sequence[Box]) -> bool:
    return _gutter(bus, boxes) != "backward"


def _ports(buses: Sequence[Bus], boxes: Sequence[Box]) -> dict[tuple[int, int], float]:
    """Where each bus leaves and meets the side of a box: spread over its height, those from above first."""
    sides: dict[tuple[int, bool], list[tuple[int, int]]] = {}
    for number, bus in enumerate(buses):
        own = boxes[bus.source].row
        farthest = max((boxes[place].row for place in bus.targets), key=lambda row: abs(row - own))
        sides.setdefault((bus.source, _leaves_left(bus, boxes)), []).append((farthest, number))
        for target in bus.targets:
            sides.setdefault((target, _arrives_left(bus, boxes)), []).append((own, number))
    ports = {}
    for (place, _), met in sides.items():
        box = boxes[place]
        for i, (_, number) in enumerate(sorted(met), start=1):
            ports[number, place] = round(box.y + box.height * i / (len(met) + 1), 1)
    return ports


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
