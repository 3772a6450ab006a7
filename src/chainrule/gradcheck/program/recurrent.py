"""What names mean in a file that holds a recurrent net: W beside U and V leads from one step to the next.

h_t = tanh(U x_t + W h_{t-1} + b), P_t = softmax(V h_t + c); the same parameters are called W_xh, W_hh, W_hy, b_h and
b_y, or after the input, hidden and output layers. Nets with gates (LSTM, GRU) have several: Wf, Wi, Wo and Wc, or Wz,
Wr and Wh, of state and input at once, or of the input alone beside Uf, Ui, Uo and Uc of the state. Alone, most of
these letters mean other things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from chainrule.gradcheck.program.spoken import SpokenMeaning, SpokenRole, all_called, is_called

_W, _B = r"(?:w|wgts?|weights?|theta)s?_?", r"(?:b|bias(?:es)?)_?"
_X, _H, _Y = r"(?:i|x|in|inp|inputs?)", r"(?:h|a|s|hid|hidden|cell|rec|recurrent)", r"(?:o|y|out|outputs?)"
_TO = r"_?(?:to_?|2)?"
_BEFORE = r"(?:prev(?:ious)?|pre|init(?:ial)?|last|start|old|past)"
_HIDDEN_STATE = r"h(?:id(?:den)?)?_?state"
_KEPT = rf"(?:h(?:id(?:den)?)?|s|a|state|{_HIDDEN_STATE}|memory)"
_STATE = (
    rf"{_BEFORE}_?{_KEPT}|{_KEPT}_?(?:{_BEFORE}(?:_?state)?|0|tm1|t_?1|t_?minus_?1)|h_?in|p_?h|h_?p|{_HIDDEN_STATE}"
    r"|init(?:ial)?_?h(?:idden)?_?states?|memory"
)
VAGUE_STATE = r"(?-i:[hH])|hidden|hs?_?t?|(?-i:H_?0)|state"
"""What may be the state before the first step, or those of all steps."""
_CELL = rf"{_BEFORE}_?c(?:ell)?(?:_?state)?|c(?:ell)?_?(?:state_?)?(?:{_BEFORE}|0|tm1|t_?1)|c(?:ell)?_?state"
"""What is kept beside the state."""
_SEQUENCE = r"(?:x|in(?:put)?s?)?_?(?:sequences?|sentences?|text)"
"""What the inputs of all steps are called beside them."""
_INPUTS = rf"{_SEQUENCE}|inputs?_labels?"
"""What they are called here: labels beside targets, which are those of the next step."""

_LETTERS: Mapping[str, SpokenMeaning] = {
    "u": ("weights", 1),
    "w": ("recurrent", 1),
    "v": ("weights", 2),
    "b": ("bias", 1),
    "c": ("bias", 2),
}
_AFFIXED = re.compile(rf"(?P<before>(?:{_W}|{_B}|mat_?|rnn_?|net_?)?)(?P<letter>[uwvbcUWVBC])", re.IGNORECASE)


def _either(kind: str, *places: str) -> str:
    """A name that says a kind before or after the places that it leads from and to."""
    return "|".join(rf"{kind}{place}|{place}_?{kind.removesuffix('_?')}" for place in places)


_INPUT = _either(_W, rf"{_X}{_TO}{_H}", _X) + rf"|{_W}a_?x"
_RECURRENT = _either(_W, rf"{_H}{_TO}{_H}", r"rec(?:urrent)?") + rf"|{_W}rr"
_HIDDEN = _either(_W, _H)
_OUTPUT = _either(_W, rf"{_H}{_TO}{_Y}", _Y) + rf"|{_W}y_?a"
_HIDDEN_BIAS, _OUTPUT_BIAS = _either(_B, rf"{_H}{{1,2}}", rf"{_X}_?{_H}"), _either(_B, rf"{_H}?_?{_Y}")


def recurrent_names(names: Iterable[str]) -> dict[str, SpokenMeaning]:
    """What names mean where a recurrent net is among what they name; nothing where there is none.

    >>> recurrent_names(["U", "W", "V", "b", "c", "hprev"])["W"]
    ('recurrent', 1)
    >>> recurrent_names(["W1", "b1", "W2", "b2", "h"])
    {}
    """
    every = list(dict.fromkeys(names))
    parameters = _by_gates(every) or _by_letters(every) or _by_places(every)
    if not parameters:
        return {}
    others: tuple[tuple[SpokenRole, str], ...] = (
        ("state", rf"{_STATE}|{VAGUE_STATE}"),
        ("inputs", _INPUTS),
        ("cell", _CELL),
    )
    data: dict[str, SpokenMeaning] = {
        name: (role, None)
        for role, pattern in others
        for name in every
        if name not in parameters and is_called(pattern, name)
    }
    return data | parameters


def is_vague_state(name: str) -> bool:
    """Whether a name may be that of all states: ``H``; ``hprev`` is not."""
    return is_called(VAGUE_STATE, name)


def is_first_state(name: str) -> bool:
    """Whether a name is that of the state before a step, where there is a recurrent net: ``hprev``; ``H`` is not."""
    return is_called(_STATE, name) and not is_vague_state(name)


def _by_letters(names: list[str]) -> dict[str, SpokenMeaning]:
    """Those that are called U, W and V, or u, w and v, with something before all of them or nothing."""
    told: dict[bool, dict[str, SpokenMeaning]] = {True: {}, False: {}}
    for name in names:
        match = _AFFIXED.fullmatch(name.strip("_"))
        if match is not None:
            letter = match["letter"]
            is_bias = letter.lower() in "bc"
            for capital in (True, False) if is_bias else (letter.isupper(),):
                told[capital][name] = _LETTERS[letter.lower()]
    for own in (told[True], told[False]):
        if {place for place in own.values() if place[0] != "bias"} == {*_LETTERS.values()} - _BIASES:
            return own
    return {}


_OUT: SpokenMeaning = ("weights", 2)
_OUT_BIAS: SpokenMeaning = ("bias", 2)
_BIASES: set[SpokenMeaning] = {("bias", 1), _OUT_BIAS}


_NETS_WITH_GATES = ((("f", "i", "o"), "cgau"), (("z", "r"), "hcgn"), (("u", "r"), "hcgn"))
"""The gates of a net, and what may come beside them: the candidate of its new state."""


def _by_gates(names: list[str]) -> dict[str, SpokenMeaning]:
    """Those of a net with gates, which have one array of each kind for each of them."""
    nets = ((*gates, candidate) for gates, candidates in _NETS_WITH_GATES for candidate in candidates)
    told = next(filter(None, (_of_gates(letters, names) for letters in nets)), {})
    if not told:
        return {}
    outputs = dict.fromkeys(all_called(rf"{_OUTPUT}|w_?v|v", names), _OUT)
    return outputs | dict.fromkeys(all_called(rf"{_OUTPUT_BIAS}|b_?v", names), _OUT_BIAS) | told


def _of_gates(letters: Sequence[str], names: list[str]) -> dict[str, SpokenMeaning]:
    """Those of certain gates; nothing where one of them lacks its weights."""
    alone, of_input, of_state, biases = (
        [name for letter in letters for name in all_called(pattern.format(letter), names)]
        for pattern in (r"w_?{0}", r"w_?(?:x_?{0}|{0}_?x)", r"u_?{0}|w_?(?:h_?{0}|{0}_?h)", r"b_?{0}")
    )
    of_input = of_input or alone
    told: dict[str, SpokenMeaning] = dict.fromkeys(biases, ("bias", 1))
    if len(of_state) == len(of_input) == len(letters):
        told |= dict.fromkeys(of_state, ("recurrent", 1))
        return told | dict.fromkeys(of_input, ("weights", 1))
    return told | dict.fromkeys(alone, ("gate", 1)) if len(alone) == len(letters) else {}


def _by_places(names: list[str]) -> dict[str, SpokenMeaning]:
    """Those that are called after the layers that they lead from and to; Wh is recurrent beside Wx."""
    inputs, recurrent = all_called(_INPUT, names), all_called(_RECURRENT, names)
    hidden, outputs = all_called(_HIDDEN, names), all_called(_OUTPUT, names)
    if not recurrent and inputs:
        recurrent, hidden = hidden, []
    if not recurrent or not (inputs or hidden):
        return {}
    told: dict[str, SpokenMeaning] = dict.fromkeys(inputs or hidden, ("weights", 1))
    told |= dict.fromkeys(outputs, ("weights", 2)) | dict.fromkeys(recurrent, ("recurrent", 1))
    told |= dict.fromkeys(all_called(rf"{_HIDDEN_BIAS}|b", names), ("bias", 1))
    return told | dict.fromkeys(all_called(_OUTPUT_BIAS, names), ("bias", 2))
