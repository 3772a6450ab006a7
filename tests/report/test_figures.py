from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from chainrule.errors import MissingExtraError, StoreError
from chainrule.records.figures import CurvesFigure, TemplatesFigure
from chainrule.records.runs import Results
from chainrule.report.curves import draw_curves
from chainrule.report.figures import write, write_figures
from chainrule.report.run import Run
from chainrule.report.style import title_lines
from chainrule.report.templates import draw_templates
from chainrule.text import one_line

BOTH = ("svg", "png")
EMPTY = Results(rows=[], claims=[], input_means=[], environment={})

CurvesOf = Callable[..., CurvesFigure]
TemplatesOf = Callable[..., TemplatesFigure]

NASTY = [
    "<b>bold</b> &amp; <script>x</script>",
    "\"quoted\" 'x' `y`",
    "datum.a[0].b\\.c",
    "{{x}} ${y} %s {'signal': 'width'}",
    "λ = 0.1, über ∑",
    "https://example.org/a.png",
    "null",
]


def texts(svg: Path) -> list[str]:
    root = ElementTree.fromstring(svg.read_bytes())
    return ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]


def test_files_are_an_svg_and_its_picture(curves_of: CurvesOf, tmp_path: Path) -> None:
    paths = write(draw_curves(curves_of(["a", "b"])), tmp_path / "new" / "v1.2", BOTH)
    assert [path.name for path in paths] == ["v1.2.svg", "v1.2.png"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["v1.2.png", "v1.2.svg"]
    size = ElementTree.fromstring(paths[0].read_bytes()).attrib
    with Image.open(paths[1]) as picture:
        picture.load()
        assert picture.size == (2 * float(size["width"]), 2 * float(size["height"]))


def test_pictures_are_in_both_files(templates_of: TemplatesOf, tmp_path: Path) -> None:
    figure = templates_of(["a"], shape=(3, 1, 1))
    colours = [[255, 0, 0], [0, 0, 255]]
    figure = figure.model_copy(update={"rows": [figure.rows[0].model_copy(update={"images": colours})]})
    svg, png = write(draw_templates(figure), tmp_path / "t", BOTH)
    assert svg.read_text().count("data:image/png;base64,") == 2
    pixels = np.asarray(Image.open(io.BytesIO(png.read_bytes())).convert("RGB")).reshape(-1, 3)
    for colour in colours:
        assert (pixels == colour).all(axis=1).sum() == pytest.approx(128 * 128, rel=0.05)


@pytest.mark.parametrize("name", NASTY)
def test_names_are_shown_as_they_are(
    curves_of: CurvesOf, templates_of: TemplatesOf, tmp_path: Path, name: str
) -> None:
    svg, _ = write(draw_curves(curves_of([name])), tmp_path / "c", BOTH)
    assert name in " ".join(texts(svg)) or name.replace(" ", "") in "".join(texts(svg)).replace(" ", "")
    svg, _ = write(draw_templates(templates_of([name], classes=["a.b", "<i>"])), tmp_path / "t", BOTH)
    assert {name, "a.b", "<i>"} <= set(texts(svg))


def test_what_cannot_be_shown() -> None:
    assert one_line("a\n\tb\x1b[31m\x00") == r"a b\x1b[31m\x00"


def test_long_names_take_four_lines_at_most() -> None:
    assert title_lines("one two", 10) == ["one two"]
    assert title_lines("", 10) == [""]
    lines = title_lines("word " * 100, 20)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert all(len(line) <= 20 for line in title_lines("x" * 1000, 20))


def test_files_are_named_by_recipe(curves_of: CurvesOf, templates_of: TemplatesOf, tmp_path: Path) -> None:
    away = curves_of(["a"]).model_copy(update={"recipe": "../my table"})
    run = Run(tmp_path, None, EMPTY, (away, templates_of(["a"])))
    written = write_figures(run, tmp_path, ("svg", "pdf"), ("curves", "templates"))
    assert {recipe: [path.name for path in paths] for recipe, paths in written.items()} == {
        "../my table": [".._my_table-curves.svg", ".._my_table-curves.pdf"],
        "linear": ["linear-templates.svg", "linear-templates.pdf"],
    }
    assert {path.parent for paths in written.values() for path in paths} == {tmp_path}
    assert all(path.read_bytes().startswith(b"%PDF") for path in tmp_path.glob("*.pdf"))


def test_a_folder_that_cannot_be(curves_of: CurvesOf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        write(draw_curves(curves_of(["a"])), tmp_path / "file" / "stem", BOTH)


@pytest.mark.parametrize("package", ["altair", "vl_convert", "PIL"])
def test_a_missing_package_names_the_extra(
    curves_of: CurvesOf,
    templates_of: TemplatesOf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: str,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r"chainrule\[report\]"):
        write_figures(Run(tmp_path, None, EMPTY, (templates_of(["a"]),)), tmp_path, ("png",))
