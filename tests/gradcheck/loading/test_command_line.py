"""Scripts that read the command line."""

import argparse

import pytest

from chainrule.gradcheck.loading.command_line import without_arguments


@pytest.fixture
def parser(monkeypatch):
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", argparse.ArgumentParser.parse_args)
    parser = argparse.ArgumentParser()
    parser.chosen = without_arguments()
    return parser


def test_arguments_have_their_defaults_and_none_is_required(parser):
    parser.add_argument("data")
    parser.add_argument("--lam", type=float, default="0.1")
    parser.add_argument("--eta", type=float, required=True)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--train", action="store_true")
    assert vars(parser.parse_args()) == {"data": None, "lam": 0.1, "eta": None, "train": False}


def test_what_is_parsed_is_empty_whatever_the_process_was_started_with(parser, monkeypatch):
    monkeypatch.setattr("sys.argv", ["net.py", "--lam", "3"])
    parser.add_argument("--lam", type=float, default=0.1)
    assert parser.parse_args().lam == 0.1


def test_what_must_be_one_of_several_is_the_first(parser):
    parser.add_argument("task", choices=["digits", "words"])
    parser.add_argument("--mode", choices=["a", "b"])
    assert vars(parser.parse_args()) == {"task": "digits", "mode": None}
    assert parser.chosen == ["the command line is taken to say digits"]


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"nargs": "+"}, ["tanh"]),
        ({"nargs": 2}, ["tanh", "tanh"]),
        ({"action": "append"}, ["tanh"]),
        ({}, "tanh"),
    ],
)
def test_what_may_be_several_is_a_list_of_the_first(parser, options, value):
    parser.add_argument("--act", choices=["tanh", "relu"], required=True, **options)
    assert parser.parse_args().act == value
    assert parser.chosen == ["the command line is taken to say --act tanh"]
