"""A zip is unpacked whole and into its folder, or not at all."""

import stat
import zipfile

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.sandbox.unpacking import Bounds, unpack
from support.zips import zipped

TEXT = "G = P - Y\n" * 40
BOUNDS = Bounds(2**20, 100)
OTHER = TEXT.replace("P - Y", "Y - P")


@pytest.mark.parametrize("name", ["/etc/ann.py", "../ann.py", "lab/../../ann.py", "..\\ann.py", "C:/ann.py"])
def test_a_zip_that_would_write_elsewhere_is_refused(tmp_path, name):
    path = zipped(tmp_path / "all.zip", {"ann.py": TEXT, name: TEXT})
    with pytest.raises(CheckError, match="outside of the folder"):
        unpack(path, tmp_path / "out", BOUNDS)
    assert not (tmp_path / "out").exists()


def test_a_zip_with_a_link_is_refused(tmp_path):
    path = tmp_path / "all.zip"
    link = zipfile.ZipInfo("ann.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(CheckError, match="is a link"):
        unpack(path, tmp_path / "out", BOUNDS)


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann.py": "x" * 600, "bob.py": "x" * 600})
    with pytest.raises(CheckError, match="unpacks to"):
        unpack(path, tmp_path / "out", Bounds(1000, 100))
    with pytest.raises(CheckError, match="has 2 files; at most 1"):
        unpack(path, tmp_path / "out", Bounds(2000, 1))
    assert not (tmp_path / "out").exists()


def test_a_zip_that_holds_more_than_it_says_gives_no_more_than_that(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann.py": "x" * 600})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 24] = 1
    data[data.index(b"PK\1\2") + 25] = 0
    path.write_bytes(data)
    with pytest.raises(CheckError, match="cannot be unpacked: Bad CRC"):
        unpack(path, tmp_path / "out", Bounds(100, 100))
    assert (tmp_path / "out" / "ann.py").stat().st_size <= 1


def test_a_zip_with_a_huge_directory_is_not_read(tmp_path, monkeypatch):
    path = zipped(tmp_path / "all.zip", {f"{'n' * 200}{number}.py": "" for number in range(6000)})
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda self: pytest.fail("read"))
    with pytest.raises(CheckError, match=r"all\.zip: has a directory of \d+ bytes; at most 100 files"):
        unpack(path, tmp_path / "out", BOUNDS)


@pytest.mark.parametrize(("target", "kind"), [("/dev/zero", "device"), (".", "folder")])
def test_what_is_no_file_is_refused(tmp_path, target, kind):
    (tmp_path / "all.zip").symlink_to(target)
    with pytest.raises(CheckError, match=rf"all\.zip: is a {kind}; give a zip, or a folder"):
        unpack(tmp_path / "all.zip", tmp_path / "out", BOUNDS)


def test_a_zip_is_called_what_it_is_to_be_called(tmp_path):
    (tmp_path / "all.zip").write_text("PK")
    with pytest.raises(CheckError, match=r"^ann\.zip: cannot be unpacked"):
        unpack(tmp_path / "all.zip", tmp_path / "out", BOUNDS, "ann.zip")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_unusual_packing_is_refused(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "all.zip", "w", method) as archive:
        archive.writestr("ann.py", TEXT)
    with pytest.raises(CheckError, match=r"member 'ann\.py' is packed in an unusual way"):
        unpack(tmp_path / "all.zip", tmp_path / "out", BOUNDS)


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
        unpack(path, tmp_path / "out", BOUNDS)
    assert len(error.value.problems) == 1


def test_a_zip_is_unpacked_whole(tmp_path):
    members = {"ann.py": TEXT, "lab/bob/net.py": OTHER, "lab/empty.txt": ""}
    unpack(zipped(tmp_path / "all.zip", {"lab/": "", **members}), tmp_path / "out", BOUNDS)
    unpacked = {
        p.relative_to(tmp_path / "out").as_posix(): p.read_text() for p in (tmp_path / "out").rglob("*.*")
    }
    assert unpacked == members


def test_an_empty_zip_unpacks_to_nothing(tmp_path):
    unpack(zipped(tmp_path / "all.zip", {}), tmp_path / "out", BOUNDS)
    assert not (tmp_path / "out").exists()


def test_a_zip_with_a_password_is_refused(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann.py": TEXT})
    data = bytearray(path.read_bytes())
    for start, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(start) + place] |= 1
    path.write_bytes(data)
    with pytest.raises(CheckError, match=r"all\.zip: member 'ann\.py' is encrypted"):
        unpack(path, tmp_path / "out", BOUNDS)
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann": TEXT, "ann/net.py": TEXT})
    with pytest.raises(CheckError, match=r"all\.zip: cannot be unpacked"):
        unpack(path, tmp_path / "out", BOUNDS)


def test_nothing_that_is_there_already_is_written_over(tmp_path):
    (tmp_path / "ann.py").write_text("mine")
    with pytest.raises(CheckError, match="cannot be unpacked"):
        unpack(zipped(tmp_path / "all.zip", {"ann.py": TEXT}), tmp_path, BOUNDS)
    assert (tmp_path / "ann.py").read_text() == "mine"


def test_a_member_without_a_name_is_refused(tmp_path):
    path = zipped(tmp_path / "all.zip", {"ann.py": TEXT})
    path.write_bytes(path.read_bytes().replace(b"ann.py", b"\0nn.py"))
    with pytest.raises(CheckError, match="a member has no name"):
        unpack(path, tmp_path / "out", BOUNDS)
