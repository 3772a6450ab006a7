"""Names get their values when something looks them up, and what fails ends nothing but what asked."""

from __future__ import annotations

import sys
import threading

import pytest

from chainrule.gradcheck.loading.missing import StandIn, missing_module
from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.program.source import Part, Source


def module(*texts, name="net.py"):
    parts = [Part(name if len(texts) == 1 else f"net.ipynb, cell {i}", t) for i, t in enumerate(texts, 1)]
    names = Namespace(top_level(Source(tuple(parts))), {"__name__": "net", "ran": []})
    names.run()
    return names


def test_what_nothing_needs_is_not_run():
    names = module("ran.append('train')\nW = ran.append('draw') or 3\ndef f():\n    return W\n")
    assert names["ran"] == []
    assert names["f"]() == 3
    assert names["f"]() == 3
    assert names["ran"] == ["draw"]
    assert names.notes() == ["not run, as nothing that is checked needs it: net.py, line 1"]


def test_a_statement_asks_for_what_it_needs_in_turn():
    names = module("a = len('abc')\nb = a * int('2')\nc = max(b, 1)\ndef f(): return c")
    assert names["f"]() == 6


def test_what_fails_ends_only_what_asks_for_it():
    names = module(
        "X = open('nowhere').read()\nN = len(X)\nimport sys\nsys.exit()\ndef f(): return N\ndef g(): return 3"
    )
    assert names["g"]() == 3
    with pytest.raises(
        NameError, match=r"'N' is not defined: net.py, line 2 could not run: NameError: .*line 1 could"
    ):
        names["f"]()


def test_the_rest_runs_as_a_script_does_and_goes_on_behind_what_fails():
    names = module("ran.append('draw')\nX = open('nowhere').read()\nran.append('train')")
    names.run_rest()
    names.run_rest()
    assert names["ran"] == ["draw", "train"] * 2
    assert names.notes() == ["not run, as nothing that is checked needs it: net.py, lines 1-3"]
    (told,) = names.failed_while_watched()
    assert told.startswith("run to see what it calls: net.py, line 2 could not run: FileNotFoundError")
    names.need_rest()
    assert names.notes() == []


def test_the_first_way_that_works_gives_the_value():
    names = module(
        "try:\n    W = load()\nexcept OSError:\n    W = 1\nW = load()\nW = float('2')\nW = float('3')"
    )
    assert names["W"] == 2


@pytest.mark.parametrize("fill", ["W.append(i)", "W += [i]", "W[len(W):] = [i]"])
def test_what_begins_empty_is_filled(fill):
    assert module(f"W = []\nfor i in range(3):\n    {fill}")["W"] == [0, 1, 2]


def test_of_definitions_and_constants_the_last_counts():
    names = module("a = 1\ndef f(): return 1", "a = 2\ndef f(): return 2")
    assert (names["a"], names["f"]()) == (2, 2)


def test_a_wrapped_function_is_the_one_above():
    assert module("def f(): return 1\nbefore = f\ndef f(): return before() + 1")["f"]() == 2


def test_the_main_programs_names_are_found_last():
    assert module("if __name__ == '__main__':\n    lam = float('1')\ndef f(): return lam")["f"]() == 1


def test_a_function_that_sets_names_of_the_module_is_called_for_them():
    assert module("def init():\n    global W\n    W = 3\ninit()\ndef f(): return W")["f"]() == 3


def test_the_body_of_a_class_finds_names_that_wait():
    assert module("W = float('3')\nclass Net:\n    W = W\n    def f(self): return self.W")["Net"]().f() == 3
    assert (
        module("import math as m\nclass Net:\n    def f(self, x: m.pi = m.e) -> m.pi: return 3")["Net"]().f()
        == 3
    )


def test_builtins_are_not_hidden_by_what_waits():
    assert module("for sum in range(3): pass\ndef f(): return sum([1, 2])")["f"]() == 3


def test_what_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr("chainrule.gradcheck.program.limited.MOST_SECONDS", 0.05)
    names = module("def spin():\n    while True: pass\nW = spin()\nV = spin()\nV = 3\ndef f(): return V + W")
    with pytest.raises(
        NameError, match=r"'W' is not defined: net.py, line 3 could not run: it takes more than 0.05 s"
    ):
        names["f"]()
    assert names["V"] == 3
    assert module("def spin():\n    while True: pass\nexec('spin()')").notes() == [
        "net.py, line 3 could not run: it takes more than 0.05 s"
    ]


def test_another_thread_can_ask():
    names, asked = module("W = float('3')\ndef f(): return W"), []
    thread = threading.Thread(target=lambda: asked.append(names["f"]()))
    thread.start()
    thread.join()
    assert asked == [3]


def test_a_name_that_nothing_binds_is_no_name():
    names = module("def f(): return W")
    with pytest.raises(NameError, match="name 'W' is not defined"):
        names["f"]()
    with pytest.raises(KeyError):
        names["W"]
    assert names.binds("f")
    assert not names.binds("W")


def test_something_stands_in_for_a_module_that_is_missing():
    names = module(
        "import nosuch.plots as plt\nfrom nosuch2 import load, save\n"
        "def plot():\n    with plt.style('x') as s:\n        plt.figure().add(3)\n    return 3\n"
        "def cost(): return 2 * load()\n"
    )
    assert names["plot"]() == 3
    assert isinstance(names["load"], StandIn)
    with pytest.raises(ModuleNotFoundError, match="No module named 'nosuch2'"):
        names["cost"]()
    assert names.notes() == [
        "net.py, line 1 could not run: ModuleNotFoundError: No module named 'nosuch'",
        "net.py, line 2 could not run: ModuleNotFoundError: No module named 'nosuch2'",
    ]


def test_a_missing_module_is_no_matter_where_nothing_needs_it():
    assert module("import nosuch\ndef f(): return 3").notes() == []


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        ("from nosuch import *", "ModuleNotFoundError: No module named 'nosuch'"),
        ("exec('def sigmoid(x: return x')", "SyntaxError: "),
    ],
)
def test_what_may_give_any_name_is_said_where_it_could_not_run(gives, said):
    names = module(f"import nosuch2 as plt\nplt.show\n{gives}\ndef f(): return plt.x, sigmoid(3)")
    with pytest.raises(NameError, match=f"'sigmoid' is not defined: net.py, line 3 could not run: {said}"):
        names["f"]()
    names = module("import nosuch2 as plt\ndef f(): return plt.x, sigmoid(3)")
    with pytest.raises(NameError, match=r"'sigmoid' is not defined$"):
        names["f"]()


def test_a_name_that_is_not_there_for_want_of_a_module_says_so_to_whoever_asks():
    names = module("from nosuch import *\nV = draw()\nW = V\ndef f(): return W")
    with pytest.raises(NameError) as error:
        names["f"]()
    assert missing_module(error.value) == "nosuch"


def test_modules_that_nothing_asked_for_are_looked_for_where_they_may_hold_what_lacks():
    names = module("import nosuch\nfrom nosuch2.parts import f\nfrom math import pi\nfrom .beside import g")
    assert (names.notes(), names.missing()) == ([], None)
    names.look_for_modules()
    assert names.notes() == ["net.py, line 2 could not run: ModuleNotFoundError: No module named 'nosuch2'"]
    assert str(names.missing()) == "No module named 'nosuch2'"


def test_what_is_run_from_a_text_gives_its_names():
    assert module("lam = 3\nexec('def f(): return lam')")["f"]() == 3
    assert module("globals()['f'] = lambda: 3")["f"]() == 3
    assert module("globals().update(f=lambda: 3)")["f"]() == 3
    assert module("vars().update(f=lambda: 3)")["f"]() == 3


def test_of_functions_the_last_counts_however_it_is_made():
    begins = "import functools, math\ndef f(x): return 1\ndef g(x): return 2\n"
    assert module(begins + "f = functools.partial(g, x=3)")["f"]() == 2
    assert module(begins + "f = functools.lru_cache(lambda x: 3)")["f"](0) == 3
    assert module(begins + "exec('def h(x): return 4')\nf = h")["f"](0) == 4
    assert module(begins + "f = math.sqrt")["f"](25) == 5


def test_what_is_no_function_takes_the_place_of_none():
    names = module("def cost(x): return 2 * x\nX = float('3')\nresult = cost\ncost = cost(X)\nresult = X")
    assert names["cost"](1) == names["result"](1) == 2


def test_a_function_is_no_value_that_is_computed():
    names = module("import os\nf = lambda: os.getpid()\ng, h = f, lambda x=3: [i for i in range(x)]")
    assert dict.get(names, "f")() == names["g"]()
    assert names["h"]() == [0, 1, 2]


def test_of_two_modules_with_one_name_the_last_counts():
    names = module(
        "import math as m\nimport cmath as m\ntry:\n    import nosuch as n\nexcept ImportError:\n    n = 3"
    )
    assert names["m"].__name__ == "cmath"
    assert names["n"] == 3


def test_a_class_of_a_missing_base_is_a_class():
    names = module("from nosuch import Module\nclass Net(Module):\n    def f(self): return 3")
    assert names["Net"]().f() == 3


def test_what_the_file_imports_from_the_future_holds():
    names = module("from __future__ import annotations\ndef f(x: nosuch) -> nosuch: return x")
    assert names["f"](3) == 3


def test_a_run_of_all_makes_a_parser_of_the_command_line_with_its_arguments():
    names = module(
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--lam', default=3)\n"
        "lam = parser.parse_args([]).lam\nran.append(lam)"
    )
    names.run_rest()
    names.run_rest()
    assert names["ran"] == [3, 3]
    assert names.failed_while_watched() == []


def test_what_an_import_runs_is_not_watched(tmp_path, monkeypatch):
    (tmp_path / "slow_library.py").write_text("def used(): return 3\nvalue = used()\n")
    monkeypatch.syspath_prepend(tmp_path)
    seen = []
    names = module("from slow_library import value\ndef f(): return value")
    sys.setprofile(lambda frame, event, _: seen.append(frame.f_code.co_name))
    try:
        names["f"]()
        assert sys.getprofile() is not None
    finally:
        sys.setprofile(None)
    assert "f" in seen
    assert "used" not in seen
