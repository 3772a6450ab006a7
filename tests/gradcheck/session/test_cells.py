"""The cells that IPython keeps."""

from types import SimpleNamespace

from chainrule.gradcheck.session.cells import Cell, cells_of


def test_cells_are_read_as_those_of_a_notebook_that_is_a_file():
    history = SimpleNamespace(
        input_hist_raw=["", "x = 1", "%%check_gradient\ny = 2", "%load_ext chainrule", "%%bash\nls"],
        input_hist_parsed=["", "x = 1", "run_cell_magic()", "run_line_magic()", "run_cell_magic()"],
    )
    assert cells_of(SimpleNamespace(history_manager=history)) == [
        Cell("In [1]", "x = 1", "x = 1"),
        Cell("In [2]", "pass  # %%check_gradient\ny = 2", "run_cell_magic()"),
        Cell("In [3]", "pass  # %load_ext chainrule", "run_line_magic()"),
        Cell("In [4]", "", "run_cell_magic()"),
    ]


def test_a_shell_without_a_history_has_no_cells():
    assert cells_of(SimpleNamespace()) == cells_of(None) == []
