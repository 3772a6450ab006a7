"""The file that is checked as a module, and the modules beside it."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from support.handed_in import LIMITS, ROWS

TRAINS = "data = open('nowhere').read()\nrate = 0.1\nname = input('?')\nraise SystemExit\n"


@pytest.fixture
def checked(tmp_path):
    """What the adapter of a file gives as data, the others of these files beside it."""

    def given(expression, files, main="net.py"):
        root = tmp_path / "course"
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        adapter = "\n\nchainrule_rows = chainrule_check\ndef chainrule_check(rng):\n    given = chainrule_rows(rng)\n"
        adapter += f"    return given | dict(data=(*given['data'][:2], {expression}))\n"
        root.mkdir(exist_ok=True)
        (root / main).write_text(f"{files.get(main, '')}\n{TRAINS}{ROWS}{adapter}")
        with RemoteProgram(root / main, LIMITS, root=root) as program:
            return program.describe().data[2]

    return given


def test_a_module_beside_it_is_taken_apart_too(checked):
    helper = {"helper.py": TRAINS + "lam = float('0.25')\ndef half(x):\n    return x / 2 + rate\n"}
    assert checked("__import__('helper').half(3)", helper) == 1.6
    assert checked("__import__('helper').lam", helper) == 0.25


def test_what_is_set_on_a_module_reaches_its_functions(checked):
    setting = "setattr(__import__('helper'), 'lam', 0.5) or __import__('helper').f()"
    assert checked(setting, {"helper.py": "lam = 0.1\ndef f(): return lam"}) == 0.5


def test_a_file_that_imports_itself_is_given_the_same_module(checked):
    assert checked("float(__import__('net').compute_cost is compute_cost)", {}) == 1


def test_everything_of_a_module_can_be_imported(checked):
    files = {
        "helper.py": "def half(x): return x / 2",
        "other.py": "from helper import *\ndef f(): return half(3)",
    }
    assert checked("__import__('other').f()", files) == 1.5


@pytest.mark.parametrize(
    "writes",
    [
        "with open('helper.py', 'w') as file:\n    file.write(code)",
        "file = open('helper.py', 'w')\nfile.write(code)\nfile.close()",
        "import pathlib\npathlib.Path('helper.py').write_text(code)",
        "get_ipython().run_cell_magic('writefile', 'helper.py', 'def half(x): return x / 2')",
    ],
)
def test_a_module_that_the_file_writes_itself_is_imported(checked, writes):
    net = f"code = 'def half(x): return x / 2'\n{writes}\nfrom helper import *\ndef f(): return half(3)"
    assert checked("f()", {"net.py": net}) == 1.5


def test_a_module_is_written_only_where_it_is_not_there(checked):
    net = "open('helper.py', 'w').write('a = 2.0')\nfrom helper import a"
    assert checked("a", {"net.py": net, "helper.py": "a = 1.0"}) == 1


def test_what_waits_in_a_module_can_be_asked_for_where_everything_was_imported(checked):
    files = {
        "helper.py": "import math\nlam = float('0.5')\n_own = float('3')\nX = open('nowhere').read()\n",
        "other.py": "from helper import *\ndef f(): return lam * math.floor(3.5)\ndef g(): return _own",
    }
    assert checked("__import__('other').f()", files) == 1.5
    with pytest.raises(UserError, match="'_own' is not defined"):
        checked("__import__('other').g()", files)


def test_relative_imports_within_a_package(checked):
    files = {"pkg/__init__.py": "", "pkg/tools.py": "from . import more\ndef half(x): return more.a / 2",
             "pkg/more.py": "a = 3.0", "pkg/net.py": "from .tools import half\n"}  # fmt: skip
    assert checked("half(0)", files, main="pkg/net.py") == 1.5


def test_relative_imports_need_no_package_file(checked):
    files = {"lab/net.py": "from ..tools.halves import *\nfrom . import more\n", "lab/more.py": "a = 3.0",
             "tools/halves.py": "def half(x): return x / 2"}  # fmt: skip
    assert checked("half(more.a)", files, main="lab/net.py") == 1.5


def test_a_module_that_is_no_python_is_said(checked):
    with pytest.raises(UserError, match=r"helper\.py, line 1: SyntaxError"):
        checked("__import__('helper').f()", {"helper.py": "def f(:"})


@pytest.mark.parametrize("name", ["net", "pkg"])
def test_a_module_that_is_called_like_its_package_does_not_hide_it(checked, name):
    files = {
        "pkg/__init__.py": "",
        f"pkg/{name}.py": "from pkg.tools import half\ndef f(): return half(3)",
        "pkg/tools.py": "def half(x): return x / 2",
    }
    assert checked("f()", files, main=f"pkg/{name}.py") == 1.5


def test_a_folder_is_taken_for_a_package_that_is_nowhere(checked):
    files = {
        "lab/net.py": "from lesson.lab.tools import half\nfrom lesson.more import a\ndef f(): return half(a)",
        "lab/tools.py": "def half(x): return x / 2",
        "more.py": "a = 3.0",
    }
    assert checked("f()", files, main="lab/net.py") == 1.5


def test_a_project_that_holds_a_module_of_its_name_is_a_package_all_the_same(checked):
    files = {
        "lab/net.py": "from course.tools import half\ndef f(): return half(3)",
        "tools.py": "def half(x): return x / 2",
        "course.py": "",
    }
    assert checked("f()", files, main="lab/net.py") == 1.5


def test_no_folder_is_taken_for_a_package_that_the_file_can_do_without(checked):
    guarded = "try:\n    from lesson.tools import half\nexcept ImportError:\n    def half(x): return x / 2\n"
    files = {"lab/net.py": f"{guarded}def f(): return half(3)", "tools.py": "def half(x): return x / 20"}
    assert checked("f()", files, main="lab/net.py") == 1.5
