"""The search for repairs: only what is verified is shown."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis import several
from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.repair import candidates, search
from chainrule.gradcheck.repair.search import SearchInterrupted, Verified, Wrong, repaired
from chainrule.gradcheck.result import Cause
from support.points import point_of

rng = np.random.default_rng(0)
X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2))
UNKNOWN = Cause("unknown", ("W",), 0.0, "", "")


def cost(W, X):
    return ((X @ W) ** 2).sum()


def halved(W, X):
    return X.T @ (X @ W)


def unrelated(W, X):
    return np.cosh(W)


def wrong(*causes):
    given = point_of(cost, halved, W, (X,))
    points = (compare_at(given, rng), compare_at(given.with_data((X[:2],)), rng))
    return Wrong(points, causes)


class Verifying:
    """Verifies as a function does."""

    def __init__(self, verify, known=()):
        self._verify, self.told, self._known = verify, [], known

    def __call__(self, candidate, points):
        return self._verify(candidate)

    def writes_a_setting(self, candidate):
        return False

    def searched(self, done, total):
        self.told.append((done, total))

    def known(self):
        return self._known


def written(candidate):
    return Verified(str(candidate.edits[0].after), candidate.edits, 2, ("N of 2 and 5",))


as_written = Verifying(written)


def test_what_is_verified_is_shown_with_where():
    found = repaired(wrong(UNKNOWN), as_written)
    assert found.repairs[0].patch == "2 * (X.T @ (X @ W)"
    assert (found.repairs[0].points, found.repairs[0].tried) == (2, ("N of 2 and 5",))
    assert not found.unrepaired


def of_offset(b, X):
    return ((X + b) ** 2).sum()


def halved_in_a_row(b, X):
    return (X + b).sum(axis=0, keepdims=True)


def test_a_repair_says_where_a_gradient_keeps_another_shape():
    point = compare_at(point_of(of_offset, halved_in_a_row, np.ones(3), (X,)), rng)
    (repair, *_) = repaired(Wrong((point,), (UNKNOWN,)), as_written).repairs
    (name,) = point.point.names
    assert repair.words.endswith(f"; the gradient of {name} still has another shape than {name}")


def test_what_is_not_verified_is_not_shown():
    nothing = Verifying(lambda candidate: None)
    found = repaired(wrong(UNKNOWN), nothing)
    assert found.repairs == ()
    places = [done for done, _ in nothing.told]
    assert places == sorted(places)
    assert places[0] == 0
    assert nothing.told[-1] == (places[-1], places[-1])
    assert found.unrepaired.endswith("holds elsewhere")
    assert found.causes == (UNKNOWN,)


def test_a_change_that_comes_again_is_verified_once():
    asked = []

    def in_vain(candidate):
        asked.append(candidate.edits)

    repaired(wrong(UNKNOWN), Verifying(in_vain))
    assert asked
    assert len(asked) == len({*asked})


def test_what_was_one_too_many_at_one_place_is_verified_at_another(monkeypatch):
    monkeypatch.setattr(search, "_MOST_VERIFIED", 1)
    every = candidates.Candidates(wrong().points, (), "gradient")
    stage = next(stage for stage in every.stages() if len(stage) > 1)
    monkeypatch.setattr(candidates.Candidates, "stages", lambda self: iter([stage, stage]))
    asked = []

    def in_vain(candidate):
        asked.append(frozenset(candidate.edits))

    repaired(wrong(UNKNOWN), Verifying(in_vain))
    assert len(asked) == len({*asked}) == 2


def test_what_may_have_written_out_a_setting_takes_no_place_of_another(monkeypatch):
    monkeypatch.setattr(search, "_MOST_VERIFIED", 1)
    every = candidates.Candidates(wrong().points, (), "gradient")
    stage = next(stage for stage in every.stages() if len(stage) > 1)
    monkeypatch.setattr(candidates.Candidates, "stages", lambda self: iter([stage]))
    asked = []

    class OfSettings(Verifying):
        def writes_a_setting(self, candidate):
            return candidate == asked[0]

    repaired(wrong(UNKNOWN), Verifying(asked.append))
    assert len(asked) == 1
    repaired(wrong(UNKNOWN), OfSettings(asked.append))
    assert asked[0] == asked[2] != asked[1]


def test_it_says_how_many_were_verified_where_these_were_not_all(monkeypatch):
    monkeypatch.setattr(search, "_MOST_VERIFIED", 1)
    said = repaired(wrong(UNKNOWN), Verifying(lambda candidate: None)).unrepaired
    assert "likeliest of them holds elsewhere" in said


def test_a_search_ends_with_so_many_that_were_verified_in_vain(monkeypatch):
    asked = []
    repaired(wrong(UNKNOWN), Verifying(asked.append))
    assert len(asked) > 1
    monkeypatch.setattr(search, "_MOST_IN_ALL", 1)
    monkeypatch.setattr(search, "_MOST_VERIFIED", 1)
    asked.clear()
    repaired(wrong(UNKNOWN), Verifying(asked.append))
    assert len(asked) == 1


@pytest.mark.parametrize("most", [1, 300, 1000])
def test_no_more_changes_are_tried_than_a_search_may_try(most, monkeypatch):
    monkeypatch.setattr(candidates, "_MOST_TRIED", most)
    points = (compare_at(point_of(cost, unrelated, W, (X,)), rng),)
    every = candidates.Candidates(points, (), "gradient")
    assert not any(every.stages())
    assert every.tried <= most
    assert every.is_spent == (not every.all_tried) == (every.tried == most)


@pytest.mark.parametrize(("module", "most"), [(candidates, "_MOST_OTHERS"), (several, "_MOST_RUNS")])
def test_all_is_not_said_to_have_been_tried_where_some_was_left_out(module, most, monkeypatch):
    monkeypatch.setattr(module, most, 0)
    points = (compare_at(point_of(cost, unrelated, W, (X,)), rng),)
    assert "were not tried" in repaired(Wrong(points, (UNKNOWN,)), as_written).unrepaired


def test_two_together_are_not_said_to_have_been_tried_where_they_were_not(monkeypatch):
    monkeypatch.setattr(candidates, "_MOST_TRIED", 1)
    points = (compare_at(point_of(cost, unrelated, W, (X,)), rng),)
    said = repaired(Wrong(points, (UNKNOWN,)), as_written).unrepaired
    assert said.startswith("none of 1 small changes makes it right; more")
    assert said.endswith(": with 1 a search ends")
    monkeypatch.undo()
    said = repaired(Wrong(points, (UNKNOWN,)), as_written).unrepaired
    assert said.endswith("small changes, alone or two together, makes it right")


def test_the_kind_of_edit_names_the_bug_where_nothing_else_did():
    named = Cause("wrong-sign", ("W",), 0.9, "", "")
    assert repaired(wrong(UNKNOWN), as_written).causes[0].name == "wrong-factor"
    assert repaired(wrong(named), as_written).causes == (named,)


def on_two_lines(W, X):
    d = X @ W
    return X.T @ d


def test_what_was_verified_before_an_interruption_is_kept():
    verified = []

    def interrupted(candidate):
        if verified:
            raise KeyboardInterrupt
        verified.append(candidate)
        return written(candidate)

    points = (compare_at(point_of(cost, on_two_lines, W, (X,)), rng),)
    with pytest.raises(SearchInterrupted) as stopped:
        repaired(Wrong(points, (UNKNOWN,)), Verifying(interrupted))
    (repair,) = stopped.value.found.repairs
    assert repair.lines[0].number == verified[0].patches[0].line.number


def test_an_interruption_before_anything_was_verified_is_said():
    class Stopped(Verifying):
        def searched(self, done, total):
            if done:
                raise KeyboardInterrupt

    with pytest.raises(SearchInterrupted) as stopped:
        repaired(wrong(UNKNOWN), Stopped(lambda candidate: None))
    assert stopped.value.found.repairs == ()
    assert "interrupted after" in stopped.value.found.unrepaired


def test_what_has_mended_another_gradient_is_tried_first_and_ends_the_search_where_it_is_verified():
    verified = []

    def seen(candidate):
        verified.append(candidate)
        return written(candidate)

    repaired(wrong(UNKNOWN), Verifying(seen))
    first, *_ = verified
    again = Verifying(written, known=[first])
    found = repaired(wrong(UNKNOWN), again)
    assert [repair.edits for repair in found.repairs] == [first.edits]
    assert again.told == []
    refused = Verifying(lambda candidate: None, known=[first])
    assert repaired(wrong(UNKNOWN), refused).repairs == ()
    assert refused.told
