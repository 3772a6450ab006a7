"""Values for several arguments are found by trying few of all that there are."""

from chainrule.gradcheck.recognition.layers.assignments import assignments


def test_the_likely_values_that_run_come_first():
    tried = []

    def blamed(chosen):
        tried.append(chosen)
        if chosen["x"] != "2":
            return {"x"}
        return None if chosen["w"] == chosen["b"] else {"w", "b"}

    choices = {"x": ["1", "2"], "h": ["1", "2", "3"], "w": ["1", "2"], "b": ["2", "1"]}
    found = list(assignments(choices, blamed))
    assert found[0] == {"x": "2", "h": "1", "w": "1", "b": "1"}
    assert len(found) == 6
    # What fails with x alone is tried once, a pair that clashes once for all.
    assert len(tried) == 6 + 1 + 2


def test_nothing_is_found_where_no_values_go_together():
    assert list(assignments({"x": ["1", "2"], "w": ["1"]}, lambda chosen: {"x", "w"})) == []
    assert list(assignments({"x": ["1", "2"]}, lambda chosen: {"x"})) == []
