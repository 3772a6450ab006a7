"""The catalogue of bugs: names that never change, each written down once, each found by something."""

import ast
from pathlib import Path

import chainrule
from chainrule.gradcheck.catalogue import BUGS, FAMILIES

STABLE = [
    "missing-batch-mean",
    "double-batch-mean",
    "hard-wired-batch-size",
    "wrong-sign",
    "regulariser-missing",
    "regulariser-half",
    "regulariser-double",
    "regulariser-scaled",
    "regulariser-sign",
    "regulariser-on-gradient",
    "regulariser-summed",
    "bias-regularised",
    "bias-mean-not-sum",
    "bias-summed-over-all",
    "bias-broadcast",
    "bias-reciprocal",
    "bias-dropped",
    "transposed",
    "reshaped",
    "swapped",
    "missing-one-hot",
    "label-as-index",
    "hinge-correct-class",
    "hinge-on-probabilities",
    "scores-clipped",
    "softmax-wrong-axis",
    "extra-sigmoid-derivative",
    "wrong-log-base",
    "penalty-not-squared",
    "wrong-layer-input",
    "lost-upstream",
    "relu-mask-missing",
    "relu-mask-wrong",
    "leaky-slope-mismatch",
    "activation-derivative-missing",
    "activation-derivative-wrong",
    "weights-not-transposed",
    "stale-weights",
    "batchnorm-mean-constant",
    "batchnorm-variance-constant",
    "batchnorm-statistics-constant",
    "batchnorm-not-averaged",
    "batchnorm-running-statistics",
    "batchnorm-ddof",
    "batchnorm-gamma-missing",
    "batchnorm-unnormalised-input",
    "batchnorm-wrong-axis",
    "batchnorm-bias-for-beta",
    "wrong-factor",
    "mean-for-sum",
    "wrong-axis",
    "mask-missing",
    "mask-wrong",
    "derivative-missing",
    "derivative-wrong",
    "path-left-out",
    "path-counted-twice",
    "overwritten-not-accumulated",
    "duplicate-indices-lost",
    "values-swapped",
    "wrong-value",
    "shifted-by-one",
    "wrong-index",
    "undefined-name",
    "parameters-mutated",
    "check-aliased",
    "perturbation-not-undone",
    "cost-not-deterministic",
    "cost-mode-mismatch",
    "cost-constant",
    "wrong-step",
    "numeric-difference",
    "layer-not-updated",
    "gamma-beta-swapped-in-update",
    "unknown",
]


SOURCES = sorted(
    path for path in Path(chainrule.__file__).parent.rglob("*.py") if path.parent.name != "catalogue"
)


def test_the_names_of_bugs_are_stable():
    assert sorted(BUGS) == sorted(STABLE)
    assert sum(len(family.bugs) for family in FAMILIES) == len(BUGS)


def nodes(path):
    return ast.walk(ast.parse(path.read_text()))


def test_the_name_of_a_bug_stands_in_the_catalogue_and_nowhere_else():
    texts = {
        (path.name, node.value) for path in SOURCES for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }  # fmt: skip
    assert not [(file, text) for file, text in texts if text in BUGS]


def test_every_bug_is_referred_to_by_something_that_finds_it():
    referred = {node.id for path in SOURCES for node in nodes(path) if isinstance(node, ast.Name)}
    assert {name.replace("-", "_").upper() for name in BUGS} <= referred
