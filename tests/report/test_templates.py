from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from chainrule.records.figures import TemplatesFigure
from chainrule.report.templates import data_uri, draw_templates

TemplatesOf = Callable[..., TemplatesFigure]


def decoded(uri: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    head, data = uri.split(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def lines(figure: TemplatesFigure) -> list[dict[str, Any]]:
    spec = draw_templates(figure).to_dict()
    return [part | {"values": spec["datasets"][part["data"]["name"]]} for part in spec["vconcat"]]


@pytest.mark.parametrize(("shape", "factor"), [((3, 32, 32), 2), ((3, 2, 4), 16), ((3, 100, 80), 1)])
def test_planes_become_colours(shape: tuple[int, int, int], factor: int) -> None:
    planes = np.random.default_rng(0).integers(0, 256, shape)
    picture = decoded(data_uri(planes.ravel().tolist(), shape))
    assert picture.shape == (shape[1] * factor, shape[2] * factor, 3)
    assert np.array_equal(picture[::factor, ::factor].transpose(2, 0, 1), planes)
    assert np.array_equal(picture[factor - 1 :: factor, factor - 1 :: factor].transpose(2, 0, 1), planes)


def test_one_plane_is_grey() -> None:
    plane = np.arange(64).reshape(1, 8, 8)
    picture = decoded(data_uri(plane.ravel().tolist(), (1, 8, 8)))
    assert picture.shape == (64, 64)
    assert np.array_equal(picture[::8, ::8], plane[0])


def test_names_then_a_line_of_pictures_a_setting(templates_of: TemplatesOf) -> None:
    figure = templates_of(["a", "b"], classes=["cat", "dog", "dog"])
    names, *pictures = lines(figure)
    assert [point["name"] for point in names["values"]] == [["cat"], ["dog"], ["dog"]]
    assert [line["title"]["text"] for line in pictures] == [["a"], ["b"]]
    assert [point["name"] for point in pictures[0]["values"]] == ["cat", "dog", "dog"]
    for line, row in zip(pictures, figure.rows, strict=True):
        assert [point["url"] for point in line["values"]] == [data_uri(i, figure.shape) for i in row.images]
        assert [point["x"] for point in line["values"]] == [point["x"] for point in names["values"]]
