"""The shape of the array that an expression makes."""

import ast

import pytest

from chainrule.gradcheck.program.array_shapes import key_of, sources_of


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("data[:, -1]", (None,)),
        ("data[:, -1:]", (None, 1)),
        ("data[:, [3]]", (None, 1)),
        ("data[:, -1][:, None]", (None, 1)),
        ("data[:, 0][:, np.newaxis]", (None, 1)),
        ("frame.iloc[:, -1].values", (None,)),
        ("np.array([0, 1, 1, 0])", (None,)),
        ("np.array([[0, 1, 1, 0]]).T", (None, 1)),
        ("(data[:, 0] > 0).astype(float)", (None,)),
        ("labels.reshape(-1, 1)", (None, 1)),
        ("np.reshape(labels, (1, n))", (1, None)),
        ("labels.ravel()", (None,)),
        ("np.random.randint(0, 2, n)", (None,)),
        ("rng.integers(0, 2, size=(n, 1)) * 2.0", (None, 1)),
        ("np.random.choice([0, 1], n)", (None,)),
        ("labels[:100]", "labels"),
        ("labels[order]", None),
        ("labels - 1", "labels"),
        ("make(labels)", None),
    ],
)
def test_the_shape_that_an_expression_makes(value, shape):
    assert [*sources_of(ast.parse(value, mode="eval").body, "y", ())] == [shape]


def test_what_a_function_gives_and_what_keeps_a_place_free():
    expressions = ("make(3)", "None", "[]", "True", "0.5", "[0.5, 1]")
    values = [ast.parse(text, mode="eval").body for text in expressions]
    assert [[*sources_of(value, "b", ("make",))] for value in values] == [
        ["make()"],
        [],
        [],
        [None],
        [()],
        [None, None],
    ]


def test_what_a_target_is_called():
    targets = ("w", "net.w", "p['w']", "p['w' + str(i)]", "p[f'w{i}']", "p[i]")
    assert [key_of(ast.parse(text, mode="eval").body) for text in targets] == ["w", "w", "w", "w#", "w#", ""]
