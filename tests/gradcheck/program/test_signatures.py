"""What a function looks like."""

from chainrule.gradcheck.program.signatures import Argument, Function


def test_a_method_is_shown_with_its_class():
    assert Function("cost", ()).shown == "cost"
    assert Function("cost", (), owner="Net").shown == "Net.cost"


def test_what_an_argument_holds_is_unpacked_where_parameters_are_among_it():
    taken_apart = {"params": ("W", "b"), "cache": ("X", "Z"), "both": ("X", "W")}
    function = Function("cost", (), taken_apart=taken_apart)
    assert function.unpacked == {"params": ("W", "b"), "both": ("X", "W")}
    assert function.unpacked_parameters == {"params": ("W", "b")}


def test_what_is_not_written_gives_nothing():
    half, nothing, written = (Function("f", (), blanks=blanks) for blanks in ((True, False), (True,), ()))
    assert [f.gives_nothing_first for f in (half, nothing, written)] == [True, True, False]
    assert [f.gives_nothing for f in (half, nothing, written)] == [False, True, False]


def test_sizes_may_be_given_for_what_has_no_text_and_no_flag():
    defaults = {"": True, "3": True, "'relu'": False, "False": False}
    given = {default: Argument("n", required=not default, default=default) for default in defaults}
    assert {default: argument.may_be_size for default, argument in given.items()} == defaults
    assert [argument.is_flag for argument in given.values()] == [False, False, False, True]


def test_an_argument_is_given_by_its_own_name():
    assert Argument("X").keyword == "X"
    assert Argument("X", own_name="inputs").keyword == "inputs"
