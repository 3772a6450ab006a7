"""Files that train on tables are given what answers as one."""

import numpy as np
import pytest

from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.witnessed.tables import asks_for_table, table


def test_a_table_gives_its_array_and_is_one():
    given = table(np.eye(3))
    assert type(given.values) is type(given.to_numpy(dtype=float)) is np.ndarray
    assert given.iloc[1].tolist() == given.loc[1].tolist() == [0, 1, 0]
    assert given.shape == (3, 3)


@pytest.mark.parametrize(
    ("line", "asks"),
    [("return X.values", True), ("return params.values()", False), ("return X.sum()", False)],
)
def test_inputs_alone_are_tables(line, asks):
    file = definitions(Source((Part("net.py", f"def fit(X, params):\n    {line}\n"),)))
    assert asks_for_table(file) is asks
