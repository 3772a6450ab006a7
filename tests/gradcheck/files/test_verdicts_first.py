"""The verdicts of several gradients come before the causes of any."""

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.files.file_outcome import GradientRow
from chainrule.gradcheck.files.verdicts_first import rows_explained
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.result import Cause, Repair

CAUSE = Cause("wrong-sign", ("W",), 0.9, "", "")
VERDICTS = {0: "wrong", 1: "right", 2: "wrong"}


def any_turn(part):
    pass


def judged(place):
    if place not in VERDICTS:
        return GradientRow(place, str(place), "", "", error=CheckError("why"))
    return GradientRow(place, str(place), "", "", Check(VERDICTS[place], None, ()))


def test_causes_are_looked_for_once_all_verdicts_are_known():
    asked = []

    def verdict(place):
        asked.append(place)
        return judged(place)

    def explained(place, found):
        asked.append((place, len(found)))
        return GradientRow(place, str(place), "", "", Check("wrong", "gradient", (), (CAUSE,)))

    rows = list(rows_explained([0, 1, 2, 3], explained, verdict, any_turn))
    assert asked == [0, 1, 2, 3, (0, 0), (2, 1)]
    assert [row.verdict for row in rows] == ["wrong", "right", "wrong", "not checked"]
    assert rows[0].check.causes == (CAUSE,)


def test_where_time_is_up_before_its_causes_the_verdict_stands():
    def explained(place, found):
        return GradientRow(place, str(place), "", "", error=TimeUpError("still runs"))

    first, second = rows_explained([0, 1], explained, judged, any_turn)
    assert (first.verdict, second.verdict) == ("wrong", "right")
    assert first.check.notes == ("time was up: not looked for: its causes; give more with --time SECONDS",)


def test_a_single_gradient_is_explained_at_once():
    def explained(place, found):
        return judged(place)

    assert [row.verdict for row in rows_explained([0], explained, None, any_turn)] == ["wrong"]
    assert [row.verdict for row in rows_explained([0], explained, explained, any_turn)] == ["wrong"]


def test_what_takes_long_comes_last_and_the_others_have_their_causes():
    parts, asked = [], []

    def verdict(place):
        asked.append(("verdict", place))
        slow = place == 0 and parts[-1] < 0.5
        return GradientRow(place, "", "", "", error=TimeUpError("slow")) if slow else judged(2)

    def explained(place, found):
        asked.append(("causes", place))
        if place == 0:
            return GradientRow(place, "", "", "", Check("wrong", "gradient", (), undone=("its causes",)))
        return GradientRow(place, "", "", "", Check("wrong", "gradient", (), (CAUSE,)))

    slow, other = rows_explained([0, 1], explained, verdict, parts.append)
    assert asked == [("verdict", p) for p in (0, 1, 0)] + [("causes", p) for p in (0, 1, 0)]
    assert parts == [0.125, 0.25, 0.75, 0.125, 0.25, 1.0]
    assert (slow.check.undone, other.check.causes) == (("its causes",), (CAUSE,))


def test_without_time_for_one_verdict_the_others_stand():
    def never(place, found=()):
        return judged(2) if place else GradientRow(place, "", "", "", error=TimeUpError("slow"))

    assert [row.verdict for row in rows_explained([0, 1], never, never, any_turn)] == ["not checked", "wrong"]


def test_a_repair_that_was_found_is_kept_where_time_was_up_for_more():
    asked = []
    repair = Repair("diff", "a term is missing", ("term",), (), 1)

    def explained(place, found):
        asked.append(place)
        repairs = (repair,) if place == 0 else ()
        return GradientRow(
            place,
            str(place),
            "",
            "",
            Check("wrong", "gradient", (), (CAUSE,), undone=("more",), repairs=repairs),
        )

    def verdict(place):
        return GradientRow(place, str(place), "", "", Check("wrong", None, ()))

    first, _ = rows_explained([0, 1], explained, verdict, any_turn)
    assert asked == [0, 1, 1]
    assert first.check.repairs == (repair,)
