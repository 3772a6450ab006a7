"""What the tests of watching share."""

import pytest

from gradcheck.corpus import load
from gradcheck.watched import SOURCE


@pytest.fixture
def program():
    return load(SOURCE, "watched_program")
