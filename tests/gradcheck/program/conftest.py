"""What the tests of watching share."""

import pytest

from support.corpus.mutation import load
from support.watched import SOURCE


@pytest.fixture
def program():
    return load(SOURCE, "watched_program")
