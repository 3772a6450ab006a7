"""Files that are no Python in some statements."""

import pytest

from chainrule.gradcheck.loading.broken_statements import without_broken
from chainrule.gradcheck.program.source import Part, Source

NET = "def cost(W):\n    return W**2\n"


def of(text: str, name: str = "net.py") -> Source:
    return without_broken(Source((Part(name, text),)))


def test_a_statement_of_the_top_level_that_is_no_python_is_left_out_and_named():
    read = of(f"{NET}print(cost(1))print(cost(2))\nK = 10\nplot(\n    K\nx = 3\n")
    assert read.parts[0].text == f"{NET}\nK = 10\n\n\nx = 3\n"
    assert [note.partition(":")[0] for note in read.notes] == ["line 3", "lines 5-6"]


def test_a_note_names_the_cell():
    assert of("a b", "net.ipynb, cell 3").notes[0].startswith("cell 3, line 1: left out, as it is no Python")


@pytest.mark.parametrize(
    "text",
    [
        "def cost(W):\n    return W 2\n",
        "class Net:\n    x = (\n",
        "@wraps(f\ndef g(): ...\n",
        NET,
        "a b\n" * 30,
        f"{NET}divide by n\n    return 2 * W\n",
        f"class Net:\n    {NET[:-1].replace(chr(10), chr(10) + '    ')}\na b\n\n    def other(self): ...\n",
        f"{NET}a b\nplot (see\n    return 2 * W\n",
        f"{NET}print 'a'\n",
        "K = 1\nx 3\n    y = 2\n",
        f"<<<<<<< HEAD\n{NET}=======\n{NET}>>>>>>> other\n",
    ],
)
def test_definitions_are_not_left_out(text):
    assert (of(text).parts[0].text, of(text).notes) == (text, ())
