"""What may be meant in a function."""

import ast

from chainrule.gradcheck.program.scope import counters, divisors_in, known_in

FUNCTION = ast.parse("""\
def f(self, x, net):
    N = len(x)
    for i, row in enumerate(x):
        h = net["W"] @ row / N
    return np.exp(self.scale * h).sum(axis=1)
""").body[0]


def test_names_are_told_from_what_is_called_what_counts_and_what_is_a_size():
    known = known_in(FUNCTION, FUNCTION)
    assert {"x", "net", "h", "row"} <= {*known.names}
    assert "self" not in known.names
    assert {"len", "enumerate"} <= {*known.functions}
    assert known.counters == counters(FUNCTION) == {"i"}
    assert known.sizes == {"N"}
    assert known.keys == ("W",)
    assert known.attributes["self"] == ("scale",)
    assert [ast.unparse(axis) for axis in known.axes] == ["1"]
    assert [*divisors_in(FUNCTION)] == ["N"]


def test_what_a_file_calls_a_number_and_the_fractions_in_it_are_constants():
    text = "BETA = 1.5\nFAST = True\nW = np.eye(3)\ndef f(z):\n    return np.where(z > 0, z, 0.01 * z) / (2.5 + 1e-8)"
    module = ast.parse(text).body
    assert [*map(ast.unparse, known_in(module[-1], module[-1], module).constants)] == ["BETA", "0.01"]
