"""A data set of arrays of one's own: splits, classes, what is refused; and that it goes where a name goes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import chainrule
from chainrule import chosen
from chainrule.chosen import lying
from chainrule.data.encoding import EncodingNotice
from chainrule.data.frames import Frame
from chainrule.data.prepared import prepare
from chainrule.data.tables import from_arrays
from chainrule.errors import DataError
from chainrule.settings.settings import Settings
from chainrule.train.population import train

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4)).astype(np.float32)
Y = np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")


def settings(**changes):
    base = {
        "train": "train", "val": "val", "test": "test", "preprocess": "standardize", "init": "he",
        "batch_size": 8, "epochs": 2, "shuffle": True, "learning_rate": 0.1,
    }  # fmt: skip
    return Settings.model_validate(base | changes)


def rows_of(data, batch):
    return {row.tobytes() for row in data.images[data.batches[batch]]}


def test_every_row_is_in_one_split_with_its_label():
    data = from_arrays(X, Y, val=0.2, test=0.3)
    assert [len(rows) for rows in data.batches.values()] == [30, 12, 18]
    parts = [rows_of(data, batch) for batch in ("train", "val", "test")]
    assert set.union(*parts) == {row.tobytes() for row in X}
    told = {row.tobytes(): label for row, label in zip(X, Y, strict=True)}
    for row, code in zip(data.images, data.labels, strict=True):
        assert data.classes[code] == told[row.tobytes()]


def test_rows_of_their_own_validate_and_test():
    data = from_arrays(X[:40], Y[:40], val=(X[40:50], Y[40:50]), test=(X[50:], Y[50:]))
    assert data.batches == {"train": range(40), "val": range(40, 50), "test": range(50, 60)}
    np.testing.assert_array_equal(data.images, X)


@pytest.mark.parametrize("val", [None, 0.2, (X[:7], Y[:7])])
def test_what_is_done_to_a_small_table_later_changes_nothing(val):
    mine = X.copy()
    data = from_arrays(mine, Y, val=val)
    before = np.array(data.images)
    mine[:] = 0
    np.testing.assert_array_equal(data.images, before)


def test_without_rows_to_validate_on_nothing_large_is_copied_and_val_is_unknown(monkeypatch):
    monkeypatch.setattr(chosen, "COPIED", X.nbytes)
    data = from_arrays(X, Y, val=None)
    assert np.shares_memory(data.images, X)
    assert not data.images.flags.writeable
    assert X.flags.writeable
    with pytest.raises(DataError, match="val = 'val': table has no such batch"):
        prepare(settings(), data)


def test_large_tables_that_are_drawn_from_or_given_to_validate_on_are_no_copies(tmp_path, monkeypatch):
    monkeypatch.setattr(chosen, "COPIED", 0)
    np.save(tmp_path / "X.npy", -X)
    for rows in (X, np.load(tmp_path / "X.npy", mmap_mode="r")):
        for val in (0.2, (rows[:7], Y[:7])):
            data = from_arrays(rows, Y, val=val, test=0.1)
            for part in prepare(settings(), data).splits.values():
                table, mine = lying(part.images)
                assert np.shares_memory(table, rows)
                np.testing.assert_array_equal(table[mine], part.images)


def test_weights_go_with_their_rows_and_are_part_of_what_it_is():
    weights = np.arange(1, 61)
    data = from_arrays(np.c_[X, weights].astype(np.float32), Y, weights=weights, test=(np.c_[X, X[:, :1]], Y))
    drawn = slice(data.batches["test"].start)
    np.testing.assert_array_equal(data.weights[drawn], data.images[drawn, 4])
    np.testing.assert_array_equal(data.weights[60:], 1)
    np.testing.assert_array_equal(prepare(settings(), data).splits["val"].weights[0], data.weights[48:60])
    plain, equal = (from_arrays(X, Y, weights=one) for one in (None, np.full(60, 7)))
    assert (equal, equal.weights) == (plain, None)
    assert from_arrays(X, Y, weights=weights) != plain


def test_a_transform_is_fitted_by_weight():
    far = np.where(np.arange(60)[:, np.newaxis] < 30, X, X + 100)
    data = from_arrays(far, Y, weights=np.arange(60) < 30, stratify=False)
    seen = prepare(settings(), data)
    assert abs(seen.transform.shift / seen.transform.scale).max() < 1


def test_weights_of_nothing_in_a_split_are_refused():
    weights = np.zeros(60)
    weights[np.random.default_rng(3).integers(60)] = 1
    with pytest.raises(
        DataError, match=r"weights: those of the rows to (train|validate) on are all 0; weigh more"
    ):
        from_arrays(X, Y, weights=weights)


def test_numbers_to_learn_have_no_classes_and_one_output():
    y = X[:, 0] * 100.5
    data = from_arrays(X, y, targets="numbers")
    assert (data.classes, data.outputs, data.labels.dtype) == ((), 1, np.float64)
    np.testing.assert_allclose(np.sort(data.labels), np.sort(y))
    with pytest.raises(
        DataError, match="table: holds numbers to be learned, not classes; train MLPRegressor on it"
    ):
        prepare(settings(), data)
    with pytest.raises(DataError, match="loss = 'squared_error': is of numbers, table has classes"):
        prepare(settings(loss="squared_error"), from_arrays(X, Y))


def test_another_cut_is_another_data_set():
    whole = from_arrays(X, Y, val=(X[:10], Y[:10]))
    assert whole == from_arrays(X.copy(), Y, val=(X[:10], Y[:10]))
    joined = from_arrays(np.concatenate([X, X[:5]]), np.concatenate([Y, Y[:5]]), val=(X[5:10], Y[5:10]))
    assert (whole.images == joined.images).all()
    assert whole != joined
    assert from_arrays(X, Y, seed=0) != from_arrays(X, Y, seed=1)


def test_a_table_of_bytes_or_floats_says_what_it_can_hold():
    assert from_arrays(np.array([[0], [3]], np.uint8), [0, 1], val=None).max_value == 255
    assert from_arrays([[-4.0], [3.0]], [0, 1], val=None).max_value == 4
    assert from_arrays([[0.0], [0.0]], [0, 1], val=None).max_value == 1


def test_names_of_columns_are_kept():
    assert from_arrays(X, Y, columns=list("abcd")).columns == ("a", "b", "c", "d")
    with pytest.raises(DataError, match="2 names for 4 columns"):
        from_arrays(X, Y, columns=["a", "b"])


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(DataError) as refused:
        from_arrays([[1.0, float("nan")]], [None], val=3, test=(X, Y[:3]), name="digits")
    assert [line.partition(":")[0] for line in refused.value.problems] == [
        "val = 3", "name = 'digits'", "X", "y", "test y",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"val": 1.0}, "val = 1.0: write a share"),
        ({"val": 0.001}, "draws 0 of 60 rows"),
        ({"val": 0.7, "test": 0.3}, "leaves 0 to train on"),
        ({"val": (X[:, :3], Y)}, "val X: has 3 columns, X has 4"),
        ({"val": (X, Y == "yes")}, "val y: holds booleans, y text; give the same"),
    ],
)
def test_splits_that_cannot_be(given, words):
    with pytest.raises(DataError) as refused:
        from_arrays(X, Y, stratify=False, **given)
    assert words in str(refused.value)


def test_a_search_takes_it_in_the_place_of_a_name(tmp_path, monkeypatch):
    monkeypatch.setenv("CHAINRULE_DATA", str(tmp_path / "none"))
    found = chainrule.search(
        settings().model_dump(mode="json", exclude={"evaluate"}),
        {"l2": [0.0, 0.1]},
        {"kind": "grid", "inits": 1},
        dataset=from_arrays(X, Y),
        out=tmp_path / "out",
        jobs=1,
    )
    assert [trial["state"] for trial in found.trials] == ["complete", "complete"]
    assert found.best["test_accuracy"] is None  # there are no rows to test on


def test_columns_in_another_order_are_not_taken_for_the_same():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=list("abcd"))
    with pytest.raises(DataError, match="val X: has other columns than X, or in another order"):
        from_arrays(frame, Y, val=(frame[list("bacd")], Y))


def test_rows_to_train_on_are_of_two_classes_or_more():
    with pytest.raises(DataError, match="y: holds one class, no, alone"):
        from_arrays(X[:5], ["no"] * 5, val=(X, Y))


@pytest.mark.parametrize("labels", [1, 3])
def test_rows_may_have_several_labels_and_nets_learn_them(labels):
    X = np.random.default_rng(0).normal(size=(200, labels)).astype(np.float32)
    Y = pd.DataFrame([0.0, 0.5, 1.0][:labels] < X, columns=["low", "middle", "high"][:labels])
    data = from_arrays(X, Y, targets="several", val=0.2, test=(X[:20], Y[:20]))
    assert data.classes == ("low", "middle", "high")[:labels]
    assert (data.labels.shape, data.labels.dtype, data.outputs) == ((220, labels), np.uint8, labels)
    own = {
        "train": "train",
        "val": "val",
        "test": "test",
        "preprocess": "center",
        "init": "he",
        "batch_size": 10,
    }
    own |= {"epochs": 10, "shuffle": True, "learning_rate": 1.0}
    net = Settings.model_validate(own | {"loss": "binary_cross_entropy"})
    seen = prepare(net, data)
    (accuracy,) = (
        last["test_accuracy"] for last in train([net], 0, seen.splits, seen.transform, labels).final
    )
    assert accuracy > 0.9
    with pytest.raises(
        DataError, match="loss = 'hinge': rows of table may have several labels; choose binary_cross"
    ):
        prepare(Settings.model_validate(own | {"loss": "hinge"}), data)
    with pytest.raises(DataError, match="test y: has 4 labels a row"):
        from_arrays(X, Y, targets="several", test=(X[:2], np.ones((2, 4))))


def test_texts_and_gaps_are_encoded_by_the_rows_to_train_on():
    size = np.array([1.0, 2.0, 3.0, np.nan, 100.0, 1.0, 2.0, 3.0])
    frame = Frame({"size": size, "city": np.array(["Rome", "Oslo"] * 4, object)})
    later = Frame({"size": np.array([np.nan, 5.0]), "city": np.array(["Bonn", "Oslo"], object)})
    with pytest.warns(EncodingNotice, match="'Bonn'"):
        data = from_arrays(frame, [0, 1] * 4, val=(later, [0, 1]))
    assert data.columns == ("size", "size is missing", "city = Oslo", "city = Rome")
    assert data.images[8:].tolist() == [[2, 1, 0, 0], [5, 0, 1, 0]]
    drawn = from_arrays(frame, [0, 1] * 4, val=0.5, seed=1)
    train = drawn.images[drawn.batches["train"].start : drawn.batches["train"].stop]
    rest = drawn.images[drawn.batches["val"].start :]
    assert 100 in rest[:, 0], "the row that tells is not trained on"
    assert np.median(train[:, 0]) < 3


def test_what_is_wrong_with_texts_and_labels_is_said_at_once():
    frame = Frame({"size": np.array([np.inf, 2.0]), "city": np.array(["Rome", "Oslo"], object)})
    with pytest.raises(DataError) as refused:
        from_arrays(frame, [0.5, 1])
    assert [line.partition(":")[0] for line in refused.value.problems] == ["X", "y"]


@pytest.mark.parametrize(("val", "test"), [(0.5, 0.5), (0.9, 0.9)])
def test_shares_that_leave_nothing_to_train_on_are_refused(val, test):
    with pytest.raises(DataError, match="leaves 0 to train on"):
        from_arrays(np.eye(20), ["no", "yes"] * 10, val=val, test=test)
