"""Mistakes on one path, of which the last mends the gradient alone."""

import numpy as np

from chainrule.gradcheck.diagnosis import by_true_values
from chainrule.gradcheck.diagnosis.hidden import hidden_before, hidden_behind
from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of

RNG = np.random.default_rng(3)
P = {"x": RNG.normal(size=(3, 4))}
C, S = RNG.normal(size=(2, 3, 4))


def cost(p, c, s):
    u = p["x"] * c
    v = np.sin(u)
    w = v * s
    return (w**3).sum()


def on_one_path(p, c, s):
    u = p["x"] * c
    v = np.sin(u)
    dw = (v * s) ** 2 + v
    dv = dw * s
    du = dv * np.cos(u)
    return {"x": du - c + v}


def at_the_end(p, c, s):
    u = p["x"] * c
    v = np.sin(u)
    dv = 3 * (v * s) ** 2 * s
    return {"x": dv * np.cos(u) - c + v}


def over_time(p, c, s):
    h = c[0]
    for x in p["x"]:
        h = np.sin(h * s[0] + x)
    return (h**3).sum()


def over_time_back(p, c, s):
    states, sums = [c[0]], []
    for x in p["x"]:
        sums.append(states[-1] * s[0] + x)
        states.append(np.sin(sums[-1]))
    dh, dx = 3 * states[-1] ** 2, np.zeros_like(p["x"])
    for t in (2, 1, 0):
        dsum = dh * np.cos(sums[t]) + dh
        dx[t] = dsum * 3
        dh = dsum * s[0]
    return {"x": dx}


def checked_at(forward, backward):
    return compare_at(point_of(forward, backward, P, (C, S)), np.random.default_rng(0))


def hidden(forward, backward):
    checked = checked_at(forward, backward)
    true = TrueValues(checked.point)
    return [place.given[0].text for place in hidden_before(astray(checked, true)[0], checked, true)]


def test_what_makes_the_values_behind_it_true_is_hidden_by_the_last_mistake():
    assert hidden(cost, on_one_path) == ["(v * s) ** 2 + v"]


def test_one_mistake_hides_nothing():
    assert hidden(cost, at_the_end) == []


def test_each_of_two_mistakes_on_one_path_has_its_line_where_no_changes_mend_them(monkeypatch):
    monkeypatch.setattr(by_true_values, "of_two", lambda points: [])
    for search in ("patched.mending", "mending_before"):
        monkeypatch.setattr(f"{by_true_values.__name__}.{search}", lambda *at, **which: None)
    causes = by_true_values.causes([checked_at(cost, on_one_path)])
    assert [cause.line.text.strip() for cause in causes] == [
        "dw = (v * s) ** 2 + v",
        'return {"x": du - c + v}',
    ]


def test_the_first_turn_of_a_loop_is_enough():
    assert hidden(over_time, over_time_back) == ["dh * np.cos(sums[t]) + dh"]


def handed_on_wrongly(p, c, s):
    """Each turn goes wrong by a slope, and hands on what it gives with the wrong factor."""
    states, sums = [c[0]], []
    for x in p["x"]:
        sums.append(states[-1] * s[0] + x)
        states.append(np.sin(sums[-1]))
    carried, dx = 3 * states[-1] ** 2, np.zeros_like(p["x"])
    for t in (2, 1, 0):
        dh = carried + 0.0
        dsum = dh * np.cos(sums[t]) ** 2
        dx[t] = dsum
        carried = dsum * s[1]
    return {"x": dx}


def one_slope_alone(p, c, s):
    states, sums = [c[0]], []
    for x in p["x"]:
        sums.append(states[-1] * s[0] + x)
        states.append(np.sin(sums[-1]))
    carried, dx = 3 * states[-1] ** 2, np.zeros_like(p["x"])
    for t in (2, 1, 0):
        dh = carried + 0.0
        dsum = dh * np.cos(sums[t]) ** 2
        dx[t] = dsum
        carried = dsum * s[0]
    return {"x": dx}


def test_what_a_turn_hands_on_is_looked_at_beside_what_is_put_right_in_each():
    for backward, lines in ((handed_on_wrongly, ["carried = dsum * s[1]"]), (one_slope_alone, [])):
        checked = checked_at(over_time, backward)
        true = TrueValues(checked.point)
        (place,) = astray(checked, true)
        assert place.line.text.strip() == "dsum = dh * np.cos(sums[t]) ** 2"
        assert [other.line.text.strip() for other in hidden_behind(place, checked, true)] == lines
