"""In which folders a file finds what it imports."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.loading.packages import folders_of_modules, levels_up, package_of


@pytest.fixture
def written(tmp_path):
    def write(**files: str):
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def test_a_package_is_found_by_its_name_and_what_lies_in_it_by_its_own(written):
    top = written(lab__net="")
    (top / "lab/__init__.py").touch()
    assert folders_of_modules(top / "lab/net.py") == [top / "lab", top]
    assert package_of(top / "lab/net.py") == "lab"


def test_relative_imports_say_how_far_up_a_package_reaches(written):
    top = written(repo__lab__net="from ..tools import half\n")
    assert levels_up(top / "repo/lab/net.py") == 2
    assert package_of(top / "repo/lab/net.py") == "repo.lab"


def test_what_is_called_like_its_folder_comes_after_what_holds_that(written):
    top = written(net__layers__conv="", net__net="")
    root = top / "net"
    assert folders_of_modules(root / "layers/conv.py", root) == [root / "layers", top, root]
    assert folders_of_modules(root / "net.py", root) == [root, top]
