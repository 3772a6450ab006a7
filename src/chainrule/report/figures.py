"""Figures and tables of a run as files."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.files import safe_name, write_bytes, write_text
from chainrule.report import check_tables, compare, difference_tables, search_tables
from chainrule.report.compare import Comparison, number_table
from chainrule.report.compared_settings import settings_table
from chainrule.report.folder import RunFolder
from chainrule.report.plots import NARROW, drawings
from chainrule.report.style import report_extra
from chainrule.report.table import TextTable, latex, markdown
from chainrule.report.tables import recipe_names, recipe_table, to_csv

if TYPE_CHECKING:
    import altair as alt

FIGURE_FORMATS = ("svg", "pdf", "png")
TABLE_FORMATS = ("latex", "csv", "markdown")
WIDTHS = {"column": 88.0, "page": 180.0}
"""Millimetres of a column and of the page of a paper in two columns."""
_PRINTED = 300.0
"""Pixels an inch, as journals ask for."""
_POINTS_A_MM = 72 / 25.4
SUFFIXES = {"latex": ".tex", "csv": ".csv", "markdown": ".md"}


def write(
    chart: alt.TopLevelMixin, stem: Path, formats: Sequence[str], width: float | None = None
) -> list[Path]:
    """Write ``chart`` to ``stem`` with the suffix of each format; a PNG has two pixels a point.

    All are one picture: PDF and PNG are drawn from the SVG.

    Args:
        chart: what is drawn.
        stem: of the files.
        formats: some of :data:`FIGURE_FORMATS`.
        width: in millimetres, letters and all, without its title; a PNG has 300 pixels an inch then. By default
            as wide as it comes.

    Raises:
        MissingExtraError: altair or vl-convert is not installed.
        StoreError: the folder cannot be written or the disk is full.
    """
    with report_extra():
        import vl_convert

        spec = chart.to_dict()
        if width:
            # In a paper the caption says it, and a title would make the figure wider than it is.
            spec.pop("title", None)
        svg = vl_convert.vegalite_to_svg(spec)
    points = _of_width(svg, width, "") if width else svg
    paths = []
    for form in formats:
        if form == "svg":
            data = (_of_width(svg, width, "mm") if width else svg).encode()
        elif form == "pdf":
            data = vl_convert.svg_to_pdf(points)
        else:
            data = vl_convert.svg_to_png(points, **({"ppi": _PRINTED} if width else {"scale": 2.0}))
        paths.append(stem.with_name(f"{stem.name}.{form}"))
        write_bytes(paths[-1], data)
    return paths


def _of_width(svg: str, width: float, unit: str) -> str:
    """An SVG drawn so many millimetres wide; without a unit in points, which PDF counts in."""
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    if found is None:
        return svg
    across, down = (float(size) for size in found.groups())
    shown = width if unit else width * _POINTS_A_MM
    return svg.replace(found[0], f'width="{shown:.2f}{unit}" height="{shown * down / across:.2f}{unit}"', 1)


def write_figures(
    run: RunFolder,
    folder: Path,
    formats: Sequence[str],
    names: Collection[str] | None = None,
    width: float | None = None,
) -> dict[str, list[Path]]:
    """Write a run's figures to ``folder`` as ``RECIPE-NAME``; the files of each recipe.

    Args:
        run: whose.
        folder: made where it is missing.
        formats: some of :data:`FIGURE_FORMATS`.
        names: which figures; all by default.
        width: in millimetres; as narrow as a column of a paper, fewer panels stand side by side.

    Raises:
        MissingExtraError: altair, vl-convert or Pillow is not installed.
        StoreError: the folder cannot be written or the disk is full.
    """
    return {
        recipe: [
            path
            for name, drawn in drawings(run, recipe, narrow=width is not None and width <= NARROW).items()
            if names is None or name in names
            for path in write(drawn(), folder / safe_name(f"{recipe}-{name}"), formats, width)
        ]
        for recipe in run.recipes
    }


def write_tables(run: RunFolder, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write a run's tables to ``folder``: ``RECIPE`` (of a search, all its trials) and, of gradient checks,
    ``RECIPE-gradient-check``, of checked programs ``FILE-gradient-check`` and ``FILE-gradient-differences``.

    Args:
        run: whose.
        folder: made where it is missing.
        formats: some of :data:`TABLE_FORMATS`; CSV has full precision, the others what is shown.

    Raises:
        StoreError: the folder cannot be written or the disk is full.
    """
    paths = []
    if run.search:
        trials = search_tables.trials_of(run.search, len(run.search.trials))
        texts = table_texts([trials], search_tables.to_csv(run.search))
        return _write_texts(folder / safe_name(run.recipes[0]), texts, formats)
    for made in run.tables:
        paths += _write_texts(folder / safe_name(made.name), table_texts([made.table], made.csv), formats)
    for recipe in recipe_names(run.results):
        own = run.only([recipe]).results
        texts = table_texts([recipe_table(own, recipe)], to_csv(own))
        paths += _write_texts(folder / safe_name(recipe), texts, formats)
    for checks in run.checks:
        texts = table_texts(check_tables.shown_tables(checks), check_tables.to_csv(checks))
        paths += _write_texts(folder / safe_name(f"{checks.recipe}-gradient-check"), texts, formats)
    for file in run.files:
        texts = table_texts([check_tables.tensors_table(file)], check_tables.tensors_csv(file))
        paths += _write_texts(folder / safe_name(f"{file.file}-gradient-check"), texts, formats)
        if file.differences:
            texts = difference_tables.texts(file.file, file.differences)
            paths += _write_texts(folder / safe_name(f"{file.file}-gradient-differences"), texts, formats)
    return paths


def write_comparison(comparison: Comparison, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write the tables of a comparison to ``folder`` as ``comparison``; arguments as for :func:`write_tables`."""
    tables = [settings_table(comparison), *(number_table(comparison, shared) for shared in comparison.shared)]
    return _write_texts(folder / "comparison", table_texts(tables, compare.to_csv(comparison)), formats)


def table_texts(tables: Sequence[TextTable], csv: str) -> dict[str, str]:
    """Tables in each of :data:`TABLE_FORMATS`."""
    sections = [f"### {table.caption}\n\n{markdown(table)}\n" for table in tables]
    return {"latex": "\n".join(map(latex, tables)), "csv": csv, "markdown": "\n".join(sections)}


def _write_texts(stem: Path, texts: dict[str, str], formats: Sequence[str]) -> list[Path]:
    paths = [stem.with_name(stem.name + SUFFIXES[form]) for form in formats]
    for path, form in zip(paths, formats, strict=True):
        write_text(path, texts[form])
    return paths
