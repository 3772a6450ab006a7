"""The one table of what arguments, arrays and gradients are usually called in code that trains by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.spoken import spoken

Role = Literal[
    "inputs", "labels", "l2", "weights", "recurrent", "gate", "filters", "bias", "filter bias", "scale", "shift",
    "state", "cell", "bundle", "step", "classes", "samples", "layers", "other"
]  # fmt: skip

PARAMETER_ROLES: tuple[Role, ...] = (
    "weights", "recurrent", "gate", "filters", "bias", "filter bias", "scale", "shift"
)  # fmt: skip


_LISTED = r"(_?(list|lst|all|arr(ay)?|matrix|vector|vec)|_(new|star|current|now))?"
"""What names of parameters end in besides."""

_LIST_OF = r"(((all|list|lst)_?(of_)?)?)"
"""What those of several begin with."""

_PART = (
    "(mini_?)?batch|train(ing)?|tr|data|sub(set)?|small|norm(ali[sz]ed)?|scaled|cent(e)?red"
    "|shuf(fled)?|perm(uted)?|b|c"
)
"""What names of data end in besides: a part of all, or what was done to them."""

_HELD = "mat(rix)?|arr(ay)?|tensor"
"""And what they are held in."""

_ARGUMENTS: tuple[tuple[Role, str], ...] = (
    (
        "labels",
        rf"ys?|ts?|((in(put)?_?)?label|y|target|tag)s?(_?({_PART}|true|truth|actual|correct|expected|desired|gold|targets?|labels?|one_?hot|hot|oh|enc(oded)?|{_HELD})){{0,2}}",
    ),
    (
        "labels",
        r"(targets?|outputs?|labels?)_(list|vec(tor)?|seq(uence)?s?|chars|indices|one_?hot)|y_?(chars|seq)|(training_(set_)?|expected_?|desired_?)(outputs?|labels?)",
    ),
    (
        "labels",
        r"(batch|train)_?(y|labels)|(targets?|labels?|true|actual)_?ys?|one_?hot(_?labels)?|onehot_y|classes|ground_?truth|gt|(x|inputs?)_?(true|orig(inal)?|target)|originals?",
    ),
    (
        "inputs",
        rf"xs?|x_?(in|one_?hot|oh|enc(oded)?|{_HELD}|{_PART})|(batch|train)_?(x|data)|(image|pixel|in)?_?data",
    ),
    ("inputs", rf"inputs?(_(list|data|seq(uence)?s?|chars|indices|one_?hot|{_HELD}))?|x_?(chars|seq)"),
    ("inputs", r"training_(set_)?(inputs|data|images|examples)"),
    ("inputs", r"images?|pixels|features?"),
    ("layers", r"(?-i:L)|(n|num|nb)_?lay(er)?s?|layers?_?(count|number)"),
    (
        "l2",
        r"l|λ|la|l_?a?m_?b?d?a?|lanb?da|labda|lbda|(weight_?)?decay|wd|alpha"
        r"|((weight|l2)_?)?penalty(_?(factor|weight|strength|term))?",
    ),
    (
        "l2",
        r"(lambda|lam|l2)_?(reg|val(ue)?|cost|penalty|l2|lambda|lam|w(eights?)?)?"
        r"|((l2|weights?|kernel)_?)?reg(ulari[sz](ation|er|ing))?"
        r"(_?(lambda|lam|strength|param(eter)?|term|factor|coef(f|ficient)?|rate|weight|const(ant)?))?",
    ),
    ("weights", rf"{_LIST_OF}(ws?|wts?|weights?){_LISTED}|w_?mats?|thetas?(?=_?\d)"),
    ("weights", r"synaptic_?weights|syn(apses?)?(?=_?\d)|coefs?|coefficients"),
    ("bias", rf"{_LIST_OF}(bs?|bias(es)?){_LISTED}|b_?vecs?|intercepts?"),
    ("scale", rf"{_LIST_OF}gammas?{_LISTED}"),
    ("shift", rf"{_LIST_OF}betas?{_LISTED}"),
    (
        "bundle",
        r"(net|network|model|rnn|nn)?_?(params?|paras?|parameters?)(_?(vec(tor)?|unrolled|flat))?"
        r"|(params?|weights?|net|network|model|rnn)_?dict|network|net|model|rnn|thetas?|layers",
    ),
    ("step", r"(h|eps|epsilon|delta)(_?(size|param(eter)?|val(ue)?))?|step|dx"),
    ("classes", r"k|(n|num|nb)_?classes|nclass"),
    ("samples", r"n|(n|m|num|nb)_?(samples|batch|examples)|b(atch)?_?size|nbatch"),
)

_W, _B = r"(w|weights?|theta)", r"(b|bias(es)?)"
_INPUT, _HIDDEN, _OUTPUT = r"(i|x|in|inputs?)", r"(h|hid|hidden)", r"(o|y|out|outputs?)"
_PLACED: tuple[tuple[Role, int, str], ...] = (
    (
        "weights",
        1,
        rf"{_W}_?{_INPUT}_?(to_?)?{_HIDDEN}|{_INPUT}_?(to_?)?{_HIDDEN}_?{_W}|{_W}_?{_HIDDEN}|hidden_?{_W}",
    ),
    (
        "weights",
        2,
        rf"{_W}_?{_HIDDEN}_?(to_?)?{_OUTPUT}|{_HIDDEN}_?(to_?)?{_OUTPUT}_?{_W}|{_W}_?{_OUTPUT}|out(put)?_?{_W}",
    ),
    ("bias", 1, rf"{_B}_?{_HIDDEN}|{_B}_?i_?h|hidden_?{_B}"),
    ("bias", 2, rf"{_B}_?{_OUTPUT}|{_B}_?h_?o|out(put)?_?{_B}"),
)
"""Parameters of a net with one hidden layer, by what they lead to: ``w_ih``, ``weights_hidden_output``, ``b_o``."""

_RATE = r"eta\w*|lr|\w*des?cent_?rate|l_?rate|learn(ing)?_?rate\w*|initial_?rate\w*|step_?size|lr_?init"
_VAGUE_RATES = ("alpha", "rate", "learning", "step")
_WEIGHTED = re.compile(
    r"(\w+_)?((?P<classes>class(es)?|pos(itive)?|neg(ative)?)|samples?|examples?|instances?|rows?|tokens?|loss|elements?)"
    r"(_?weights?|_w(ts?)?)",
    re.IGNORECASE,
)
_MOMENTUM, _BATCH = "0.9", "7"
_SETTINGS: tuple[tuple[str, str], ...] = (
    (_RATE, "0.01"),
    (r"(n|num|nb|max)?_?(epochs?|iter(s|ations)?|cycles?)(_?no)?", "1"),
    (r"(n|num|nb)_?(mini_?)?batches", "1"),
    (r"(n|num|nb)?_?(mini_?)?batch(es)?(_?size|_?n)?|b_?size", _BATCH),
    (r"(rho|mu|momentum)(_?(rate|factor|term))?", _MOMENTUM),
    (r"sig(ma)?|std(_?dev)?|(init(ial)?|weight)_?(scale|std)", "0.1"),
    (r"verbose|debug|plot\w*|print\w*|silent|graph\w*", "False"),
)
"""Arguments of a constructor that matter to training alone, and a value for each."""

_ARRAYS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("scale", re.compile(r"gam|scale")),
    ("shift", re.compile(r"bet|shift")),
    ("bias", re.compile(r"^b|bias|[._]b|\db")),
)
"""Vectors among the parameters, whose names say their kind with more around it: ``layers[1].bn_gamma``."""

_GRADIENT_PREFIXES = (
    "gradients", "gradient", "grads", "grad", "nabla", "derivatives", "derivative", "dloss", "dcost", "dj", "dl", "del",
    "d", "g",
)  # fmt: skip
_GRADIENT_SUFFIXES = ("gradients", "gradient", "grads", "grad")
_GRADIENT = re.compile(
    rf"^({'|'.join(_GRADIENT_PREFIXES)})(_?[A-Z]|_|$)|_({'|'.join(_GRADIENT_SUFFIXES)})$"
    r"|^(d|(?i:grads?)_?)(?i:w|b|gamma|beta|theta|bias|weights?)s?(_?(\d*|[ixhaoyfcgzru]{1,2})|_[a-z]{1,3})$"
)


class Meaning(NamedTuple):
    """What an argument is, and the layer of the net that its name counts; None where it counts none."""

    role: Role
    layer: int | None = None


def meaning(name: str) -> Meaning:
    """The role of an argument of this name.

    ``P``, ``H``, a cache and all else that a forward pass hands over is ``other``.
    """
    placed = spoken.get().get(name)
    return Meaning(*placed) if placed is not None else _usual_meaning(name)


@lru_cache(maxsize=4096)
def _usual_meaning(name: str) -> Meaning:
    plain = re.sub(r"^my_?(?=.)", "", in_english(name).strip("_"))
    for role, layer, pattern in _PLACED:
        if re.fullmatch(pattern, plain, re.IGNORECASE):
            return Meaning(role, layer)
    for role, pattern in _ARGUMENTS:
        counted = re.fullmatch(rf"({pattern})_?(?P<layer>\d+)", plain, re.IGNORECASE)
        if counted and role in PARAMETER_ROLES:
            return Meaning(role, int(counted["layer"]))
        if re.fullmatch(pattern, plain, re.IGNORECASE):
            return Meaning(role)
    return Meaning("other")


def l2_name(names: Iterable[str]) -> str | None:
    """The one of these names that is l2; of several the first that can mean nothing else, as ``alpha`` may be a slope,
    and ``decay`` a rate's."""
    candidates = [name for name in names if meaning(name).role == "l2"]
    clear = [name for name in candidates if name.strip("_").lower() not in ("alpha", "decay")]
    return next(iter([*clear, *candidates]), None)


def counts_samples(name: str) -> bool:
    """Whether the length of an array that is called so is the number of samples: ``m``, ``N``, ``m_train``."""
    return (
        meaning(name).role == "samples"
        or re.fullmatch(r"m(_?train)?|n_?train", name, re.IGNORECASE) is not None
    )


def is_parameter(name: str) -> bool:
    """Whether an argument of this name is an array of parameters, or the one that holds them all."""
    return meaning(name).role in PARAMETER_ROLES or bool(re.fullmatch(r"thetas?_?", name, re.IGNORECASE))


@lru_cache(maxsize=4096)
def training_setting(name: str) -> str | None:
    """A value for an argument of this name, where it matters to training alone; None where it may matter more."""
    plain = in_english(name)
    return next((value for pattern, value in _SETTINGS if re.fullmatch(pattern, plain, re.IGNORECASE)), None)


@lru_cache(maxsize=4096)
def is_settings(name: str) -> bool:
    """Whether an argument of this name holds settings: ``net_config``, ``args``, ``hparams``, ``GDparams``."""
    usual = (
        r"_*(\w+_)?(config|cfg|conf|args|opts?|options|hp|settings"
        r"|(h|hyper|(mini_?batch_?|mb|s)?gd|train(ing)?)_?param(eter)?s?)"
    )
    return re.fullmatch(usual, name, re.IGNORECASE) is not None


def step_setting(name: str) -> str | None:
    """Like :func:`training_setting`, for a single step from where the parameters are: momentum takes no part in it."""
    return "0.0" if is_momentum(name) else training_setting(name)


def is_momentum(name: str) -> bool:
    """Whether an argument of this name says how much of the last step is taken again."""
    return training_setting(name.strip("_")) == _MOMENTUM


def is_batch_size(name: str) -> bool:
    """Whether an argument or attribute of this name is the size of a batch."""
    return training_setting(name.strip("_")) == _BATCH


def is_step(name: str) -> bool:
    """Whether an argument of a numeric gradient is called like the step of its differences."""
    return _usual_meaning(name).role == "step"


def is_rate(name: str) -> bool:
    """Whether an argument or attribute of this name is the learning rate."""
    return re.fullmatch(_RATE, in_english(name).strip("_"), re.IGNORECASE) is not None


def rate_name(names: Iterable[str]) -> str | None:
    """The one of the names that an update uses which is the learning rate; ``alpha``, ``rate``, ``learning`` or
    ``step`` is, where no other is.

    >>> rate_name(["alpha", "lr"]), rate_name(["W", "rate"]), rate_name(["W", "b"])
    ('lr', 'rate', None)
    """
    given = {name: name.strip("_").lower() for name in names}
    vague = (name for other in _VAGUE_RATES for name, plain in given.items() if plain == other)
    return next((name for name in given if is_rate(name)), next(vague, None))


def weighted_by(name: str) -> Literal["samples", "classes"] | None:
    """Whether an array of this name says how much each sample counts, or each class; None where it is no such.

    >>> [weighted_by(name) for name in ("sample_weight", "class_weights", "pos_weight", "class_w", "weights")]
    ['samples', 'classes', 'classes', 'classes', None]
    """
    words = _WEIGHTED.fullmatch(in_english(name).strip("_"))
    return None if words is None else "classes" if words["classes"] else "samples"


def vector_role(name: str) -> Role | None:
    """What a vector of this name is among the parameters; None where its name does not say."""
    return next((role for role, pattern in _ARRAYS if pattern.search(in_english(name).lower())), None)


def is_weights(name: str) -> bool:
    """Whether an array of this name is a matrix of weights, whatever its shape."""
    return bool(re.search(r"(^|[._])[wW]", in_english(name)))


def is_gradient(name: str) -> bool:
    """Whether an attribute of this name holds a gradient: ``dW1``, ``grad_W``, ``grads``, ``dbh``."""
    plain = in_english(name).lstrip("_")
    of_spoken = plain[:1] == "d" and spoken.get().get(plain[1:], ("", None))[0] in PARAMETER_ROLES
    return of_spoken or bool(_GRADIENT.search(plain))


def may_be_gradient(name: str) -> bool:
    """Whether what stands beside a cost under this name is a gradient: ``dsoft``, ``dm``, ``g``."""
    words = "ata|iff|ist|im|en|et|ot|rop|own|ec|epth|ict|iag|type"
    return is_gradient(name) or re.fullmatch(rf"[gGdD]|d(?!{words})[a-z]\w*", name) is not None


def plain_name(name: str) -> str:
    """A name as it is compared: ``layers[0].W`` is ``layers0w``."""
    return re.sub(r"[\W_]", "", name.lower())


@lru_cache(maxsize=4096)
def parameter_names(name: str) -> frozenset[str]:
    """What the parameter of a gradient of that name can be called: ``w1`` for ``dW1``, ``grad_W1``, ``grads.W1``,
    ``dLoss_dW1``, ``W1_grad`` and ``W1``."""
    names = {plain_name(name)}
    for _ in range(2):
        for known in list(names):
            names |= {known.removeprefix(prefix) for prefix in _GRADIENT_PREFIXES}
            names |= {known.removesuffix(suffix) for suffix in _GRADIENT_SUFFIXES}
    return frozenset(filter(None, names))
