"""Modules in folders that their author has put on the path."""

import importlib.util
import sys

import pytest

from chainrule.gradcheck.loading.source_roots import SourceRoots, told


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, SourceRoots(tmp_path)])
    return tmp_path


def write(root, *places):
    for place in places:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text("x = 1")


def test_a_module_is_found_in_the_only_folder_that_has_it(root):
    write(root, "layers/hb_dense.py", "layers/hb_pool.py")
    import hb_dense  # type: ignore[import-not-found]

    assert hb_dense.x == 1
    assert told() == ["the module hb_dense was found in the folder layers"]
    assert sys.path[-1] == str(root / "layers")


def test_a_package_is_found_too(root):
    write(root, "src/hb_parts/__init__.py", "src/hb_parts/conv.py")
    from hb_parts.conv import x  # type: ignore[import-not-found]

    assert x == 1


def test_a_folder_that_is_no_package_is_none(root):
    write(root, "src/hb_models/net.py")
    assert importlib.util.find_spec("hb_models") is None


def test_of_two_none_is_taken(root):
    write(root, "one/hb_twice.py", "two/hb_twice.py")
    with pytest.raises(ModuleNotFoundError):
        import hb_twice  # type: ignore[import-not-found]  # noqa: F401
    assert told() == []


def test_what_a_file_can_do_without_is_not_looked_for(root):
    write(root, "other/hb_fast.py")
    (root / "net.py").write_text("try:\n    import hb_fast\nexcept ImportError:\n    hb_fast = None")
    assert importlib.util.find_spec("hb_fast") is None
    assert told() == []
