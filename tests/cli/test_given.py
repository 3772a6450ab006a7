"""Folders of images where commands take a table."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from chainrule import MLPClassifier, load
from chainrule.cli.app import run
from chainrule.cli.given import to_learn
from chainrule.data.pictures import read_pictures
from chainrule.data.tables import from_arrays
from chainrule.errors import DataError
from chainrule.nets.file import save
from support.commands import refused
from support.images import write_images
from support.tables_in_files import QUICK, write_people

pytest.importorskip("PIL")


@pytest.fixture
def shades():
    return str(write_images(Path("shades")))


def test_images_are_learned_predicted_and_evaluated(capsys, shades):
    assert run(["fit", shades, *QUICK]) == 0
    first, _, _, last = capsys.readouterr().out.splitlines()
    assert first == "shades: 16 images of 6 x 5 pixels, in colour; learns 'folder', 2 classes: dark, light"
    assert last == "net: shades.net"
    net = load("shades.net")
    assert net.image == (3, 6, 5)
    save(net, "again.net")
    assert Path("again.net").read_bytes() == Path("shades.net").read_bytes()
    assert run(["predict", "shades.net", shades, "--proba"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["file"] for row in rows] == list(read_pictures(Path(shades)).files)
    assert [row["prediction"] for row in rows] == net.predict(read_pictures(Path(shades)).images).tolist()
    assert run(["evaluate", "shades.net", shades, "--json", "--metrics", "accuracy"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["positive"]) == (16, "light")


def test_images_of_another_size_come_in_the_net_s(capsys, shades):
    assert run(["fit", shades, "--size", "4x4", "--test", "0", "--quiet", *QUICK]) == 0
    other = write_images(Path("other"), 1, size=(8, 8)) / "light"
    assert run(["predict", "shades.net", str(other)]) == 0
    out, err = capsys.readouterr()
    assert "note: other/light: 1 of 1 images were brought to 4 x 4" in err
    assert len(out.splitlines()[-2:]) == 2


def test_tables_and_images_are_not_mixed_up(capsys, shades):
    write_people()
    assert run(["fit", shades, "--test", "0", "--quiet", *QUICK]) == 0
    assert run(["fit", "people.csv", "--target", "stayed", "--quiet", *QUICK]) == 0
    capsys.readouterr()
    for arguments, said in (
        (
            ("fit", shades, "--target", "x", "--drop", "y"),
            "--target, --drop: of tables, and shades is a folder",
        ),
        (
            ("fit", "people.csv"),
            "--target: is missing; name the column to learn, such as one of the last, 'stayed'",
        ),
        (("fit", "people.csv", "--target", "stayed", "--size", "4x4"), "--size: is of folders of images"),
        (
            ("fit", shades, "--size", "4"),
            "Invalid value for '--size': '4' is no height and width such as 32x32",
        ),
        (("predict", "shades.net", "people.csv"), "people.csv: is a file, and the net was trained on images"),
        (
            ("predict", "people.net", shades),
            "shades: is a folder, and the net was trained on a table; give one",
        ),
        (("evaluate", "shades.net", shades, "--target", "x"), "--target: is of tables; leave it out"),
    ):
        (line,) = refused(capsys, *arguments)
        assert line.startswith(said)


def test_a_net_of_images_of_another_size_is_damaged(shades):
    import dataclasses

    from chainrule.errors import StoreError

    assert run(["fit", shades, "--test", "0", "--quiet", *QUICK]) == 0
    save(dataclasses.replace(load("shades.net"), image=(1, 2, 3)), "odd.net")
    with pytest.raises(StoreError, match=r"images of \(1, 2, 3\) values are not 90"):
        load("odd.net")
    assert np.prod(load("shades.net").image) == 90


def test_a_first_column_that_counts_the_rows_is_told_and_one_without_a_name_left_out(capsys):
    people = write_people().read_text().splitlines()
    for name in ("id", ""):
        numbered = [f"{name},{people[0]}", *(f"{row},{line}" for row, line in enumerate(people[1:]))]
        Path("numbered.csv").write_text("\n".join(numbered))
        assert run(["fit", "numbered.csv", "--target", "stayed", *QUICK]) == 0
        told = "column 'id' counts the rows, which may tell nothing of others; leave it out: --drop id"
        said = told if name else "column 0 (from 0) has no name and numbers the rows; it is left out"
        assert f"note: numbered.csv: {said}" in capsys.readouterr().err
    assert "id" not in load("numbered.net").encoding.names
    assert run(["predict", "numbered.net", "numbered.csv", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "others", "how"),
    [
        ("row id", ["x"], "leave it out: --drop 'row id'"), ("a,b", ["x"], "leave it out of the file"),
        ("id", [], None),
    ],
)  # fmt: skip
def test_what_is_advised_of_such_a_column_works(name, others, how):
    names = [name, *others, "y"]
    rows = [",".join([str(row), *"3" * len(others), "ab"[row % 2]]) for row in range(20)]
    Path("t.csv").write_text("\n".join([",".join(f'"{one}"' for one in names), *rows]))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        to_learn(Path("t.csv"), "y", None, [], None, None, None)
    assert [str(one.message).partition("others; ")[2] for one in told] == ([how] if how else [])


def test_an_odd_column_is_named_with_its_file():
    texts = [*(f"{n},5" for n in range(40)), "bad"]
    Path("odd.csv").write_text("\n".join(["a,y", *(f'"{text}",{row % 2}' for row, text in enumerate(texts))]))
    given = to_learn(Path("odd.csv"), "y", None, [], None, None, None)
    for learn in (MLPClassifier(2, epochs=1).fit, from_arrays):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            learn(given.inputs, given.truth)
        assert any(str(one.message).startswith("odd.csv: column 'a': holds numbers, but ") for one in told)


@pytest.mark.parametrize(
    ("target", "learn", "classes"),
    [
        ([0.0, 1.0], None, True),
        ([0.0, 1.5], None, False),
        ([0.0, 1.0], "numbers", False),
        ([*map(float, range(30))], None, False),
        ([f"2024-01-{day + 1:02}" for day in range(25)], "classes", True),
    ],
)
def test_whole_numbers_are_classes_whatever_type_holds_them(target, learn, classes):
    Path("t.csv").write_text("\n".join(["a,y", *(f"{row},{said}" for row, said in enumerate(target))]))
    assert to_learn(Path("t.csv"), "y", learn, [], None, None, None).classes == classes


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (
            [f'"1,{n:03}"' for n in range(30)],
            "column 'y': holds numbers, but '1,000' is none; write numbers alone, with a point for decimals, or "
            "--learn classes",
        ),
        (
            [f"2024-01-{day + 1:02}" for day in range(25)],
            "column 'y': holds 25 different texts in 25 rows, which is no class of some rows each; name another column",
        ),
    ],
)
def test_texts_that_are_no_classes_are_refused_as_what_is_learned(target, words):
    Path("t.csv").write_text("\n".join(["a,y", *(f"{row},{said}" for row, said in enumerate(target))]))
    with pytest.raises(DataError) as refused_as:
        to_learn(Path("t.csv"), "y", None, [], None, None, None)
    assert refused_as.value.problems[0].startswith(words)
