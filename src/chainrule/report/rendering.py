"""Templates filled in: pages, and pictures of computations as files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from chainrule.files import safe_name, write_text
from chainrule.records.checked import CheckedFile
from chainrule.report import check_tables, checked_list, inference_tables, tables, vega
from chainrule.report.picture import picture, words
from chainrule.report.specs import Specs
from chainrule.report.table import aligned
from chainrule.report.wires import LINE, PADDING, WIDTH
from chainrule.text import one_line

if TYPE_CHECKING:
    from jinja2 import Environment

_LONGEST_NAME = 80
_FOLDER = Path(__file__).parent / "html"


def picture_of(file: CheckedFile, *, alone: bool = False) -> str:
    """The computation of a checked program as SVG, with its styles where it is a file ``alone``; empty where there is
    none, or none that could be read."""
    drawn = file.computation and picture(file.computation)
    if not drawn:
        return ""
    context = {
        "title": one_line(f"The computation of {file.file}"),
        "picture": drawn,
        "width": WIDTH,
        "line": LINE,
        "padding": PADDING,
        "alone": alone,
        "style": _asset("picture.css"),
    }
    return _templates().get_template("picture.svg").render(**context)


def write_pictures(files: Sequence[CheckedFile], folder: Path) -> None:
    """Write each checked program's computation as an SVG in the place of earlier ones: ``picture.svg`` of a single one,
    else numbered and named, ``picture-2-relu_forward_relu_backward.svg``.

    Raises:
        StoreError: the folder cannot be written or the disk is full.
    """
    written = set()
    for number, file in enumerate(files, start=1):
        if svg := picture_of(file, alone=True):
            own = re.sub("_+", "_", safe_name(file.file.rpartition(": ")[2]))
            name = "picture.svg" if len(files) == 1 else f"picture-{number}-{own[:_LONGEST_NAME]}.svg"
            write_text(folder / name, svg)
            written.add(name)
    for path in folder.glob("picture*.svg") if files else ():
        if path.name not in written and re.fullmatch(r"picture(-\d+-.*)?\.svg", path.name):
            path.unlink()


def rendered(template: str, specs: Specs, context: dict[str, Any]) -> str:
    """A template filled in, with styles, scripts and charts inside."""
    assets = {
        "style": _asset("page.css") + _asset("picture.css"),
        "script": _asset("page.js"),
        "list_script": _asset("list.js"),
        "print_script": _asset("print.js"),
        "vega": vega.script() if specs.specs else "",
        "specs": specs.specs,
        "config": specs.config,
    }
    return _templates().get_template(template).render(**assets, **context)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from chainrule.report import difference_tables

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["one_line"] = one_line
    environment.filters["capitalised"] = lambda text: text[:1].upper() + text[1:]
    environment.filters["dedented"] = lambda lines: dedent("\n".join(lines)).split("\n")
    environment.filters["anchor"] = safe_name
    environment.globals["check_tables"] = check_tables
    environment.globals["difference_tables"] = difference_tables
    environment.globals["inference_tables"] = inference_tables
    environment.globals["picture_of"] = picture_of
    environment.globals["file_headline"] = checked_list.headline
    environment.globals["picture_words"] = words
    environment.filters["aligned"] = aligned
    environment.globals["claim_text"] = tables.claim_text
    return environment


def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
