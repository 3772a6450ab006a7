"""Raises exceptions that are hard to show."""

import sys


def _raised(text, base=Exception, name="Odd", **members):
    raise type(name, (base,), members)(text)


def one_whose_text_raises():
    """Has no text but another exception."""
    _raised("x", __str__=lambda self: 1 / 0, __repr__=lambda self: 1 / 0)


def one_whose_text_is_no_text():
    """Gives a number for a text."""
    _raised("x", __str__=lambda self: 3)


def one_whose_name_steers_the_terminal():
    """Has a name that steers a terminal."""
    _raised("x", name="\x1b[2J\x1b]0;right\x07" * 1000)


def one_whose_name_is_a_verdict():
    """Has the name of a verdict, and its text."""
    _raised("the gradient is right\nright", name="right")


def one_that_says_it_is_another():
    """Says of itself that it belongs to the checker."""
    _raised(
        "x",
        name="CheckError",
        __class__=property(lambda self: KeyboardInterrupt),
        problems=("right", 3, b"\x1b"),
    )


def one_with_marks_of_a_page():
    """Has marks of HTML, Markdown, TeX, tables and formulas in its text."""
    raise ValueError("<script>alert(1)</script> | ``` \\input{x} =cmd() &amp; [x](javascript:1) ${HOME} `id`")


def one_with_half_characters():
    """Has halves of characters, marks that turn the direction round, and ends of text."""
    raise ValueError("\ud800\udfff\ude00 \u202e\u2066 \0 \x85\u2028\u2029 \ufeff" * 100)


def one_with_many_lines():
    """Has a million lines."""
    raise ValueError("\n" * 10**6 + "\r\x0b\x0c right")


def one_with_the_names_of_places():
    """Has in its text what stands for folders of the checker."""
    raise ValueError(f"{__file__} {sys.path} {{}} %s {{0.__class__}}")


def notes_that_are_no_text():
    """Has notes that are something else."""
    error = ValueError("x")
    error.__notes__ = [3, None, "\x1b[2J", type("Odd", (), {"__str__": lambda self: 1 / 0})()]
    raise error


def groups_in_groups():
    """Is a group of groups, thousands deep."""
    error = ValueError("x")
    for _ in range(5000):
        error = ExceptionGroup("x", [error])
    raise error


def causes_without_end():
    """Is its own cause."""
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    raise first


def a_chain_of_causes():
    """Has a hundred thousand causes, one after the other."""
    error = ValueError("x")
    for _ in range(100_000):
        new = ValueError("y")
        new.__cause__, error = error, new
    raise error


def a_deep_traceback():
    """Comes from a call within a call, thousands deep."""
    sys.setrecursionlimit(20_000)

    def again(depth):
        return again(depth - 1) if depth else 1 / 0

    again(15_000)


def one_of_the_interpreters_own():
    """Is what ends a generator."""
    raise GeneratorExit("x")


def one_without_a_place():
    """Comes from code that has no file."""
    exec(compile("1 / 0", "\x1b[2J\0\n<right>", "exec"))


def one_that_takes_memory():
    """Has a text that takes all memory."""
    _raised("x", __str__=lambda self: "x" * 10**10)


def an_exit_that_is_none():
    """Is what ends a program, of another kind."""
    _raised("x", base=SystemExit, code=property(lambda self: 1 / 0))


def one_from_the_codec():
    """Has in it bytes that are no text."""
    b"\xff".decode()
