"""What a chart holds."""

from __future__ import annotations

from typing import Any


def values(chart) -> list[dict[str, Any]]:
    """The rows of data of a chart that has one data set."""
    spec = chart.to_dict()
    data = spec["data"]
    return data["values"] if "values" in data else spec["datasets"][data["name"]]
