"""What functions and arguments are usually called in code that trains a classifier by hand."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal["cost", "gradient", "numeric", "forward"]
Role = Literal[
    "inputs", "labels", "l2", "weights", "bias", "scale", "shift", "bundle", "step", "classes", "samples", "other"
]  # fmt: skip

PARAMETER_ROLES: tuple[Role, ...] = ("weights", "bias", "scale", "shift")

_USUAL: dict[Kind, tuple[str, ...]] = {
    "cost": (
        r"compute(cost|loss)s?",
        r"(calc|calculate|evaluate|get|total)?(cost|loss|objective)(function|func|fn)?",
        r"(softmax|svm|hinge|crossentropy)(cost|loss)?(naive|vectorized)?",
        r"(cost|loss)(and)?(gradients?|grads?)",
        r"j",
    ),
    "gradient": (
        r"compute(gradients?|grads?)(analytic(al)?)?",
        r"(analytic(al)?|calc|calculate|get)?(gradients?|grads?)",
        r"backward(pass)?|(back|backward|b)prop(agation|agate)?",
    ),
    "forward": (
        r"evaluate(classifiers?|network)?",
        r"(compute)?(forward|feedforward)(pass|prop|propagation|propagate)?|fprop|networkforward",
        r"(softmax)?(classify|classifier)|predict(proba)?|compute(probabilities|scores)|scores",
    ),
    "numeric": (r".*num.*grad.*|.*grad.*num.*|.*grad.*slow|.*finite.*grad.*",),
}
_VAGUE: dict[Kind, str] = {
    "cost": "cost|loss",
    "gradient": "grad|backw|backprop",
    "forward": "evaluateclass|forward",
}
_OTHER_USES = re.compile("plot|check|test|compare|history|descent|clip|update|print|show|train|save")

_ROLES: tuple[tuple[Role, str], ...] = (
    ("labels", r"ys?|t|(y|label|target)s?_?(batch|train|true|one_?hot|hot|oh|data)?"),
    ("labels", r"(batch|train)_?(y|labels)|one_?hot(_?labels)?|onehot_y|classes|ground_?truth|gt"),
    ("inputs", r"xs?|x_?(batch|train|data|in|b)|(batch|train)_?(x|data)|data|inputs?|images?|features?"),
    ("l2", r"l|l2|λ|lam|lamb|lambd|lambda|lamda|lmbda|labda|lbda|lmb|lmd|weight_?decay|wd"),
    ("l2", r"(l2_?)?reg(_?(lambda|lam|strength|param))?|lambda_?reg|regulari[sz](ation|er)"),
    ("weights", r"ws?|weights?|w_?mats?"),
    ("bias", r"bs?|bias(es)?|b_?vecs?"),
    ("scale", r"gammas?"),
    ("shift", r"betas?"),
    ("bundle", r"(net|network|model)?_?(params?|parameters?)|params?_?dict|network|net|model|thetas?|layers"),
    ("step", r"h|eps|epsilon|delta|step|dx"),
    ("classes", r"k|(n|num|nb)_?classes|nclass"),
    ("samples", r"n|(n|num|nb)_?(samples|batch|examples)|batch_?size|nbatch"),
)


class Meaning(NamedTuple):
    """What an argument is, and the layer of the net that its name counts; None where it counts none."""

    role: Role
    layer: int | None = None


def rank(name: str, kind: Kind) -> int | None:
    """How usual ``name`` is for such a function, 0 most; None when it is no name for it."""
    plain = name.lower().replace("_", "")
    of = next((k for k in ("numeric", *_USUAL) if any(re.fullmatch(p, plain) for p in _USUAL[k])), None)
    if of is not None:
        return next(i for i, p in enumerate(_USUAL[kind]) if re.fullmatch(p, plain)) if of == kind else None
    vague = kind in _VAGUE and re.search(_VAGUE[kind], plain) and not _OTHER_USES.search(plain)
    return len(_USUAL[kind]) if vague else None


def meaning(name: str) -> Meaning:
    """The role of an argument of this name.

    ``P``, ``H``, a cache and all else that a forward pass hands over is ``other``.
    """
    plain = name.strip("_")
    for role, pattern in _ROLES:
        counted = re.fullmatch(rf"({pattern})_?(?P<layer>\d+)", plain, re.IGNORECASE)
        if counted and role in PARAMETER_ROLES:
            return Meaning(role, int(counted["layer"]))
        if re.fullmatch(pattern, plain, re.IGNORECASE):
            return Meaning(role)
    return Meaning("other")
