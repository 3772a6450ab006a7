"""Which folder a package may be that is nowhere."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.loading.renamed import folder_of_renamed, guarded_below, imported_below


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "net-main/layers").mkdir(parents=True)
    (tmp_path / "net-main/layers/dense.py").write_text("class Dense: ...")
    (tmp_path / "net-main/tools.py").write_text("def softmax(s): ...")
    return tmp_path / "net-main"


def test_it_is_the_one_that_holds_all_that_is_imported_from_below_it(folder):
    imported = {
        "net.layers.dense": {"Dense"},
        "net.tools": {"softmax"},
        "net.layers": {"dense"},
        "numpy": set(),
    }
    assert folder_of_renamed("net", imported, [folder / "layers", folder]) == folder


@pytest.mark.parametrize(
    "imported",
    [
        {"net.tools": {"relu"}},
        {"net.nowhere": set()},
        {"net": {"tools"}},
        {"net": set(), "net.tools": set()},
        {},
    ],
)
def test_it_is_none_where_anything_lacks_or_the_package_itself_is_imported(folder, imported):
    assert folder_of_renamed("net", imported, [folder]) is None


def test_what_is_imported_is_read_from_all_files_below_a_folder(folder):
    (folder / "tools.py").write_text(
        "from net.layers.dense import Dense\ndef f():\n    import net.tools as t\n"
    )
    (folder / "broken.py").write_text("import net\ndef (:")
    assert imported_below(folder, "net") == {"net.layers.dense": {"Dense"}, "net.tools": set()}


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("try:\n    from net.tools import relu\nexcept ImportError:\n    relu = abs", True),
        (
            "try:\n    if fast:\n        import net.tools\nexcept (OSError, ModuleNotFoundError):\n    pass",
            True,
        ),
        ("try:\n    import net.tools\nexcept:\n    pass", True),
        ("with contextlib.suppress(ImportError):\n    import net.tools", True),
        ("try:\n    import cupy\nexcept ImportError:\n    import net.tools", False),
        ("try:\n    import net.tools\nexcept OSError:\n    pass", False),
        ("import net.tools", False),
    ],
)
def test_a_package_is_guarded_where_a_file_can_do_without_it(folder, text, guarded):
    (folder / "user.py").write_text(text)
    assert guarded_below(folder, "net") is guarded
