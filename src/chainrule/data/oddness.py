"""Columns of texts that were hardly meant for categories: numbers among which a text stands, texts that hardly come
again."""

from __future__ import annotations

from collections import Counter

from chainrule.text import excerpt

_FEW = 20
"""Different texts of a column, which may well be categories whatever they are."""


def is_number(text: str) -> bool:
    """Whether a text says a number, with a point for decimals.

    >>> [is_number(text) for text in ("-1.5e3", " 2 ", "1,5", "1_000", "")]
    [True, True, False, False, False]
    """
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def oddness(counted: Counter[str]) -> str | None:
    """Why texts, which came so many times each, may not be what they were meant for; None where nothing tells.

    >>> print(oddness(Counter({"Rome": 3, "Oslo": 2})))
    None
    >>> oddness(Counter(map(str, ["n.a.", *range(30)]))).partition(";")[0]
    "holds numbers, but 'n.a.' is none, so each counts as a category"
    """
    stray = among_numbers(counted)
    if stray is not None:
        return (
            f"holds numbers, but {excerpt(repr(stray))} is none, so each counts as a category; write numbers alone, "
            "with a point for decimals, and nothing where there is none"
        )
    if hardly_come_again(counted):
        first = excerpt(repr(next(iter(counted))))
        return (
            f"holds {len(counted)} different texts in {counted.total()} rows, such as {first}; what hardly comes again "
            "tells little: leave it out, or make numbers of it, such as days since a day"
        )
    return None


def among_numbers(counted: Counter[str]) -> str | None:
    """A text that stands among many different numbers and is none; None where there is none.

    >>> among_numbers(Counter(map(str, ["n.a.", *range(30)])))
    'n.a.'
    """
    odd = [text for text in counted if not is_number(text)]
    # A number with a comma for decimals is named only where nothing stands out among such.
    no_numbers = [text for text in odd if not is_number(text.replace(",", "."))]
    stands_out = len(counted) > _FEW and odd and len(no_numbers) < len(counted) / 2
    return (no_numbers or odd)[0] if stands_out else None


def hardly_come_again(counted: Counter[str]) -> bool:
    """Whether there are many different texts, most of which came once.

    >>> hardly_come_again(Counter(f"2024-01-{day}" for day in range(1, 31))), hardly_come_again(Counter("ab"))
    (True, False)
    """
    return len(counted) > max(_FEW, counted.total() / 2)
