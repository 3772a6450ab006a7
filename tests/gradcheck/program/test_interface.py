"""What passes between a program and the checker, and what a program can be asked."""

import inspect
from typing import get_args

import pytest

from chainrule.gradcheck.program import interface
from chainrule.gradcheck.program.interface import RECORDS, FunctionName, Program
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.sandbox import replies

REQUESTS = sorted(name for name in vars(Program) if not name.startswith("_"))


def test_every_record_of_the_module_is_listed_as_one():
    defined = {
        value for value in vars(interface).values() if isinstance(value, type) and issubclass(value, tuple)
    }
    assert set(RECORDS) == defined
    assert len(RECORDS) == len(defined)


def test_no_record_shares_its_name_with_a_reply():
    # By its name a record is found again on the other side of a pipe.
    names = [record.__name__ for record in (*RECORDS, *replies.RECORDS)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("request_name", REQUESTS)
def test_a_program_of_this_process_is_asked_as_the_interface_says(request_name):
    asked, answered = (inspect.signature(getattr(kind, request_name)) for kind in (Program, LocalProgram))
    assert [(p.name, p.default, p.kind) for p in answered.parameters.values()] == [
        (p.name, p.default, p.kind) for p in asked.parameters.values()
    ]
    assert answered.return_annotation == asked.return_annotation


def test_the_functions_of_a_program_are_the_arguments_that_it_takes():
    assert set(get_args(FunctionName)) <= set(inspect.signature(LocalProgram).parameters)
