"""The attributes that functions read, or set, of what they are given and of what their objects hold."""

import ast

import pytest

from chainrule.gradcheck.program.fields_read import fields_in


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("return config.lr", {"config": ("lr",)}),
        ("net = self.net; return net.W", {"net": ("W",), ".net": ("W",), "self": ("net",)}),
        ("return self.layers[0].W", {".layers[]": ("W",), "self": ("layers",)}),
        (
            "return {each.step() for each in reversed(self.parts)}",
            {"each": ("step",), ".parts[]": ("step",), "self": ("parts",)},
        ),
        (
            "return [p.W for _, p in enumerate(self.parts)]",
            {"p": ("W",), ".parts[]": ("W",), "self": ("parts",)},
        ),
    ],
)
def test_attributes_are_known_by_all_names_of_what_they_are_those_of(body, read):
    (function,) = ast.parse(f"def f(self, config): {body}").body
    assert fields_in(function, "Net") == read


def test_attributes_by_what_they_are_read_of():
    (node,) = ast.parse("def f(self, p, config): return config.lr * self.config.reg + self.net.W1").body
    fields = fields_in(node, "Net")
    assert {name: fields[name] for name in ("config", ".config", ".net")} == {
        "config": ("lr",),
        ".config": ("reg",),
        ".net": ("W1",),
    }


def test_attributes_of_what_an_attribute_holds_stand_under_its_name_as_well():
    (node,) = ast.parse("def f(self, config): net = self.net; net.dW = net.W; config.seen = 1").body
    assert fields_in(node, "Net")[".net"] == ("W",)
    assert fields_in(node, "Net", ast.Store) == {"net": ("dW",), ".net": ("dW",), "config": ("seen",)}


def test_what_is_set_is_no_attribute_that_is_read():
    (function,) = ast.parse("def f(self, net): net.W = net.V").body
    assert fields_in(function, "Net", ast.Store) == {"net": ("W",)}
