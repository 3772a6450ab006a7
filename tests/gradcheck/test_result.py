"""What a check found, as plain data."""

import json

from chainrule.gradcheck.result import Line
from support.outcomes import LINE, RIGHT, WRONG


def test_a_line_in_a_notebook_names_its_cell():
    assert str(Line("net.ipynb", 2, "x", cell=3)) == "net.ipynb, cell 3, line 2"
    assert str(LINE) == "net.py, line 14"
    assert str(Line("", 4, "x")) == "line 4"


def test_a_check_is_plain_data():
    data = json.loads(json.dumps(WRONG.as_dict()))
    assert (data["verdict"], data["fault"], data["right"]) == ("wrong", "gradient", False)
    assert data["ties"] == ["double-batch-mean"]
    assert data["tensors"][0]["worst"][0] == {"index": [2, 3], "analytic": 0.5, "numeric": 0.625}
    assert data["causes"][0]["line"] == {
        "file": "net.py", "number": 14, "text": "    dW1 = G @ X.T + lam * W1", "cell": None,
    }  # fmt: skip
    assert json.loads(json.dumps(RIGHT.as_dict()))["right"] is True
    assert RIGHT.as_dict()["ties"] == []
