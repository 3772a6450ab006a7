"""Eight tables by defaults: chainrule beside scikit-learn's MLP, LightGBM and a linear model.

    python benchmarks/tables/compare.py --out runs/tables.jsonl

Five folds, the same for all. chainrule trains `members=16`; all else is as it comes. The peers get what they need and
chainrule does by itself: for nets and linear models gaps are filled with the median and marked, numbers standardised,
texts made columns of 0 and 1, and numbers to be learned are standardised for scikit-learn's MLP; LightGBM gets texts as
categories. A line of JSON is kept for every table, fold and model; the same again goes on. `error` is the share of rows
told wrong, of numbers the root mean squared error in units of their standard deviation; seconds are those of `fit` and
of predicting.

What defaults are chosen on are other tables, and settings to try are given by name:

    python benchmarks/tables/compare.py --others --models chainrule --set optimizer=adam --out runs/adam.jsonl
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from data import EIGHT, OTHERS, Table, load

FOLDS = 5
MODELS = ("chainrule", "sklearn", "lightgbm", "linear")


def model(name: str, table: Table, seed: int, settings: dict[str, Any]) -> Any:
    """An estimator of that name, as it comes."""
    if name == "chainrule":
        import chainrule

        kind = chainrule.MLPClassifier if table.classes else chainrule.MLPRegressor
        return kind(**{"members": 16, **settings}, random_state=seed)
    if name == "lightgbm":
        import lightgbm

        boosted = lightgbm.LGBMClassifier if table.classes else lightgbm.LGBMRegressor
        return boosted(random_state=seed, verbose=-1)
    if name == "linear":
        return _encoded(LogisticRegression(max_iter=1000) if table.classes else LinearRegression())
    if table.classes:
        return _encoded(MLPClassifier(random_state=seed))
    return TransformedTargetRegressor(_encoded(MLPRegressor(random_state=seed)), transformer=StandardScaler())


def _encoded(last: Any) -> Any:
    numbers = make_column_selector(dtype_include="number")
    texts = make_column_selector(dtype_exclude="number")
    filled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    columns = make_column_transformer((filled, numbers), (OneHotEncoder(handle_unknown="ignore"), texts))
    return make_pipeline(columns, last)


def _categories(X: Any) -> Any:
    """Texts as categories, which LightGBM takes."""
    return X.astype(dict.fromkeys(X.select_dtypes(exclude="number").columns, "category"))


def measured(name: str, table: Table, fold: int, settings: dict[str, Any]) -> dict[str, Any]:
    """How a model does on a fold of a table."""
    X = _categories(table.X) if name == "lightgbm" else table.X
    folds = (StratifiedKFold if table.classes else KFold)(FOLDS, shuffle=True, random_state=0)
    train, test = list(folds.split(X, table.y))[fold]
    estimator = model(name, table, fold, settings)
    start = time.perf_counter()
    with warnings.catch_warnings(action="ignore"):
        estimator.fit(X.iloc[train], table.y[train])
        if table.classes:
            probabilities = estimator.predict_proba(X.iloc[test])
            said = estimator.classes_[probabilities.argmax(axis=1)]
        else:
            said = estimator.predict(X.iloc[test])
    seconds, truth = time.perf_counter() - start, table.y[test]
    result = {"table": table.name, "fold": fold, "model": name, "rows": len(table.y), "seconds": seconds}
    if table.classes:
        loss = float(log_loss(truth, probabilities, labels=estimator.classes_))
        return result | {"error": float(np.mean(said != truth)), "log_loss": loss}
    return result | {"error": float(np.sqrt(np.mean((said - truth) ** 2)) / np.std(table.y))}


def run(
    names: Sequence[str], models: Sequence[str], folds: int, settings: dict[str, Any], out: Path
) -> list[dict[str, Any]]:
    """All that is asked for, of which what ``out`` holds is not done again."""
    done = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    known = {(one["table"], one["fold"], one["model"]) for one in done}
    out.parent.mkdir(parents=True, exist_ok=True)
    for name in names:
        wanted = [(fold, kind) for fold in range(folds) for kind in models if (name, fold, kind) not in known]
        table = load(name) if wanted else None
        for fold, kind in wanted:
            done.append(measured(kind, table, fold, settings))
            with out.open("a") as file:
                file.write(json.dumps(done[-1]) + "\n")
    return done


def summary(done: Sequence[dict[str, Any]], names: Sequence[str], models: Sequence[str]) -> str:
    """Means over folds as Markdown, and on how many tables chainrule is ahead or within noise."""
    lines = ["| table | rows | | " + " | ".join(models) + " |", "|---|---:|---|" + "---:|" * len(models)]
    standing = {(peer, what): [0, 0, 0] for peer in models[1:] for what in ("error", "log_loss")}
    for name in names:
        own = [one for one in done if one["table"] == name]
        for what in ("error", "log_loss", "seconds"):
            values = {kind: _values(own, kind, what) for kind in models}
            if not all(map(len, values.values())):
                continue
            means = " | ".join(f"{values[kind].mean():.3f}" for kind in models)
            lines.append(f"| {name} | {own[0]['rows']} | {what} | {means} |")
            for peer in models[1:] if what != "seconds" else ():
                differences = values[models[0]] - values[peer]
                noise = 2 * differences.std(ddof=1) / np.sqrt(len(differences))
                counts = standing[peer, what]
                counts[0] += bool(differences.mean() < 0)
                counts[1] += bool(differences.mean() <= noise)
                counts[2] += 1
    for (peer, what), (ahead, near, of) in standing.items():
        lines.append(
            f"\n{what} beside {peer}: ahead on {ahead} of {of}, ahead or within two standard errors on {near}"
        )
    return "\n".join(lines)


def _values(own: Sequence[dict[str, Any]], kind: str, what: str) -> Any:
    """By fold, (F,)."""
    here = sorted((one for one in own if one["model"] == kind and what in one), key=lambda one: one["fold"])
    return np.array([one[what] for one in here])


def _setting(text: str) -> tuple[str, Any]:
    key, _, value = text.partition("=")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="lines of JSON; the same again goes on")
    parser.add_argument("--others", action="store_true", help="the tables that defaults are chosen on")
    parser.add_argument("--tables", help="some of them, a,b,...")
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--folds", type=int, default=FOLDS, help="so many of the five")
    parser.add_argument(
        "--set", action="append", default=[], type=_setting, help="a parameter of chainrule's"
    )
    options = parser.parse_args()
    names = options.tables.split(",") if options.tables else [*(OTHERS if options.others else EIGHT)]
    models = options.models.split(",")
    done = run(names, models, options.folds, dict(options.set), options.out)
    print(summary(done, names, models))


if __name__ == "__main__":
    main()
