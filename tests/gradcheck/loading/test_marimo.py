"""Notebooks of marimo."""

from chainrule.gradcheck.loading.marimo import as_script
from chainrule.gradcheck.program.source import Part, Source

NOTEBOOK = '''import marimo

app = marimo.App()

with app.setup:
    import numpy as np


@app.cell
def _():
    # a remark
    lam = 0.1
    return (lam,)


@app.cell(hide_code=True)
def _(
    lam,
    np,
):
    def cost(W, X, Y):
        """Says
        something."""
        return np.sum((W @ X - Y) ** 2) + lam * np.sum(W**2)
    return (cost,)


@app.function
def gradient(W, X, Y):
    return 2 * (W @ X - Y) @ X.T


if __name__ == "__main__":
    app.run()
'''


def of(text: str) -> str:
    return as_script(Source((Part("net.py", text),))).parts[0].text


def test_what_stands_in_cells_stands_on_the_top_level_on_its_lines():
    lines = of(NOTEBOOK).split("\n")
    before = NOTEBOOK.split("\n")
    assert len(lines) == len(before)
    for line in ("import numpy as np", "lam = 0.1", "def cost(W, X, Y):", "def gradient(W, X, Y):"):
        assert [each.strip() for each in before].index(line) == lines.index(line)
    names: dict[str, object] = {}
    exec(of(NOTEBOOK).partition("import marimo\n\napp = marimo.App()")[2], {"__name__": "net"}, names)
    assert {"np", "lam", "cost", "gradient"} <= names.keys()
    assert not any(line.startswith(("@app", "return")) for line in lines)


def test_what_is_no_such_notebook_is_left_as_it_is():
    others = (
        NOTEBOOK.replace("marimo.App()", "flask()"),
        "import marimo as mo\nmo.md('a')\n",
        "import marimo\n(",
    )
    assert [*map(of, others)] == [*others]


def test_a_definition_keeps_what_else_decorates_it():
    lines = of(NOTEBOOK.replace("@app.function\n", "@app.function(\n)\n@halved\n")).split("\n")
    assert lines[lines.index("def gradient(W, X, Y):") - 3 :][:3] == ["", "", "@halved"]


def test_names_that_cells_have_for_themselves_are_not_those_of_others():
    text = NOTEBOOK.replace("lam = 0.1", "_a = lam = 0.1").replace(
        "    def cost", "    _a = 3\n\n    def cost"
    )
    assert "_cell_2_a = lam = 0.1" in of(text)
    assert "_cell_3_a = 3" in of(text)
