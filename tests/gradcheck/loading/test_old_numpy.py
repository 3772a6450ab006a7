"""Names that NumPy had once: they are there, do what they did, and their use is told."""

import numpy as np
import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.loading import old_numpy
from chainrule.gradcheck.sandbox.process import Limits
from support.checked_files import check_only

GONE = sorted(old_numpy.OLD_NAMES.keys() - vars(np).keys())

NET = """
import numpy as np

def softmax(S):
    E = np.exp(S - S.max(axis=0))
    return E / np.sum(E, axis=0)

def compute_cost(X, Y, W, b, lam):
    P = softmax(W @ X + b)
    return -np.sum(Y * np.log(P)) / np.float(X.shape[1]) + lam * np.sum(W ** 2)

def compute_gradients(X, Y, W, b, lam):
    G = np.asfarray(softmax(W @ X + b) - Y) / np.int(X.shape[1])
    return G @ X.T + 2 * lam * W, np.sum(G, axis=1, keepdims=True)
"""


@pytest.fixture
def used(monkeypatch):
    monkeypatch.setattr(np, "__getattr__", np.__getattr__)
    monkeypatch.setattr(np.lib, "__getattr__", np.lib.__getattr__)
    for name in (*old_numpy.OLD_KEYWORDS, *old_numpy.RAGGED, *old_numpy.OF_SIZES, "sum"):
        monkeypatch.setattr(np, name, getattr(np, name))
    return old_numpy.give_old_names()


def test_what_is_gone_is_there(used):
    assert {"int", "float_", "mat", "Inf", "product"} <= set(GONE)
    for name in GONE:
        assert getattr(np, name) is old_numpy.OLD_NAMES[name]
    assert list(used) == GONE
    assert old_numpy.OLD_NAMES["trapz"] is not None


def test_np_lib_pad_is_there(used):
    assert np.lib.pad is np.pad
    assert list(used) == ["lib.pad"]
    assert "np.lib.pad" in old_numpy.told(used)[0]


@pytest.mark.parametrize("name", old_numpy.RAGGED)
def test_arrays_of_several_shapes_are_held_in_one(name, used):
    made = getattr(np, name)([np.ones((5, 6)), np.ones((3, 5)), [1.0, 2.0]])
    assert made.dtype == object
    assert [np.shape(each) for each in made] == [(5, 6), (3, 5), (2,)]
    assert f"np.{name}(of several shapes) no more" in old_numpy.told(used)[0]


@pytest.mark.parametrize("name", old_numpy.RAGGED)
@pytest.mark.parametrize("several", [[np.ones((5, 6)), np.ones((5, 3))], "x"])
def test_what_was_no_array_then_is_none_now(name, several, used):
    if isinstance(several, str):
        assert getattr(np, name)(several).dtype.kind == "U"
    else:
        with pytest.raises(ValueError, match="inhomogeneous"):
            getattr(np, name)(several)
    assert not used


def test_keywords_that_are_gone_are_taken(used):
    assert np.reshape(np.arange(4), newshape=(2, 2)).shape == (2, 2)
    assert np.percentile([1.0, 2.0, 4.0], 50, interpolation="lower") == 2.0
    assert np.histogram([1.0, 2.0], bins=1, normed=True)[0] == [1.0]
    assert np.reshape(np.arange(4), (2, 2), order="F")[0, 1] == 2
    told = old_numpy.told(used)[0]
    assert "np.reshape(newshape=), np.percentile(interpolation=), np.histogram(normed=) no more" in told


def test_what_a_generator_gives_is_added_up(used):
    assert np.sum(x for x in [1.0, 2.0]) == 3.0
    assert list(used) == ["sum(generator)"]
    assert np.sum([[1.0, 2.0]], axis=0).tolist() == [1.0, 2.0]


def test_what_is_given_one_after_the_other_is_stacked(used):
    assert np.stack(map(np.ones, [2, 2]), axis=1).shape == (2, 2)
    assert np.vstack(np.ones(2) for _ in range(3)).shape == (3, 2)
    assert list(used) == ["stack(iterator)", "vstack(iterator)"]
    assert np.stack([np.ones(2)]).shape == (1, 2)


def test_what_numpy_never_had_it_has_not_now(used):
    with pytest.raises(AttributeError, match="no attribute 'sigmoid'"):
        _ = np.sigmoid
    assert not old_numpy.told(used)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
@pytest.mark.parametrize(
    ("name", "given", "result"),
    [
        ("mat", ("1 2; 3 4",), [[1, 2], [3, 4]]),
        ("asscalar", (np.array([[2.5]]),), 2.5),
        ("asfarray", ([1, 2],), [1.0, 2.0]),
        ("asfarray", ([1, 2], int), [1.0, 2.0]),
        ("in1d", ([[1, 2], [3, 1]], [1]), [True, False, False, True]),
        ("msort", ([[3, 1], [2, 5]],), [[2, 1], [3, 5]]),
        ("row_stack", (([1, 2], [3, 4]),), [[1, 2], [3, 4]]),
        ("alltrue", ([1, 0],), False),
        ("rank", ([[1]],), 2),
        ("trapz", ([1, 2, 3],), 4.0),
    ],
)
def test_it_does_what_it_did(name, given, result):
    value = old_numpy.OLD_NAMES[name](*given)
    assert np.array_equal(value, result)
    assert np.asarray(value).dtype == np.asarray(result).dtype


def test_a_file_for_an_earlier_numpy_is_checked_and_that_is_told(tmp_path):
    (tmp_path / "net.py").write_text(NET)
    outcome, _ = check_only(tmp_path / "net.py", Conditions(Limits()))
    assert outcome.right
    (told,) = [note for note in outcome.notes if note.startswith(f"NumPy {np.__version__} has np.")]
    assert all(f"np.{name}" in told for name in ("float", "asfarray", "int"))


@pytest.mark.parametrize("name", old_numpy.OF_SIZES)
def test_sizes_may_be_whole_floats(name, used):
    function = getattr(np, name)
    more = (1.0,) if name == "full" else ()
    assert function((2, 1 + 6 / 2), *more).shape == (2, 4)
    assert function(4.0, *more).shape == (4,)
    assert f"np.{name}(of floats) no more" in old_numpy.told(used)[0]
    with pytest.raises(TypeError):
        function((2, 2.5), *more)
    with pytest.raises(TypeError):
        function("4", *more)
