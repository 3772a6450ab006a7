"""The source of what a namespace holds."""

from __future__ import annotations

import linecache

from chainrule.gradcheck.session.cells import Cell
from chainrule.gradcheck.session.sources import defined, names_in


def run(cells):
    """The names that cells leave, run as IPython runs them."""
    namespace = {}
    for cell in cells:
        file = f"<{cell.name} of a test>"
        linecache.cache[file] = len(cell.run), None, cell.run.splitlines(keepends=True), file
        exec(compile(cell.run, file, "exec"), namespace)
    return namespace


def cell(number, text):
    return Cell(f"In [{number}]", text, text)


def arguments(read, name):
    (function,) = (f for f in read.definitions.functions if f.name == name)
    return [argument.name for argument in function.arguments]


def test_the_definition_that_is_alive_counts_whichever_cell_was_run_last():
    first, second, failed = cell(1, "def f(a): ..."), cell(2, "def f(b): ..."), cell(3, "def f(c): ...")
    assert arguments(defined(run([first, second]), [first, second]), "f") == ["b"]
    assert arguments(defined(run([first]), [first, failed]), "f") == ["a"]


def test_what_is_no_longer_there_is_not_defined():
    cells = [cell(1, "def f(a): ...\nclass Net:\n    def cost(self, x): ...\n"), cell(2, "def g(b): ...")]
    namespace = run(cells)
    del namespace["g"]
    read = defined(namespace, cells)
    assert [f.shown for f in read.definitions.functions] == ["f", "Net.cost"]
    assert read.cells == {"<In [1] of a test>": "In [1]"}


def test_files_that_functions_were_imported_from_are_read_too():
    beside = run([cell(9, "def cost(a): ...\ndef other(b): ...")])
    here = cell(1, "import numpy as np\ndef gradient(c): ...")
    read = defined(run([here]) | {"cost": beside["cost"]}, [here])
    assert [f.name for f in read.definitions.functions] == ["cost", "gradient"]
    assert read.definitions.numpy == "np"


def test_the_names_of_a_text():
    assert names_in("pass  # %%check_gradient\ndef f(): ...\nclass Net: ...\nx = 1") == {"f", "Net"}
