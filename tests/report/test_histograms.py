"""Histograms show their bins, on shared axes."""

from __future__ import annotations

from chainrule.records.figures import HistogramsFigure, RowHistogram
from chainrule.report.figures import write
from chainrule.report.histograms import draw_histograms


def test_bins_titles_and_files(tmp_path):
    rows = [
        RowHistogram(row=name, seed=0, edges=[-1.0, 0.0, 1.0], counts=[3, count])
        for name, count in (("a <b>", 4), ("b", 5))
    ]
    chart = draw_histograms(HistogramsFigure(recipe="r", title="t", rows=rows))
    spec = chart.to_dict()
    first, second = spec["concat"]
    data = [spec["datasets"][panel["data"]["name"]] for panel in (first, second)]
    assert data[0] == [
        {"from": -1.0, "to": 0.0, "count": 3},
        {"from": 0.0, "to": 1.0, "count": 4},
    ]
    assert data[1][1]["count"] == 5
    assert first["title"]["text"] == ["a <b>"]
    assert "seed 0" in spec["title"]["subtitle"]
    assert [panel["encoding"]["x"]["scale"]["domain"] for panel in (first, second)] == [[-1.0, 1.0]] * 2
    assert [panel["encoding"]["y"]["scale"]["domain"] for panel in (first, second)] == [[0, 5]] * 2
    svg, png = write(chart, tmp_path / "h", ("svg", "png"))
    assert "a &lt;b&gt;" in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")
