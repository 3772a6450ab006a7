"""The one table of what functions are usually called in code that trains by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import is_gradient

FunctionKind = Literal["cost", "gradient", "numeric", "forward"]

_FUNCTIONS: dict[FunctionKind, tuple[str, ...]] = {
    "cost": (
        r"comp(ute)?(cost|loss)s?",
        r"(calc|calculate|evaluate|get|total)?(cost|loss|objective)(function|func|fn)?",
        r"(softmax|svm|hinge|(binary|categorical)?crossentropy|bce|mse|meansquarederror|nll|log)(cost|loss)?(naive|vectorized)?",
        r"(compute)?(cost|loss)(and)?(gradients?|grads?)",
        r"(comp(ute)?|calc|get)?j",
    ),
    "gradient": (
        r"comp(ute)?(gradients?|grads?)(analytic(al)?(ly)?)?",
        r"(analytic(al)?|calc|calculate|get)?(gradients?|grads?)",
        r"backwards?|back(ward)?pass|(back|backward|b)prop(agation|agate)?",
        r"d(j|loss|cost)|costfunctionprime|(compute)?(cost|loss)(gradients?|grads?)",
    ),
    "forward": (
        r"(eval(uate)?|apply|run)(classifiers?|network|net|model)|evaluate",
        r"(compute)?(forw(ard)?|feedforward)(pass|prop|propagation|propagate)?|fprop|networkforward",
        r"(softmax)?(classify|classifier)|predict(proba)?|(compute)?(probabilities|probs|scores)|computep",
        r"hypothesis|query|think|run|inference",
    ),
    "numeric": (r".*num.*grad.*|.*grad.*num.*|.*grad.*slow|.*finite.*grad.*",),
}

_VAGUE_FUNCTIONS: dict[FunctionKind, str] = {
    "cost": "cost|loss",
    "gradient": "grad|backw|backprop",
    "forward": "evaluateclass|forw|fwd",
}

_KIND_WORDS = re.compile(
    "fwd?|bwd?|fprop|bprop|compute|comp|calc|calculate|get|evaluate|apply|run|eval|analytic|analytical|costs?|loss|losses|objective|gradients?|grads?"
    "|backward|back|pass|prop|propagation|propagate|forw(ard)?|network|net|classifier|numeric|numerical|num|slow"
    "|function|func|fn|the|of|and|with"
)
"""Words of functions' names that only say what kind of function it is."""

_CHECKS = re.compile(
    "check(s|er|ing)?|verify|verification|test|compare|comparison|validate|(grad(ient)?s?)check(s|er|ing)?|checkgrad(ient)?s?"
)
"""First words of what holds gradients against others."""

_OTHER_USES = re.compile(
    "deriv|prime|plot|visual|check|verif|test|compare|diff(erences?)?$|errors?$|history|des?cent|clip|update"
    "|pairs$|and(params?|vars?|weights?)|(params?|vars?|weights?)and"
    "|print|show|train|save|analy[sz]e|torch|autograd|adagrad|applygrad|^init|^reset|zerograd|tozero|smooth"
)


@lru_cache(maxsize=4096)
def rank(name: str, kind: FunctionKind) -> int | None:
    """How usual ``name`` is for such a function, 0 most; None when it is no name for it."""
    plain = in_english(name).lower().replace("_", "")
    meant = [k for k in _FUNCTIONS if any(re.fullmatch(p, plain) for p in _FUNCTIONS[k])]
    if meant:
        places = (place for place, p in enumerate(_FUNCTIONS[kind]) if re.fullmatch(p, plain))
        return None if "numeric" in meant and kind != "numeric" else next(places, None)
    vague = kind in _VAGUE_FUNCTIONS and re.search(_VAGUE_FUNCTIONS[kind], plain)
    return len(_FUNCTIONS[kind]) if vague and not _OTHER_USES.search(plain) else None


def is_usual(name: str, kind: FunctionKind) -> bool:
    """Whether functions of this kind are usually called so, rather than this being a part of the name."""
    place = rank(name, kind)
    return place is not None and place < len(_FUNCTIONS[kind])


def names_apart(first: str, second: str) -> int:
    """How many words two functions' names do not share, but for those that only say what kind they are: 0 for
    ``ComputeCostSVM`` and ``svm_gradients``.

    >>> names_apart("ComputeCost", "ComputeGradientsBatchNorm"), names_apart("cost_svm", "SVMGradient")
    (2, 0)
    """
    return len(_own_words(first) ^ _own_words(second))


def words_shared(first: str, second: str) -> int:
    """How many words two functions' names share, but for those that only say what kind they are.

    >>> words_shared("multiple_bce_cost", "backward_pass_sigmoid_bce"), words_shared("cost", "backward_pass_bce")
    (1, 0)
    """
    return len(_own_words(first) & _own_words(second))


_LOSSES = (
    {"svm", "hinge"},
    {"softmax", "cross", "entropy", "crossentropy", "logistic", "nll", "bce", "ce"},
    {"mse", "squared", "square", "quadratic", "ridge"},
)


def are_of_other_losses(first: str, second: str) -> bool:
    """Whether two functions' names say that they are of different losses.

    >>> are_of_other_losses("svm_loss", "softmax_gradient"), are_of_other_losses("nll_cost", "softmax_gradient")
    (True, False)
    """
    said = [{place for place, known in enumerate(_LOSSES) if words & known}
            for words in map(_own_words, (first, second))]  # fmt: skip
    return all(said) and said[0].isdisjoint(said[1])


def _own_words(name: str) -> set[str]:
    return {word for word in map(str.lower, _words(name)) if not _KIND_WORDS.fullmatch(word)}


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", in_english(name))


def is_cost(name: str) -> bool:
    """Whether a value of this name is a cost: ``cost``, ``loss``, ``J``, ``total_loss``."""
    return rank(name, "cost") is not None and not is_gradient(name)


def says_both(name: str) -> bool:
    """Whether a function of this name gives cost and gradient at once: ``svm_loss_and_gradient``."""
    plain = in_english(name).lower()
    return re.search("cost|loss|objective", plain) is not None and "grad" in plain


def costs_among(returned: Sequence[str]) -> list[int]:
    """The places of the costs among what a function gives, by their names; where none says it, ``l`` or ``L`` is one.

    >>> costs_among(["grads", "loss"]), costs_among(["l", "p", "h"]), costs_among(["loss", "l"])
    ([1], [0], [0])
    """
    named = [place for place, name in enumerate(returned) if is_cost(name)]
    return named or [place for place, name in enumerate(returned) if name in ("l", "L")]


def stands_beside(name: str) -> bool:
    """Whether a function of this name does nothing to a net: it prints, draws, saves or loads it.

    >>> stands_beside("summary"), stands_beside("save_weights"), stands_beside("build")
    (True, True, False)
    """
    return (
        re.match(r"_*(save|load|plot|print|show|log|display|draw|summary|report|info)", name.lower())
        is not None
    )


def is_check(name: str) -> bool:
    """Whether a function of this name holds others against each other, and makes no gradient itself.

    >>> is_check("check_grad"), is_check("compareGradients"), is_check("gradient"), is_check("tested_grad")
    (True, True, False, False)
    """
    words = [word.lower() for word in _words(name)]
    of_first = words[1:] if words and re.fullmatch("grad(ient)?s?", words[0]) else words
    return bool(of_first) and _CHECKS.fullmatch(of_first[0]) is not None


def is_update(name: str) -> bool:
    """Whether a function of this name may take a step: ``train``, ``fit``, ``update_params``, ``gradient_descent``; not
    ``save_training_results``."""
    usual, others = (
        r"train|^_*fit|update|apply_?grad|(^|_)step|des?cent|learn|optimi[sz]e",
        r"_*(save|load|plot|print|show|log)_",
    )
    plain = in_english(name).lower()
    return re.search(usual, plain) is not None and re.match(others, plain) is None


def is_gradient_update(name: str) -> bool:
    """Whether a function of this name brings gradients up to date, if it takes no step with them.

    >>> is_gradient_update("update_gradients"), is_gradient_update("gradient_update"), is_gradient_update("update_W")
    (True, False, False)
    """
    plain = in_english(name).lower().replace("_", "")
    return re.match("updates?(the)?grad", plain) is not None
