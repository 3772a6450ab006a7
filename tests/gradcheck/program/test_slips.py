"""The small changes of a statement: each undoes a usual slip."""

import ast

import pytest

from chainrule.gradcheck.program.patches import changes

SLIPS = [
    ("e = (y - p) / n", "e = (p - y) / n", "sign"),
    ("G = (p - y) * p * (1 - p) / n", "G = (p - y) / n", "factor"),
    ("G = -(P - Y)", "G = P - Y", "sign"),
    ("W -= rate * g", "W += rate * g", "sign"),
    ("d = G @ W", "d = G @ W.T", "transpose"),
    ("d = G @ self.W.T", "d = G @ self.W", "transpose"),
    ("m = g.mean(axis=1)", "m = g.mean(axis=0)", "axis"),
    ("m = g.sum(axis=(0, 2, 3))", "m = g.sum(axis=(2, 3))", "axis"),
    ("m = g.sum(axis=(2, 3))", "m = g.sum(axis=(0, 2, 3))", "axis"),
    ("s = g.sum(axis=0); t = x.sum(axis=0)", "s = g.sum(axis=1); t = x.sum(axis=1)", "axis"),
    ("b = G.sum()", "b = G.sum(axis=0)", "axis"),
    ("b = G.sum(axis=-2)", "b = G.sum(axis=-1)", "axis"),
    ("b = G.sum(axis=-2)", "b = G.sum(axis=2)", "axis"),
    ("b = G.sum(axis=z)", "b = G.sum(axis=x)", "axis"),
    (
        "a = G.sum(axis=(0, 2, 3)); b = H.sum(axis=0)",
        "a = G.sum(axis=(0, 2, 3)); b = H.sum(axis=(0, 2, 3))",
        "axis",
    ),
    ("b = np.mean(G, axis=0)", "b = np.sum(G, axis=0)", "sum or mean"),
    ("g = G * (h < 0)", "g = G * (h > 0)", "comparison"),
    ("g = G * (h >= 0)", "g = G * (h > 0)", "comparison"),
    ("g[h > 0] = 0", "g[h <= 0] = 0", "comparison"),
    ("d = dA[:, t]", "d = dA[:, t + 1]", "index"),
    ("d = e[:-1]", "d = e[1:]", "slice"),
    ("d = e[:, k:]", "d = e[:, :k]", "slice"),
    ("d = e[z - x - 1 - a]", "d = e[a]", "slice"),
    ("q, r = divmod(x, z); d = a[r, q]", "r, q = divmod(x, z); d = a[r, q]", "slice"),
    ("i, f = x; d = i * 2 - f", "f, i = x; d = i * 2 - f", "exchange"),
    ("a = [d for s, d in zip(a, x)]", "a = [s + d for s, d in zip(a, x)]", "accumulation"),
    ("m = 10", "m = x.shape[1]", "number"),
    ("g = z * (z > 0)", "g = z * (x > 0)", "comparison"),
    ("db[k] = e[k]", "db[k] += e[k]", "accumulation"),
    ("dW[k] += d", "np.add.at(dW, k, d)", "every index"),
    ("dW[:, k] -= d", "np.subtract.at(dW, (slice(None, None, None), k), d)", "every index"),
    ("dx += d", "dx = d", "assignment"),
    ("dT += lam * T", "dT[:, 1:] += lam * T[:, 1:]", "part"),
    ("dW = x.T @ G", "dW = G @ x.T", "order of factors"),
    ("dW = np.dot(a, b)", "dW = np.dot(b, a)", "order of factors"),
    ("d = h ** 3", "d = h ** 2", "power"),
    ("d = a[l]", "d = a[l - 1]", "index"),
    ("d = a[l + 1]", "d = a[l + 0]", "index"),
    ("d = a[l + 1]", "d = a[l]", "index"),
    ("d = s(a) * (1 - s(a))", "d = a * (1 - a)", "call"),
    ("d = x.transpose(1, 0)", "d = x", "transpose"),
    ("d = x.swapaxes(1, 2)", "d = x.swapaxes(1, 1)", "transpose"),
    ("d = x.copy()", "d = x", "call"),
    ("d = np.maximum(x, 0) * z", "d = x * z", "call"),
    ("d = np.maximum(x, 0).T @ z", "d = x.T @ z", "name"),
    ("d *= z", "d /= z", "factor"),
    ("d = x", "d = x * x", "power"),
    ("d = x * z", "d = a - x * z", "another term"),
    ("d = x - z - a", "d = x - z", "term"),
    ("d = x - z - a", "d = a", "term"),
    ("d = x * z", "d = x", "factor"),
    ("d = x * z", "d = x / z", "factor"),
    ("d = x", "d = x + z", "another term"),
    ("d = x; self.h = a", "d = self.h; self.h = a", "name"),
    ("d = self.h", "d = x", "name"),
    ("d = z * (1 - z); a = d", "d = a * (1 - a); a = d", "name"),
    ("d = c['z'] + c['a']", "d = c['a'] + c['a']", "name"),
    ("d = self.z + self.a", "d = self.a + self.a", "name"),
    ("g = h / n; d = x", "g = h / n; d = x / n", "scale"),
    ("d = x * z", "d = -(x * z)", "minus"),
    ("d = np.sum(x)", "d = np.sum(x, axis=1, keepdims=True)", "axis"),
    ("d = x - x.sum(axis=1)", "d = x - x.sum(axis=1, keepdims=True)", "axis"),
    ("d = e * (1 - x)", "d = e * (1 - x) * x", "scale"),
    ("a = 1; b = 2", "b = 2; a = 1", "order of statements"),
    ("return dW, db", "return (db, dW)", "order of statements"),
    ("a = 1; b = 2", "pass; b = 2", "statement"),
    ("for i in x:\n  a = i\nb = 1", "for i in x:\n  a = i\n  b = 1", "order of statements"),
    ("for i in x:\n  a = i\n  b = 1", "for i in x:\n  a = i\nb = 1", "order of statements"),
    ("d = np.maximum(0, x @ z)", "d = x @ z", "call"),
    ("d = np.log10(x)", "d = np.log(x)", "call"),
    ("d = np.cumsum(z)", "d = np.cumsum(z[::-1])[::-1]", "call"),
    ("d = np.cumsum(z, axis=1)", "d = np.cumsum(z[:, ::-1], axis=1)[:, ::-1]", "call"),
    ("d = np.cos(o.data); a = x.data", "d = np.cos(x.data); a = x.data", "name"),
]


def all_changes(text):
    """Kind and text of every change of a function of these statements."""
    body = "\n".join(f"  {line}" for line in text.split("\n"))
    (function,) = ast.parse(f"def f(x, z, a, self):\n{body}").body
    before = ast.dump(function)
    made = []
    for change in changes(function, function, lambda statement: True):
        undo = change.make()
        made.append((change.kind, ast.dump(ast.parse(ast.unparse(function.body)))))
        undo()
        assert ast.dump(function) == before
    return made


@pytest.mark.parametrize(("wrong", "right", "kind"), SLIPS)
def test_a_slip_is_undone_by_one_of_the_changes(wrong, right, kind):
    assert (kind, ast.dump(ast.parse(right))) in all_changes(wrong)


def test_constants_of_the_file_are_slopes_factors_and_other_numbers():
    (function,) = ast.parse("def f(x, z):\n  return 0.5 * x * (z > 0)").body
    every = changes(function, function, lambda _: True, ast.parse("BETA = 3\ndef g(z): return 0.01 * z").body)
    made = [(change.kind, ast.unparse(change.puts[0][1])) for change in every]
    assert ("comparison", "np.where(z > 0, 1, 0.01)") in made
    assert ("number", "BETA") in made
    assert ("scale", "0.5 * x * (z > 0) * BETA") in made


@pytest.mark.parametrize("text", ["while x:\n  x = x - 1\n  y = 2", "pass"])
def test_what_might_never_end_is_left_alone(text):
    assert all_changes(text) == []


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("return x * (z + x * z)", "return x * (z + x * z * beta)"),
        ("rows, columns = x, z", "rows, columns = (x * beta, z * beta)"),
    ],
)
def test_every_part_of_a_formula_gets_factors_where_that_is_asked_for(line, meant):
    (function,) = ast.parse(f"def f(x, z, beta):\n  {line}").body

    def made(*, thorough):
        every = changes(function, function, lambda statement: True, thorough=thorough)
        for change in every:
            undo = change.make()
            yield ast.unparse(function.body[0])
            undo()

    assert meant in made(thorough=True)
    assert meant not in made(thorough=False)


def test_no_change_writes_into_what_is_not_the_functions_own():
    made = all_changes("d = {}; d[x] = KEPT[z]; e = {}")
    written = {text for kind, text in made if kind == "name"}
    assert ast.dump(ast.parse("d = {}; e[x] = KEPT[z]; e = {}")) in written
    assert ast.dump(ast.parse("d = {}; KEPT[x] = KEPT[z]; e = {}")) not in written


def test_no_array_of_an_object_stands_where_the_object_does():
    made = all_changes("d = np.cos(o.data); a = self.data")
    texts = {text for _, text in made}
    assert ast.dump(ast.parse("d = np.cos(self.data); a = self.data")) in texts
    assert ast.dump(ast.parse("d = np.cos(self.data.data); a = self.data")) not in texts


def test_only_statements_that_are_run_are_changed():
    (function,) = ast.parse("def f(x):\n  if x:\n    a = x + 1\n  b = x + 2").body
    lines = {change.statement.lineno for change in changes(function, function, lambda each: each.lineno == 4)}
    assert lines == {4}


def test_an_index_gets_no_factor_as_one_may_be_right_for_a_single_size():
    (function,) = ast.parse("def f(W, k, t):\n  return 3 * W[k - 1 - t]").body
    texts = set()
    for change in changes(function, function, lambda statement: True, thorough=True):
        undo = change.make()
        texts |= {ast.unparse(each) for each in change.shown}
        undo()
    assert "return 3 * W[t]" in texts
    assert not any("W[(k - 1) *" in text or "W[k - 1 - t * " in text for text in texts)
