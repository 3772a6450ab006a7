"""What the top level of a file defines."""

import pytest

from chainrule.gradcheck.program.definitions import Imported, definitions
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.source import Part, Source


def defined(*texts):
    return definitions(
        Source(tuple(Part(f"net.py, cell {i}", text) for i, text in enumerate(texts, start=1)))
    )


def function(text):
    (only,) = defined(text).functions
    return only


def test_methods_go_without_self_and_static_ones_keep_all():
    text = "class Net:\n    def cost(self, X): ...\n    @staticmethod\n    def relu(x): ...\n"
    cost, relu = defined(text).functions
    assert (cost.name, cost.owner, cost.arguments) == ("cost", "Net", (Argument("X"),))
    assert relu.arguments == (Argument("x"),)


def test_a_class_has_the_constructor_that_it_defines_or_one_without_arguments():
    file = defined("class Net:\n    def __init__(self, d, K=3): ...\n\nclass Plain:\n    pass\n")
    assert file.constructors["Net"].arguments == (Argument("d"), Argument("K", False, False, "3"))
    assert file.constructors["Plain"] == Function("__init__", (), "Plain")


@pytest.mark.parametrize(
    "head", ["@dataclass\nclass Net:", "@d.dataclass(slots=True)\nclass Net:", "class Net(NamedTuple):"]
)
def test_a_record_is_made_of_its_fields(head):
    file = defined(f"{head}\n    W: list\n    flag: bool = False\n")
    assert file.constructors["Net"].arguments == (Argument("W"), Argument("flag", False, False, "False"))


def test_a_lambda_with_a_name_is_a_function():
    assert function("cost = lambda X, W=1: X * W + b").arguments == (
        Argument("X"),
        Argument("W", False, False, "1"),
    )
    assert function("cost = lambda X, W=1: X * W + b").uses == ("b",)


def test_functions_of_a_function_that_does_everything_are_functions_of_the_file():
    text = "def main():\n    def cost(W): ...\nif __name__ == '__main__':\n    main()"
    assert {f.name for f in defined(text).functions} == {"main", "cost"}
    assert {f.name for f in defined(text.replace("    main()", "    pass")).functions} == {"main"}


def test_whole_numbers_and_assigned_names_are_known():
    file = defined("K, d = 10, 32 * 32 * 3\nW = load()\ndef cost(W):\n    return np.zeros((50, K))")
    assert file.constants == {"K": 10, "d": 3072}
    assert file.bound == {"K", "d", "W"}
    assert file.functions[0].numbers == {50}


@pytest.mark.parametrize(
    ("name", "known"), [("np", True), ("cost", True), ("Net", True), ("len", True), ("W", False)]
)
def test_which_names_mean_the_same_everywhere(name, known):
    assert defined("import numpy as np\ndef cost(): ...\nclass Net: ...\nW = 1").knows(name) is known


def test_of_two_functions_of_one_name_the_later_is_meant():
    file = defined("def f(a): ...", "def g(): ...\ndef f(b): ...")
    assert {f.name: f.arguments for f in file.functions} == {"g": (), "f": (Argument("b"),)}


@pytest.mark.parametrize(
    ("text", "numpy"),
    [
        ("import numpy as np", "np"), ("import numpy", "numpy"), ("import os, numpy as n", "n"), ("import os", ""),
        ("from numpy import *", ""), ("import numpy as np\nimport os", "np"), ("def f():\n    import numpy", ""),
    ],
)  # fmt: skip
def test_what_numpy_is_called_is_known(text, numpy):
    assert defined(text).numpy == numpy


@pytest.mark.parametrize("broken", ["def f(:", "x = '\0'", "(" * 10_000])
def test_a_cell_that_cannot_be_read_is_passed_over(broken):
    assert [f.name for f in defined("def f(): ...", broken, "def g(): ...").functions] == ["f", "g"]


def test_what_stands_inside_of_something_else_is_not_at_the_top():
    assert [f.name for f in defined("def f():\n    def g(): ...\nif True:\n    def h(): ...").functions] == [
        "f"
    ]


def test_methods_that_others_call_are_reached_and_those_of_a_base_class_too():
    file = defined(
        "class Base:\n    def scores(self, X): return self.W @ X\n"
        "class Net(Base):\n    def cost(self, X): return self.scores(X)\n    def other(self): ...\n"
    )
    cost = file.named("cost", "Net")
    assert [method.name for method in file.reached([cost])] == ["cost", "scores"]
    assert file.bases["Net"] == ("Base",)


def test_what_a_name_is_compared_with_are_its_options():
    file = defined(
        "def f(kind, self):\n    if kind == 'relu' or self.loss in ('ce', 'mse') or kind == 3: ...\n"
    )
    assert file.options == {"kind": ("'relu'",), "loss": ("'ce'", "'mse'")}


def test_what_is_imported_comes_after_the_files_own_and_is_marked():
    other = Imported(Source((Part("other.py", "def cost(): ...\ndef hidden(): ..."),)), frozenset(["cost"]))
    file = definitions(Source((Part("net.py", "def gradient(): ..."),)), [other])
    assert [(f.name, f.imported) for f in file.functions] == [("gradient", False), ("cost", True)]
    assert not definitions(Source((Part("net.py", "def cost(): ..."),)), [other]).functions[0].imported


BASE = """
class Base:
    def cost(self, X, y): return self.loss(self.scores(X), y)
    def scores(self, X): return self.W @ X
    def report(self): return self.name
    {0}
    def loss(self, S, y): {1}
class Svm(Base):
    def loss(self, S, y): return S
class Plain(Base):
    def other(self): return 1
"""


def test_methods_that_come_to_something_else_in_a_derived_class_are_its_own_too():
    shown = [f.shown for f in defined(BASE.format("pass", "return 0")).functions]
    assert {"Base.cost", "Svm.cost", "Svm.loss", "Base.scores", "Plain.other"} <= {*shown}
    assert not {"Svm.scores", "Svm.report", "Plain.cost"} & {*shown}


@pytest.mark.parametrize(
    ("mark", "body"), [("@abstractmethod", "..."), ("pass", "raise NotImplementedError")]
)
def test_methods_that_come_to_what_is_left_open_are_those_of_derived_classes_alone(mark, body):
    shown = [f.shown for f in defined(BASE.format(mark, body)).functions]
    assert {"Svm.cost", "Svm.loss", "Base.scores", "Base.report"} <= {*shown}
    assert not {"Base.cost", "Base.loss", "Plain.cost"} & {*shown}


NET = "class Net:\n    def __init__(self): self.n = 0\n    def add(self, n_units): ...\n    def cost(self, P): ..."
USER = "from net import Net\ndef main():\n    net = Net()\n    net.add(4)\n    net.cost(1)"


def test_the_calls_of_files_that_use_a_file_are_read():
    def with_user(text):
        return definitions(Source((Part("net.py", NET),)), users=[Source((Part("main.py", text),))])

    file = with_user(USER)
    assert [building.calls for building in file.built] == [("add(4)",)]
    assert file.handed["cost", "P"][0].constant == "1"
    assert "main" not in [f.name for f in file.functions]
    assert with_user(USER.replace("from net import Net", "class Net: ...")).built == ()
    assert not with_user(f"def cost(P): ...\n{USER}").handed.get(("cost", "P"))


@pytest.mark.parametrize("call", ["super().__init__()", "Base.__init__(self)"])
def test_a_constructor_leaves_what_the_bases_whose_constructors_it_calls_leave(call):
    base = "class Base:\n    rate = 1\n    def __init__(self):\n        self.on, self.off = True, False"
    own = f"class Own(Base):\n    def __init__(self):\n        {call}\n        self.off = 2"
    assert dict(defined(base, own).constructors["Own"].attributes.constants) == {
        "rate": "1",
        "on": "True",
        "off": "2",
    }
    without = own.replace(call, "pass")
    assert dict(defined(base, without).constructors["Own"].attributes.constants) == {"off": "2"}
