"""The shapes of filters that are as large as patches."""

from math import prod

from chainrule.gradcheck.recognition.patch_filters import CHANNELS, Filters


def test_all_shapes_hold_as_many_numbers():
    filters = Filters(patches=4, side=2, count=5)
    assert filters.pixels == 2 * 2 * CHANNELS
    assert filters.outputs == 4 * 5
    assert {prod(shape) for shape in filters.shapes.values()} == {filters.pixels * filters.count}


def test_the_usual_sizes_differ():
    filters = Filters()
    assert len({filters.patches, filters.pixels, filters.outputs, 7, 5, 3}) == 6


def test_patches_make_up_an_image():
    filters = Filters(patches=4, side=16)
    assert filters.image_side == 32
    assert filters.image_side**2 * CHANNELS == filters.patches * filters.pixels
