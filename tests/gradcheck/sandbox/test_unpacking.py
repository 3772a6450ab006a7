"""A zip is unpacked whole and into its folder, or not at all."""

import stat
import zipfile

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.sandbox.unpacking import unpack
from support.zips import zipped

TEXT = "G = P - Y\n" * 40
OTHER = TEXT.replace("P - Y", "Y - P")


@pytest.mark.parametrize("name", ["/etc/ann.py", "../ann.py", "lab/../../ann.py", "..\\ann.py", "C:/ann.py"])
def test_a_zip_that_would_write_elsewhere_is_refused(tmp_path, name):
    path = zipped(tmp_path / "all.zip", {"ann.py": TEXT, name: TEXT})
    with pytest.raises(CheckError, match="outside of the folder"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_zip_with_a_link_is_refused(tmp_path):
    path = tmp_path / "all.zip"
    link = zipfile.ZipInfo("ann.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(CheckError, match="is a link"):
        unpack(path, tmp_path / "out")


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    path = zipped(tmp_path / "all.zip", {"ann.py": "x" * 2000})
    monkeypatch.setattr("chainrule.gradcheck.sandbox.unpacking.LARGEST_TOTAL", 1000)
    with pytest.raises(CheckError, match="unpacks to"):
        unpack(path, tmp_path / "out")
    monkeypatch.setattr("chainrule.gradcheck.sandbox.unpacking.MOST_MEMBERS", 0)
    with pytest.raises(CheckError, match="has 1 files"):
        unpack(path, tmp_path / "out")


@pytest.mark.parametrize("damage", ["no zip", "cut off", "changed", "two of one name"])
def test_a_damaged_zip_is_said_in_one_line(tmp_path, damage):
    path = zipped(tmp_path / "all.zip", {"ann.py": TEXT})
    data = path.read_bytes()
    if damage == "two of one name":
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
            archive.writestr("ann.py", OTHER)
    else:
        path.write_bytes(
            {"no zip": b"PK", "cut off": data[:-30], "changed": data.replace(b"P - Y", b"Y - P", 1)}[damage]
        )
    with pytest.raises(CheckError, match=r"all\.zip: cannot be unpacked") as error:
        unpack(path, tmp_path / "out")
    assert len(error.value.problems) == 1


def test_a_zip_is_unpacked_whole(tmp_path):
    members = {"ann.py": TEXT, "lab/bob/net.py": OTHER, "lab/empty.txt": ""}
    unpack(zipped(tmp_path / "all.zip", {"lab/": "", **members}), tmp_path / "out")
    unpacked = {
        p.relative_to(tmp_path / "out").as_posix(): p.read_text() for p in (tmp_path / "out").rglob("*.*")
    }
    assert unpacked == members


def test_an_empty_zip_unpacks_to_nothing(tmp_path):
    unpack(zipped(tmp_path / "all.zip", {}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_zip_with_a_password_is_refused(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann.py": TEXT})
    data = bytearray(path.read_bytes())
    for start, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(start) + place] |= 1
    path.write_bytes(data)
    with pytest.raises(CheckError, match=r"all\.zip: member 'ann\.py' is encrypted"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann": TEXT, "ann/net.py": TEXT})
    with pytest.raises(CheckError, match=r"all\.zip: cannot be unpacked"):
        unpack(path, tmp_path / "out")


def test_nothing_that_is_there_already_is_written_over(tmp_path):
    (tmp_path / "ann.py").write_text("mine")
    with pytest.raises(CheckError, match="cannot be unpacked"):
        unpack(zipped(tmp_path / "all.zip", {"ann.py": TEXT}), tmp_path)
    assert (tmp_path / "ann.py").read_text() == "mine"
