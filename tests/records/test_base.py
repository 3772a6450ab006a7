"""Records come back equal; damaged and newer ones are refused in a line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import StoreError
from chainrule.records.runs import (
    CURVES,
    METRICS,
    Best,
    ClaimResult,
    Divergence,
    History,
    InputMeans,
    Member,
    ResultRow,
    Results,
)
from chainrule.version import installed_version

numbers = st.floats(allow_nan=False, allow_infinity=False)
optional = st.none() | numbers
names = st.text(max_size=8)


def histories(length: int) -> st.SearchStrategy[History]:
    def entries(values: st.SearchStrategy[object]) -> st.SearchStrategy[list[object]]:
        return st.lists(values, min_size=length, max_size=length)

    curves = {name: entries(optional) for name in CURVES}
    whole = entries(st.integers())
    return st.builds(History, epoch=whole, step=whole, learning_rate=entries(numbers), **curves)


members = st.builds(
    Member,
    version=st.just(1),
    id=names,
    dataset=st.dictionaries(names, names, max_size=2),
    settings=st.dictionaries(
        names, st.none() | numbers | names | st.lists(st.integers(), max_size=2), max_size=3
    ),
    seed=st.integers(0, 2**40),
    history=st.integers(0, 3).flatmap(histories),
    final=st.fixed_dictionaries(dict.fromkeys(METRICS, optional)),
    best=st.builds(Best, epoch=st.integers(), val_accuracy=numbers),
    input_means=st.dictionaries(names, numbers, max_size=3),
    diverged=st.none() | st.builds(Divergence, step=st.integers(), kept_step=st.integers()),
)

means = st.dictionaries(names, numbers, max_size=2)

results = st.builds(
    Results,
    version=st.just(1),
    rows=st.lists(
        st.builds(
            ResultRow,
            setting=st.dictionaries(names, numbers, max_size=2),
            published=optional,
            published_decimals=st.none() | st.integers(0, 20),
            mean=optional,
            low=optional,
            high=optional,
            values=st.lists(optional, max_size=3),
        ),
        max_size=2,
    ),
    claims=st.lists(st.builds(ClaimResult), max_size=2),
    input_means=st.lists(st.builds(InputMeans, measured=means, published=st.none() | means), max_size=1),
    environment=st.dictionaries(names, names | st.lists(st.integers(), max_size=2), max_size=2),
)


@given(record=members | results)
def test_records_come_back_equal(tmp_path_factory, record):
    path = tmp_path_factory.mktemp("records") / "r.json"
    path.write_text(record.to_json(), encoding="utf-8")
    assert type(record).read(path) == record
    json.loads(record.to_json(), parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


HERE = json.dumps({"written_by": installed_version()}).encode()[:-1]
EMPTY = b', "rows": [], "claims": [], "input_means": [], "environment": {}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b'{"rows": [', "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "damaged"),
        (HERE + b"}", "damaged: rows: Field required; delete it and run again"),
        (b"[" * 100_000, "not JSON"),
        (b'{"version": 99}', "written by a newer chainrule"),
        (HERE + EMPTY + b', "version": "1"}', "damaged: version"),
        (HERE + EMPTY + b', "weather": 1}', "damaged: weather is unknown here"),
        (b'{"written_by": 1}', "damaged: written_by"),
        (
            b'{"written_by": "999.0.0"' + EMPTY + b', "weather": 1}',
            r"written by chainrule 999\.0\.0, this is .*: weather is unknown here; update chainrule",
        ),
        (
            b'{"written_by": "0.0.9"}',
            r"written by chainrule 0\.0\.9, this is .*: rows: .*; delete it and run again, or read it with",
        ),
    ],
)
def test_bad_files_are_refused_in_a_line(tmp_path, content, message):
    path = tmp_path / "r.json"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=message) as caught:
        Results.read(path)
    assert "\n" not in str(caught.value)
