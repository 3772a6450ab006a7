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


def test_a_string_inside_may_hold_a_backslash():
    older = for_older(r"""x = f"{'a\n'.join(['b', 'c'])}\t" """)
    assert older == r"""x = f"{str().join(map(chr, [97, 10])).join(['b', 'c'])}\t" """
    values = {}
    exec(older, values)
    assert values["x"] == "ba\nc\t"


@pytest.mark.parametrize(
    "text",
    [
        "f'{a[\"b\"]}'", "'{a['", "x = 1  # f'{a['b']}'", "f'{{a}}'", "b'\\''", "rf'\\{a}'", "f'never ends", "f'{a['b'",
        "'''f'{a['b']}''''", "{'a': f'{b}'}",
    ],
)  # fmt: skip
def test_all_else_stays_as_it_is(text):
    assert for_older(text) == text
