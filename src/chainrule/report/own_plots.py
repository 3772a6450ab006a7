"""Figures of a net that another program trained, for notebooks and scripts: altair charts, which ``save`` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from chainrule.report.curves import draw_curves
from chainrule.report.histograms import draw_histograms
from chainrule.report.history import read_histories
from chainrule.report.own_arrays import gradients_figure, weights_figure
from chainrule.report.templates import draw_templates
from chainrule.report.weight_layouts import ImageShape

if TYPE_CHECKING:
    import altair as alt


def plot_history(*files: str | Path, columns: Mapping[str, str] | None = None) -> alt.VConcatChart:
    """Curves of the histories in some files, a column of panels a file; see :func:`read_histories`.

    Args:
        files: ``.csv``, ``.tsv``, ``.json``, ``.npz`` or ``.mat``.
        columns: what columns hold, where their names do not tell: ``{"loss": "kostnad"}``.

    Raises:
        DataError: a file cannot be read, or no column with numbers is recognised.
        SettingsError: no file has such a column.
        MissingExtraError: altair is not installed.

    >>> history = Path("history.csv")
    >>> length = history.write_text("epoch,loss\\n1,0.7\\n2,0.5\\n")
    >>> plot_history(history).title.text
    ['history.csv']
    >>> history.unlink()
    """
    return draw_curves(read_histories([Path(file) for file in files], columns)[0])


def plot_weights(
    W: NDArray[Any],
    *,
    shape: ImageShape | None = None,
    classes: Sequence[str] = (),
    columns_first: bool = False,
) -> alt.VConcatChart:
    """The rows or columns of a first layer's W as pictures; see :func:`weights_figure`.

    Args:
        W: (K, D) or (D, K), perhaps with the bias as a last entry of each row; or with axes for rows, columns and
            colours, as (K, 28, 28), (K, 3, 32, 32), (K, 32, 32, 3) or (32, 32, 3, K).
        shape: of the images, such as (28, 28), (3, 32, 32) or (32, 32, 3); by default that of W's size.
        classes: names of the rows.
        columns_first: pixels run down the columns of a picture, as MATLAB's ``image(:)`` has them.

    Raises:
        SettingsError: it is no W of such images.
        MissingExtraError: altair or Pillow is not installed.

    >>> import numpy as np
    >>> plot_weights(np.eye(10, 64), shape=(8, 8)).title.text
    ['W as pictures']
    """
    return draw_templates(weights_figure({"W": W}, shape=shape, classes=classes, down=columns_first)[0])


def plot_gradients(gradients: Mapping[str, NDArray[Any]]) -> alt.ConcatChart:
    """Histograms of the entries of gradients, all on the same bins.

    Args:
        gradients: by name.

    Raises:
        SettingsError: none has two finite entries.
        MissingExtraError: altair is not installed.

    >>> import numpy as np
    >>> len(plot_gradients({"dW1": np.eye(3), "dW2": np.ones((2, 2))}).concat)
    2
    """
    return draw_histograms(gradients_figure(gradients)[0])
