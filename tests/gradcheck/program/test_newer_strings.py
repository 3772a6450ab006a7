"""f-strings of Python 3.12 are read by older versions too."""

import ast

import pytest

from chainrule.gradcheck.program.newer_strings import for_older


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("""f"{a["b"]}\"""", '''f"""{a["b"]}"""'''),
        ("f'{a['b']:.2f} ' + 'c'", "f'''{a['b']:.2f} ''' + 'c'"),
        ("f'{f'{a['b']}'}'", "f\"\"\"{f'''{a['b']}'''}\"\"\""),
        ("f'{\n a}'", "f'''{\n a}'''"),
        ("f'{a:{w['k']}}'", "f'''{a:{w['k']}}'''"),
    ],
)
def test_a_string_that_holds_its_own_quotes_is_written_between_three(newer, older):
    assert for_older(newer) == older
    ast.parse(older)
    assert older.count("\n") == newer.count("\n")


@pytest.mark.parametrize("newer", [r"""f'{"\n".join(x)}-\n'""", r"""f"{'\\'}{r'\d'}\t{x}" """])
def test_an_expression_with_backslashes_is_written_without_them(newer):
    names = {"x": ["a", "b"]}
    exec(f"text = {for_older(newer)}", names)
    assert names["text"] in ("a\nb-\n", "\\\\d\t['a', 'b']")


@pytest.mark.parametrize(
    "text",
    [
        "f'{a[\"b\"]}'", "'{a['", "x = 1  # f'{a['b']}'", "f'{{a}}'", "b'\\''", "rf'\\{a}'", "f'never ends", "f'{a['b'",
        "'''f'{a['b']}''''", "{'a': f'{b}'}",
    ],
)  # fmt: skip
def test_all_else_stays_as_it_is(text):
    assert for_older(text) == text
