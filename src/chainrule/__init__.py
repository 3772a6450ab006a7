"""Fully connected nets with gradients derived by hand, trained as populations, checked, and put beside published
results. The command line is ``chainrule``; :func:`check_gradient`, :func:`assert_gradient` and :func:`check_layer`
check anybody's gradient, :func:`check` those of a notebook or script; :func:`from_arrays` makes a data set of a table
of your own, and :func:`search` searches settings for the best on it; :class:`Population` trains nets an epoch at a
time; :func:`load` reads a net; :func:`open_run` reads a folder of results, whose figures are ``run.plot.loss()`` and so
on; :func:`plot_history`, :func:`plot_weights` and :func:`plot_gradients` draw those of another program's net,
:func:`gradient_table` is the table of its gradient check; all else is imported from its package.

- ``chosen``: rows of tables in an order of their own, which are no copy.
- ``errors``: exceptions that say value, problem and repair.
- ``arrays``: what an array is called in type hints.
- ``version``: which chainrule this is.
- ``rng``: random streams by their key.
- ``text``: text from elsewhere, made safe to print.
- ``statistics``: differences between samples of runs.
- ``files``: files that appear whole or not at all.
- ``inputs``: anybody's files, read within limits.
- ``npz``: arrays as NumPy packs them, read within limits.
- ``matlab``: arrays and texts as MATLAB packs them, read within limits.
- ``tensors``: arrays in a file beside what they are.
- ``machine/``: cores, kernels, products; what a result was made on.
- ``components/``: what a net is put together from: losses, inits, schedules and so on, by name.
- ``settings/``: how one net is trained; strict, with every problem said.
- ``records/``: what is left behind, as plain versioned data.
- ``data/``: from published files to minibatches.
- ``nn/``: the mathematics: layers, losses, inits; forward beside backward.
- ``nets/``: nets that need nothing else, in a file each.
- ``train/``: the training loop, learning rates, and what takes the steps.
- ``work/``: nets on disk; what was killed goes on.
- ``searches/``: which settings are best.
- ``experiments/``: published numbers beside ours, with interval and verdict.
- ``report/``: page, figures, tables.
- ``gradcheck/``: anybody's gradient: is it right, which bug, which line?
- ``selfcheck/``: the gradients of our own nets.
- ``api``: searches from Python.
- ``gradient_tables``: the table of a gradient check from Python.
- ``estimators/``: nets in scikit-learn's conventions.
- ``cli/``: the command line.
- ``pytest_plugin``: a fixture that checks a gradient.

Each stands on those in front of it and knows none behind; ``docs/architecture.md`` walks through them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chainrule.api import search
    from chainrule.data.tables import from_arrays
    from chainrule.estimators import EarlyStopping, MLPClassifier, MLPRegressor, Population
    from chainrule.gradcheck import Check, CheckError, assert_gradient, check_gradient, check_layer
    from chainrule.gradient_tables import gradient_table
    from chainrule.nets.file import load
    from chainrule.report.own_plots import plot_gradients, plot_history, plot_weights
    from chainrule.report.run import open_run

__all__ = [
    "Check",
    "CheckError",
    "EarlyStopping",
    "MLPClassifier",
    "MLPRegressor",
    "Population",
    "assert_gradient",
    "check",
    "check_gradient",
    "check_layer",
    "from_arrays",
    "gradient_table",
    "load",
    "open_run",
    "plot_gradients",
    "plot_history",
    "plot_weights",
    "search",
]

_ELSEWHERE = {
    "EarlyStopping": ("chainrule.estimators", "EarlyStopping"),
    "MLPClassifier": ("chainrule.estimators", "MLPClassifier"),
    "MLPRegressor": ("chainrule.estimators", "MLPRegressor"),
    "Population": ("chainrule.estimators", "Population"),
    "from_arrays": ("chainrule.data.tables", "from_arrays"),
    "gradient_table": ("chainrule.gradient_tables", "gradient_table"),
    "check": ("chainrule.gradcheck.session.checking", "check_session"),
    "load_ipython_extension": ("chainrule.gradcheck.session.magic", "load_ipython_extension"),
    "load": ("chainrule.nets.file", "load"),
    "open_run": ("chainrule.report.run", "open_run"),
    "plot_gradients": ("chainrule.report.own_plots", "plot_gradients"),
    "plot_history": ("chainrule.report.own_plots", "plot_history"),
    "plot_weights": ("chainrule.report.own_plots", "plot_weights"),
    "search": ("chainrule.api", "search"),
}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the command line starts without what it does not need.
    if name in _ELSEWHERE or name in __all__:
        module, attribute = _ELSEWHERE.get(name, ("chainrule.gradcheck", name))
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'chainrule' has no attribute {name!r}")
