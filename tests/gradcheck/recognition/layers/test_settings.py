"""Values for settings."""

from chainrule.gradcheck.recognition.layers.settings import IN_CONSTRUCTORS, KEPT, VALUES


def test_factors_that_a_constructor_is_given_can_be_seen():
    assert all(VALUES[name] not in ("0", "0.0", "1", "1.0") for name in IN_CONSTRUCTORS)


def test_what_keeps_its_default_has_a_value_where_there_is_none():
    assert all(name in VALUES for name in KEPT)
