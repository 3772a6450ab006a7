"""Tables as LaTeX that parses and, where there is a TeX, compiles; as Markdown without markup of anybody's."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from pylatexenc.latexwalker import LatexEnvironmentNode, LatexWalker

from chainrule.report.compare import compare
from chainrule.report.figures import TABLE_FORMATS, write_comparison, write_tables
from chainrule.report.run import open_run
from chainrule.report.table import TextTable, aligned, latex, markdown
from chainrule.text import escaped_latex
from support.runs import example_run

NASTY = TextTable(
    r"caption \ & % $ # _ { } ~ ^ | < >", [["a & b", "c"], ["", "d_e"]],
    [["[x]", "-1"], ["λ ± 2 − 3", r"\input{secret}"]], notes=["100% _sure_"],
)  # fmt: skip


def environments(text: str) -> list[str]:
    """Names of all environments, of a text that parses."""
    nodes, *_ = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
    found = []
    while nodes:
        node = nodes.pop()
        if isinstance(node, LatexEnvironmentNode):
            found.append(node.environmentname)
            nodes += node.nodelist
    return found


def test_nasty_text_is_text():
    text = latex(NASTY)
    assert environments(text) == ["table", "tabular"]
    assert r"\input" not in text
    assert r"{}[x] & -1 \\" in text
    assert text.count("\\toprule") == text.count("\\midrule") == text.count("\\bottomrule") == 1
    assert escaped_latex("50%") == r"50\%"


def test_markdown_has_a_line_a_row():
    lines = markdown(NASTY).splitlines()
    assert lines[:2] == ["| a & b | c d\\_e |".replace("&", "&amp;"), "| --- | --- |"]
    assert lines[2] == "| \\[x\\] | -1 |"
    assert lines[-1] == "- 100% \\_sure\\_"


def test_every_table_of_a_run_and_a_comparison_parses(tmp_path):
    run = open_run(example_run(tmp_path / "a"))
    paths = write_tables(run, tmp_path / "tables", TABLE_FORMATS)
    assert sorted(path.name for path in paths) == [
        f"{n}.{s}" for n in ("deep", "linear") for s in ("csv", "md", "tex")
    ]
    paths += write_comparison(compare([run, run]), tmp_path / "tables", ("latex",))
    for path in paths:
        if path.suffix == ".tex":
            assert set(environments(path.read_text())) == {"table", "tabular"}
    assert "rate 0.01, \\textless{}b\\textgreater{}" in (tmp_path / "tables" / "linear.tex").read_text()
    assert "0.30123" in (tmp_path / "tables" / "linear.csv").read_text()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no TeX")
def test_tables_compile(tmp_path):
    run = open_run(example_run(tmp_path / "a"))
    write_tables(run, tmp_path, ("latex",))
    write_comparison(compare([run, run]), tmp_path, ("latex",))
    names = ("linear", "deep", "comparison")
    body = "\n".join([latex(NASTY), *(f"\\input{{{name}}}" for name in names)])
    (tmp_path / "all.tex").write_text(
        "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\n\\usepackage{booktabs}\n"
        f"\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_points_of_a_column_of_numbers_stand_below_each_other():
    body = [["a", "0.1234", "[0.1, 0.2]"], ["b", "0.5", "-"], ["c", "2", "-"]]
    table = TextTable("t", [["x", "y", "z"]], body)
    shown = [line[1] for line in aligned(table)]
    assert shown == ["0.1234", "0.5" + 3 * "\u2007", "2\u2008" + 4 * "\u2007"]
    assert [line[2] for line in aligned(table)] == ["[0.1, 0.2]", "-", "-"]
    assert aligned(TextTable("t", [["x"]], [])) == []
