"""Colours and strokes that can be told apart."""

from __future__ import annotations

from chainrule.report.style import PALETTE, colour, stroke


def test_series_beyond_the_palette_are_told_by_width():
    assert [colour(i) for i in (0, 7, 8)] == [PALETTE[0], PALETTE[0], PALETTE[1]]
    assert stroke(0) == stroke(6) < stroke(7) == stroke(13) < stroke(14)
    assert len(set(PALETTE)) == len(PALETTE)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_colour_stands_out_from_white_by_three_to_one():
    assert all(1.05 / (luminance(one) + 0.05) >= 3 for one in PALETTE)
