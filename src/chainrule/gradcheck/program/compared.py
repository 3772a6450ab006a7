"""The options of a file: names, and the texts among which they choose, as in ``if activation == "relu"``.

Texts stand as they are written. A name is an argument's, an attribute's, or a key's of a dictionary of settings.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence


def options(statements: Iterable[ast.stmt]) -> dict[str, tuple[str, ...]]:
    """The texts with which names are compared, or by which what they stand for is looked up in a table.

    >>> tree = ast.parse("if kind == 'relu': ...\\nACTS = {'tanh': tanh, 'elu': elu}\\nf = ACTS[name]")
    >>> options(tree.body)
    {'kind': ("'relu'",), 'name': ("'tanh'", "'elu'")}
    >>> options(ast.parse("RELU = 'relu'\\nif kind == RELU: ...").body)
    {'kind': ("'relu'",)}
    """
    nodes = [inner for statement in statements for inner in ast.walk(statement)]
    tables = dict(_table(node) for node in nodes if isinstance(node, ast.Assign))
    constants = dict(_constant(node) for node in nodes if isinstance(node, ast.Assign))
    constants.pop("", None)
    known: dict[str, dict[str, None]] = {}
    for name, texts in (pair for node in nodes for pair in _chosen(node, tables, constants)):
        known.setdefault(name, {}).update(dict.fromkeys(texts))
    for attribute, name in dict.fromkeys(pair for node in nodes for pair in _kept(node)):
        if attribute in known and attribute != name:
            known.setdefault(name, {}).update(known[attribute])
    return {name: tuple(texts) for name, texts in known.items() if texts}


def together(statements: Iterable[ast.stmt]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """The texts that a call gives to several arguments by their names, with the name of what is called.

    >>> together(ast.parse("train(X, loss='mse', output='linear', rate=0.1)").body)
    (('train', {'loss': "'mse'", 'output': "'linear'"}),)
    """
    calls = [n for s in statements for n in ast.walk(s) if isinstance(n, ast.Call)]
    given = [
        (_name(c.func), {k.arg: ast.unparse(k.value) for k in c.keywords if k.arg and _texts(k.value)})
        for c in calls
    ]
    return tuple((name, texts) for name, texts in given if len(texts) > 1)


def _chosen(
    node: ast.AST, tables: Mapping[str, Sequence[str]], constants: Mapping[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """A name, and texts among which it chooses: as they stand, or by the names of constants."""
    match node:
        case ast.Compare(left=named, ops=[ast.Eq() | ast.NotEq()], comparators=[constant]) if (
            _name(constant) in constants
        ):
            yield _name(named), [constants[_name(constant)]]
        case ast.Compare(left=ast.Constant() as text, ops=[ast.Eq() | ast.NotEq()], comparators=[named]):
            yield _name(named), _texts(text)
        case ast.Compare(left=named, ops=[ast.Eq() | ast.NotEq() | ast.In(), *_], comparators=[several, *_]):
            yield _name(named), _texts(several)
        case ast.Match(subject=subject, cases=cases):
            patterns = (inner for case in cases for inner in ast.walk(case.pattern))
            values = [p.value for p in patterns if isinstance(p, ast.MatchValue)]
            yield _name(subject), [text for value in values for text in _texts(value)]
        case (
            ast.Subscript(value=table, slice=key)
            | ast.Call(func=ast.Attribute(value=table, attr="get"), args=[key, *_])
        ) if _name(key):
            keys = _keys(table) if isinstance(table, ast.Dict) else tables.get(_name(table), ())
            yield _name(key), list(keys)


def _constant(node: ast.Assign) -> tuple[str, str]:
    """A text that a name in capitals stands for: ``RELU = "relu"``."""
    name = _name(node.targets[0])
    return (name, ast.unparse(node.value)) if name.isupper() and _texts(node.value) else ("", "")


def _table(node: ast.Assign) -> tuple[str, list[str]]:
    """A dictionary that is written down, by its name: its keys that are texts."""
    keys = _keys(node.value) if isinstance(node.value, ast.Dict) else []
    return (_name(node.targets[0]) if keys else "", keys)


def _keys(table: ast.Dict) -> list[str]:
    return [ast.unparse(key) for key in table.keys if key is not None and _texts(key)]


def _kept(node: ast.AST) -> Iterator[tuple[str, str]]:
    """An attribute and the argument whose value it keeps: ``self.act = activation``."""
    match node:
        case ast.Assign(targets=[ast.Attribute(attr=attribute)], value=value) if _name(value):
            yield attribute, _name(value)


def _name(node: ast.expr) -> str:
    """``loss`` of ``loss``, ``self.loss``, ``loss.lower()``, ``config["loss"]`` and ``config.get("loss", "ce")``."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Call(
            func=ast.Attribute(value=inner, attr="lower" | "strip" | "upper" | "casefold"), args=[]
        ):
            return _name(inner)
        case ast.Attribute(attr=name):
            return name
        case (
            ast.Subscript(slice=ast.Constant(value=str(key)))
            | ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[ast.Constant(value=str(key)), *_])
        ):
            return key
    return ""


def _texts(node: ast.expr) -> list[str]:
    """Texts that are written down, alone or several."""
    values = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return [ast.unparse(v) for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
