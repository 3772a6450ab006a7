"""Text from elsewhere stays on its line and has no meaning where it is shown."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pylatexenc.latexwalker import LatexCharsNode, LatexGroupNode, LatexMacroNode, LatexMathNode, LatexWalker

from chainrule import text
from support.texts import ANYTHING


@given(ANYTHING)
def test_one_line_is_one_line_of_what_prints(given_text):
    shown = text.one_line(given_text)
    assert shown.isprintable()
    assert shown == text.one_line(shown)


@given(ANYTHING, st.integers(0, 20))
def test_what_is_too_long_is_cut_and_says_so(given_text, longest):
    shown = text.one_line(given_text, longest)
    assert len(shown) <= longest + len("...")
    assert shown.endswith("...") or shown == text.one_line(given_text)


@given(st.text() | st.binary())
def test_an_excerpt_is_short_and_plain(given_text):
    shown = text.excerpt(given_text)
    assert all(c.isascii() or c.isalpha() for c in shown)
    assert isinstance(given_text, str) or shown.isascii()
    assert shown.isprintable()
    assert len(shown) <= text.LONGEST_EXCERPT + 3


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

MACROS = {
    "textbackslash", "textasciitilde", "textasciicircum", "textbar", "textless", "textgreater", *"&%$#_{}",
}  # fmt: skip


def inline(given_text: str) -> list[list[Token]]:
    """The tokens of every piece of a document that holds text."""
    return [token.children or [] for token in MARKDOWN.parse(given_text) if token.type == "inline"]


def words(tokens: list[Token]) -> str:
    assert {token.type for token in tokens} <= {"text", "text_special"}
    return "".join(token.content for token in tokens)


@given(ANYTHING)
def test_a_cell_of_markdown_shows_the_text(given_text):
    document = f"| a | b |\n| --- | --- |\n| {text.escaped_markdown(given_text)} | x |\n"
    cells = inline(document)
    assert len(cells) == 4
    assert words(cells[2]) == text.one_line(given_text).strip()


@given(ANYTHING)
def test_a_heading_of_markdown_shows_the_text(given_text):
    kinds = [token.type for token in MARKDOWN.parse(f"# {text.escaped_markdown(given_text)}")]
    assert kinds == ["heading_open", "inline", "heading_close"]
    assert words(inline(f"# {text.escaped_markdown(given_text)}")[0]) == text.one_line(given_text).strip()


@pytest.mark.parametrize("mark", ["", "- ", "before\n\n"])
@given(given_text=ANYTHING)
def test_a_paragraph_of_markdown_shows_the_text(mark, given_text):
    document = f"{mark}{text.markdown_paragraph(given_text)}\n"
    told = inline(document)[len(inline(mark)) if mark != "- " else 0 :]
    assert [words(tokens) for tokens in told] == [
        line for line in [text.one_line(given_text).strip()] if line
    ]
    kinds = {token.type for token in MARKDOWN.parse(document)}
    assert kinds <= {"paragraph_open", "paragraph_close", "inline"} | (
        {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
        if mark == "- "
        else set()
    )


@given(ANYTHING.filter(str.strip))
def test_code_of_markdown_shows_the_text(given_text):
    (tokens,) = inline(f"Made by {text.markdown_code(given_text)}.")
    code = [token for token in tokens if token.type == "code_inline"]
    assert [token.content.strip() for token in code] == [text.one_line(given_text).strip()]


def latex_nodes(given_text: str) -> list[object]:
    nodes, *_ = LatexWalker(given_text, tolerant_parsing=False).get_latex_nodes()
    return nodes


@given(ANYTHING)
def test_latex_has_no_macro_that_was_not_put_there(given_text):
    escaped = text.escaped_latex(given_text)
    assert "\n" not in escaped
    for node in latex_nodes(escaped):
        assert isinstance(node, LatexCharsNode | LatexMacroNode | LatexMathNode | LatexGroupNode)
        if isinstance(node, LatexMacroNode):
            assert node.macroname in MACROS
        if isinstance(node, LatexGroupNode):
            assert node.nodelist == []
        if isinstance(node, LatexMathNode):
            assert node.latex_verbatim() in {r"$\pm$", r"$\lambda$", "$-$"}


NAMED = {
    "backslash": "\\", "asciitilde": "~", "asciicircum": "^", "bar": "|", "less": "<", "greater": ">",
}  # fmt: skip


@given(st.text(st.sampled_from("\\~^|<>&%$#_{}ab 1")))
def test_latex_shows_the_text(given_text):
    told = re.sub(
        r"\\text(\w+)\{\}|\\([&%$#_{}])",
        lambda m: NAMED[m[1]] if m[1] else m[2],
        text.escaped_latex(given_text),
    )
    assert told == given_text


class Told(HTMLParser):
    """What an HTML text says, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.data = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.data += data


@given(ANYTHING)
def test_html_shows_the_text_in_elements_and_attributes(given_text):
    told = Told()
    told.feed(f'<p title="{text.escaped_html(given_text)}">{text.escaped_html(given_text)}</p>')
    told.close()
    assert told.tags == [("p", [("title", text.one_line(given_text))])]
    assert told.data == text.one_line(given_text)


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "-cmd|' /C calc'!A0", "\t=1", " =1", "-", "-inf", "\r1"]
)
def test_no_cell_is_a_formula(formula):
    assert text.csv_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("harmless", ["a=b", -1, -1.5, None, "", "-0.5", "-1e-05;;0.25", "+3", "[-1, 2]"])
def test_other_cells_stay(harmless):
    assert text.csv_cell(harmless) is harmless


def lines_of(given_text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(given_text, newline="")))


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(ANYTHING, min_size=n, max_size=n), min_size=1)))
def test_what_goes_into_cells_comes_out_of_them(table):
    columns, *lines = table
    told = lines_of(text.csv_table(columns, lines))
    assert [[cell.removeprefix("'") for cell in line] for line in told] == [
        [cell.removeprefix("'") for cell in line] for line in table
    ]


@given(ANYTHING)
def test_no_text_is_a_formula(given_text):
    cell = str(text.csv_cell(given_text))
    assert not cell.startswith(("=", "@", "\t", "\r", "\n"))
    if cell.startswith(("+", "-")):
        assert all(float(number) < np.inf for number in cell.split(";") if number)


def test_numbers_have_full_precision_and_none_is_empty():
    assert (
        text.csv_table(["=a", "b"], [[0.1 + 0.2, None], [-1, "x,y"]])
        == '\'=a,b\n0.30000000000000004,\n-1,"x,y"\n'
    )


def test_a_line_of_another_length_is_no_line():
    with pytest.raises(ValueError, match="not one cell for each of 2 columns"):
        text.csv_table(["a", "b"], [[1]])


def test_prose_keeps_its_code():
    assert text.escaped_prose("a_b and `c_d`, *e*") == r"a\_b and `c_d`, \*e\*"


def test_json_values_are_json():
    values = {"a": [np.float32(0.5), math.nan, np.int64(3)], "b": (True, None, "x"), "c": math.inf}
    plain = text.json_values(values)
    assert plain == {"a": [0.5, None, 3], "b": [True, None, "x"], "c": None}
    json.dumps(plain, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"start": 0.02, "decay_per_epoch": 0.9}, "start = 0.02, decay_per_epoch = 0.9"),
        ([{"normal": 0.1}, "he"], "[{ normal = 0.1 }, he]"),
        (True, "true"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_setting_is_written_nearly_as_toml(value, shown):
    assert text.as_toml(value) == shown


def test_settings_are_told_nearly_as_toml_writes_them():
    assert text.as_toml({"start": 0.1, "kind": "a", "left": None}) == "start = 0.1, kind = a"
    nested = {"rate": [{"start": 1, "decay": 0.9}, 2], "on": True}
    assert text.as_toml(nested) == "rate = [{ start = 1, decay = 0.9 }, 2], on = true"
