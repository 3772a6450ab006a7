"""Shapes that are written in a function."""

import ast

import pytest

from chainrule.gradcheck.program.written_shapes import written_shapes


def shapes(body, of_class=""):
    (node,) = ast.parse(f"def f(x, w, b):\n{body}").body
    return written_shapes(node, of_class)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("x (N, D), w (D, 4H), b (4H,)", {"x": ("N", "D"), "w": ("D", "4H"), "b": ("4H",)}),
        (
            "- x: input data, of shape (N, D)\n    - w: weights of shape (D, M)",
            {"x": ("N", "D"), "w": ("D", "M")},
        ),
        ("x[b, t, i] is summed over", {"x": ("b", "t", "i")}),
        ("y[n, k] = x[n] . w[k], where x (N, P), w (K, P)", {"x": ("N", "P"), "w": ("K", "P")}),
        ("x: what comes in, w (D, M)", {"w": ("D", "M")}),
        ("x (float, optional), b (array)", {}),
        ("位置: (2T-1,)、x: (T, D)", {"x": ("T", "D")}),
    ],
)
def test_descriptions_say_shapes(said, known):
    written = shapes(f'    """{said}"""')
    assert {name: written[name] for name in ("x", "w", "b") if name in written} == known


def test_names_have_letters_of_any_script():
    assert shapes('    "位置: (2T-1,)、x: (T, D)"')["位置"] == ("2T-1",)


def test_what_is_said_of_a_class_counts_less():
    assert shapes('    "x (N, D)"', "x (B, T, D), w (D, D)") == {"x": ("N", "D"), "w": ("D", "D")}


def test_sums_and_unpacked_shapes_say_them_in_the_letters_of_the_description():
    body = '    "x (N, T, D)"\n    N, T, D = x.shape\n    y = np.einsum("ntd,dk->ntk", x, p["w"])\n    _, K = b.shape'
    assert shapes(body) == {"x": ("N", "T", "D"), "w": ("D", "k"), "b": ("b0", "K")}
