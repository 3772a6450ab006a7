"""What was searched."""

from __future__ import annotations

from chainrule.records.figures import SearchPoint
from chainrule.report import searched
from support.runs import example_searches


def test_only_what_varies_has_an_axis():
    (search, _) = example_searches().searches
    points = [SearchPoint(values={"l2": 0.1, "batch": 8, "rate": {"start": 1}}, score=0.3, error=0.1)]
    search = search.model_copy(update={"replicates": [points]})
    assert searched.searched(search) == ["l2", "batch", "rate.start"]
    others = [
        points[0].model_copy(update={"values": {"l2": l2, "batch": 8, "rate": {"start": 1, "kind": kind}}})
        for l2, kind in ((0.1, "a"), (0.2, "b"))
    ]
    varied = search.model_copy(update={"replicates": [others], "inits": 1})
    assert searched.searched(varied) == ["l2", "rate.kind"]
    assert searched.searched(search.model_copy(update={"replicates": [[]]})) == []


def test_numbers_stand_by_size_and_texts_the_shorter_first():
    assert searched.in_order([0.1, 0.02, 0.1]) == [0.02, 0.1]
    assert searched.in_order(["[50]", "[50, 50]", "[20]", "[50]"]) == ["[20]", "[50]", "[50, 50]"]


def test_values_are_short_as_charts_show_them():
    assert [searched.short(value) for value in (0.123456, 3, True, [20], "he")] == [
        "0.123", "3", "true", "[20]", "he",
    ]  # fmt: skip
