"""What names mean in a file whose net has filters, each as large as the patches into which the images are cut.

P patches of f * f * 3 = d numbers of N images are MX (P, d, N), the F filters are (d, F): every patch is multiplied by
every filter, and what comes out, P * F numbers of an image, is the input of a net that has a hidden layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chainrule.gradcheck.program.spoken import SpokenMeaning, all_called

_FLAT = r"(_?(flat(tened)?|mat(rix)?|2d|all))?"
_CONV = r"conv(olution(al)?)?(_?1)?"
_FILTERS = (
    rf"(flat(tened)?_?)?((?-i:F)|fs|filters?|kernels?){_FLAT}|{_CONV}_?(w(eights?)?|filters?|kernels?|f){_FLAT}"
    rf"|(w|weights?)_?(f|fs|c|filters?|{_CONV}){_FLAT}"
)
_FLATTENED = r"(flat(tened)?_?)?fs|(flat(tened)?_?)(f|fs|filters?)|(f|fs|filters?)_?flat(tened)?"
_FILTER_BIAS = rf"b(ias(es)?)?_?(f|fs|c|filters?|{_CONV})|(f|fs|filters?|{_CONV})_?b(ias(es)?)?"
_BIAS_BEFORE, _WEIGHTS_BEFORE = r"b(ias(es)?)?_?0", r"w(eights?)?_?0"
_PATCHES = (
    r"m_?x(_?(mini_?)?batch|_?(train|tr|b|flat|mat|in|data))?|(x_?)?(patch(es)?|patchified)(_?(mat(rix)?|batch|x))?"
    r"|x_?(ims?|images?)|x_?col(s|umns)?"
)
_SIZES = r"n_?p|(n|num|nb)_?patch(es)?|n_?f|(n|num|nb)_?filters?"


def is_flat(name: str) -> bool:
    """Whether filters of this name are a matrix: ``Fs_flat``, beside ``Fs``."""
    return re.search(r"flat|mat|2d", name, re.IGNORECASE) is not None


def names_beside_filters(names: Iterable[str]) -> dict[str, SpokenMeaning]:
    """What names mean where filters are among what they name, and patches or their number, or the filters are a matrix;
    nothing where these are not.

    >>> names_beside_filters(["MX", "Y", "Fs_flat", "W1", "b1"])
    {'Fs_flat': ('filters', None), 'MX': ('inputs', None)}
    >>> names_beside_filters(["MX", "Y", "Fs_flat", "b0", "W1", "b1"])["b0"]
    ('filter bias', None)
    >>> names_beside_filters(["X", "Y", "F", "W1", "b1"])
    {}
    """
    every = list(dict.fromkeys(names))
    filters, patches = all_called(_FILTERS, every), all_called(_PATCHES, every)
    if not filters or not (patches or all_called(f"{_SIZES}|{_FLATTENED}", every)):
        return {}
    told: dict[str, SpokenMeaning] = dict.fromkeys(filters, ("filters", None))
    # Of layers that are counted from 1, no bias is the 0th.
    before = [] if all_called(_WEIGHTS_BEFORE, every) else all_called(_BIAS_BEFORE, every)
    return (
        told
        | dict.fromkeys([*all_called(_FILTER_BIAS, every), *before], ("filter bias", None))
        | dict.fromkeys(patches, ("inputs", None))
    )
