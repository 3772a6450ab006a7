"""The lines of a picture: out of one box, along a lane, into another."""

from __future__ import annotations

import itertools
import re

from chainrule.report.picture import ComputationPicture, picture
from chainrule.report.wires import WIDTH, Bus
from support.computations import computation


def drawn() -> ComputationPicture:
    own = picture(computation())
    assert own is not None
    return own


def ends(path: str) -> tuple[float, float, float, float]:
    """Where a line begins and ends, its head apart."""
    line = path.partition("m")[0]
    x, y = map(float, re.match(r"M([\d.-]+) ([\d.-]+)", line).groups())
    height = float(re.findall(r" ([\d.-]+)H", line)[-1])
    return x, y, float(line.rpartition("H")[2]), height


def between(own: ComputationPicture, source: str, target: str) -> tuple[Bus, str]:
    names = [box.value.name for box in own.boxes]
    for bus in own.buses:
        if names[bus.source] == source and names.index(target) in bus.targets:
            return bus, bus.paths[bus.targets.index(names.index(target))]
    raise AssertionError(f"no line from {source} to {target}")


def test_every_edge_is_a_line_from_the_side_of_one_box_to_that_of_another():
    own = drawn()
    boxes = {box.value.name: box for box in own.boxes}
    for source, target, leaves_left, arrives_left in [
        ("x", "out", True, True),
        ("x", "dw", False, True),
        ("dout", "between", False, False),
        ("dw", "dx", False, False),
    ]:
        _, path = between(own, source, target)
        x, y, end, height = ends(path)
        a, b = boxes[source], boxes[target]
        assert x == (a.x if leaves_left else a.right)
        assert abs(end - (b.x if arrives_left else b.right)) <= 1
        assert a.y < y < a.y + a.height
        assert b.y < height < b.y + b.height
    assert sum(len(bus.paths) for bus in own.buses) == len(computation().edges)


def test_lines_arrive_at_places_of_their_own():
    own = drawn()
    arrived = [ends(path)[2:] for bus in own.buses for path in bus.paths]
    assert len(set(arrived)) == len(arrived)


def test_buses_that_pass_the_same_rows_have_lanes_of_their_own():
    own = drawn()
    rows = [box.row for box in own.boxes]
    for a, b in itertools.combinations(own.buses, 2):
        same = a.way == b.way and own.boxes[a.source].value.way == own.boxes[b.source].value.way
        spans = [sorted(rows[place] for place in (bus.source, *bus.targets)) for bus in (a, b)]
        if same and spans[0][0] <= spans[1][-1] and spans[1][0] <= spans[0][-1]:
            assert a.lane != b.lane


def test_lines_of_a_wrong_value_say_so():
    own = drawn()
    assert between(own, "dw", "dx")[0].state == "wrong"
    assert between(own, "x", "dw")[0].state == "right"
    assert own.width > 2 * WIDTH
