"""Which statements of a file write a module that it imports later."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.loading.written_modules import statements_that_write
from chainrule.gradcheck.program.source import Part, Source


def written(text, module="helpers"):
    return [
        ast.unparse(s.node)
        for s in statements_that_write(top_level(Source((Part("net.py", text),))).statements, module)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "open('helpers.py', 'w').write(code)",
        "io.open('lib/helpers.py', mode='wb').write(code)",
        "Path('helpers.py').write_text(code)",
        "get_ipython().run_cell_magic('writefile', 'helpers.py', 'a = 1')",
    ],
)
def test_a_statement_that_opens_its_file_to_write(line):
    assert written(f"{line}\nopen('other.py', 'w').write(code)") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "open('helpers.py').read()",
        "open('helpers.py', 'r').read()",
        "print('helpers.py')",
        "open('my_helpers.py', 'w')",
    ],
)
def test_what_only_reads_it_or_writes_another(line):
    assert written(line) == []


def test_what_is_written_to_the_file_that_was_opened():
    lines = ["f = open('helpers.py', 'w')", "f.write(code)", "f.close()"]
    assert written("\n".join(["x = len('abc')", *lines, "y = x + 1"])) == lines


def test_a_module_of_a_package_by_its_last_name():
    assert written("open('helpers.py', 'w').write(code)", "course.helpers")
