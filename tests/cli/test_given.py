"""Folders of images where commands take a table."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from chainrule import load
from chainrule.cli.app import run
from chainrule.data.pictures import read_pictures
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
        told = "column 'id' counts the rows, which tells nothing of others; leave it out: --drop id"
        said = told if name else "column 0 (from 0) has no name and numbers the rows; it is left out"
        assert f"note: numbered.csv: {said}" in capsys.readouterr().err
    assert "id" not in load("numbered.net").encoding.names
    assert run(["predict", "numbered.net", "numbered.csv", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
