"""A user's function watched at work, and run again with a value replaced."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

import chainrule
from chainrule.gradcheck.program.interface import Replacement
from chainrule.gradcheck.program.numeric_step import step_of
from chainrule.gradcheck.program.reaching import is_users
from chainrule.gradcheck.program.watching import recording, replacing, watching
from support.watched import SOURCE, X, recorded


def on(found, text):
    return [np.asarray(site.array).tolist() for site in found if site.line.text.strip() == text]


def line_of(text):
    return SOURCE.splitlines().index(text) + 1


def test_every_expression_is_recorded_with_its_line(program):
    found, returned = recorded(program.plain, X, 2 * X)
    assert on(found, "a = x + y") == [[3, 12]]
    assert on(found, "b = np.sqrt(a)") == [np.sqrt([3, 12]).tolist()]
    assert on(found, "return b / 4")[-1] == returned.tolist()
    for site in found:
        assert SOURCE.splitlines()[site.line.number - 1] == site.line.text
        assert site.line.file == program.__file__
    assert [site.line.number for site in found] == sorted(site.line.number for site in found)


def test_what_is_divided_by_is_recorded_though_it_is_a_bare_number(program):
    found, _ = recorded(program.plain, X, X)
    assert 4 in on(found, "return b / 4")


def test_what_a_statement_changes_in_place_is_seen_again(program):
    found, returned = recorded(program.in_place, X)
    assert returned.tolist() == [5, 12]
    assert on(found, "out[0] = x[1]")[-1] == [4, 0]
    assert on(found, "out += x")[-1] == [5, 4]
    assert on(found, "out[1] *= 3")[-1] == [5, 12]


def test_an_earlier_value_is_not_changed_by_what_happens_in_place(program):
    found, _ = recorded(program.in_place, X)
    assert on(found, "out = np.zeros(2)") == [[0, 0]]


def test_entries_of_a_dictionary_are_seen(program):
    found, returned = recorded(program.parts, X)
    assert on(found, 'grads["W"] = x * 2') == [[2, 8]]
    assert on(found, 'grads["W"] += x')[-1] == [3, 12]
    assert on(found, 'grads["W"] /= 4')[-1] == [0.75, 3]
    assert returned["W"].tolist() == [0.75, 3]


def test_helpers_in_the_same_file_are_watched_too(program):
    found, _ = recorded(program.with_helper, X)
    assert on(found, "return x * SCALE") == [[2, 12]]
    assert on(found, "y = helper(x)") == [[2, 12]]


def test_evaluations_in_a_loop_are_counted(program):
    found, returned = recorded(program.loops, X)
    products = [s for s in found if s.line.text.strip() == "total += x[0] * i"]
    sites = {s.site for s in products}
    for site in sites:
        assert [s.occurrence for s in products if s.site == site] == [0, 1, 2]
    assert returned == 3


def test_a_long_loop_is_recorded_in_part(program):
    def long(x):
        for _ in range(200):
            program.helper(x)

    with recording(program.helper) as found:
        long(X)
    assert max(site.occurrence for site in found) == 63


def test_nested_functions_lambdas_and_closures_are_watched(program):
    assert on(recorded(program.nested, X)[0], "return y * 5") == [[5, 20]]
    found, returned = recorded(program.calls_a_lambda, X)
    assert on(found, "double = lambda x: x * 2") == [[2, 8]]
    assert on(found, "return x * k") == [[3, 12]]
    assert returned.tolist() == [5, 20]


def test_a_lambda_given_as_the_function_is_watched(program):
    assert on(recorded(program.double, X)[0], "double = lambda x: x * 2") == [[2, 8]]


def test_the_function_behind_a_decorator_is_watched(program):
    found, returned = recorded(program.decorated, X)
    assert on(found, "return x * 7") == [[7, 28]]
    assert returned.tolist() == [7, 28]


def test_methods_properties_and_static_methods_are_watched(program):
    net = program.Net()
    found, returned = recorded(net.backward, X)
    assert on(found, "return self.shift(self.W * x)")[-1] == [1.5, 8.5]
    assert on(found, "return x + 0.5") == [[1.5, 8.5]]
    assert on(found, "return self.W * 10") == [[10, 20]]
    assert on(found, "self.dW = self.forward(x) - self.size")[-1] == returned.tolist()


def test_a_method_that_calls_its_parents_still_finds_them(program):
    found, returned = recorded(program.Deeper().forward, X)
    assert returned.tolist() == [3, 17]
    assert on(found, "return super().forward(x) * 2")[-1] == [3, 17]


def test_a_function_of_an_object_given_by_its_globals_is_reached(program):
    outside = SimpleNamespace(call=program.with_helper)
    found, _ = recorded(lambda: outside.call(X), watched=program.with_helper)
    assert on(found, "return y - 1") == [[1, 11]]


def test_a_global_that_is_changed_in_part_is_not_made_a_local(program):
    found, returned = recorded(program.counting, X)
    assert returned == 1
    assert program.COUNT.tolist() == [1, 0]
    assert on(found, "COUNT[0] = COUNT[0] + x[0]")[-1] == [1, 0]


def test_values_and_results_are_the_same_as_without_watching(program):
    for function in (program.in_place, program.with_helper, program.loops, program.nested, program.aliasing):
        plain = function(X)
        np.testing.assert_array_equal(recorded(function, X)[1], plain)


def test_texts_are_left_alone(program):
    found, returned = recorded(program.texts, X)
    assert returned[0] == "[2. 8.]"
    assert [4, 1] in on(found, 'return f"{x * 2}", x[::-1].T')
    assert [2, 8] not in on(found, 'return f"{x * 2}", x[::-1].T')


def code_of(program):
    functions = (program.helper, program.plain, program.with_helper, program.double, program.tripled)
    return [f.__code__ for f in (*functions, program.Net.forward, program.Net.size.fget)]


@pytest.mark.parametrize(
    "watch", [recording, lambda f: replacing(f, []), lambda f: watching(f, lambda site: None)]
)
def test_functions_are_as_they_were_afterwards(program, watch):
    before, names = code_of(program), set(vars(program))
    with watch(program.with_helper):
        program.with_helper(X)
        assert code_of(program) != before
    assert all(a is b for a, b in zip(code_of(program), before, strict=True))
    assert set(vars(program)) == names


@pytest.mark.parametrize("watch", [recording, lambda f: replacing(f, [])])
def test_functions_are_as_they_were_after_an_exception(program, watch):
    before, names = code_of(program), set(vars(program))
    with pytest.raises(ValueError, match="no"), watch(program.failing):
        program.failing(X)
    assert all(a is b for a, b in zip(code_of(program), before, strict=True))
    assert set(vars(program)) == names


def test_what_was_seen_before_an_exception_is_kept(program):
    with recording(program.failing) as found, pytest.raises(ValueError, match="no"):
        program.failing(X)
    assert on(found, "y = x + 1") == [[2, 5]]


def test_occurrences_are_counted_anew_each_time(program):
    found, _ = recorded(program.loops, X)
    again, _ = recorded(program.loops, X)
    assert [(s.site, s.occurrence) for s in found] == [(s.site, s.occurrence) for s in again]


def test_a_bare_name_that_is_assigned_is_an_alias(program):
    found, _ = recorded(program.aliasing, X)
    uses = {site.line.text.strip(): site.use for site in found}
    assert uses["h = g"] == "alias"
    assert uses["g = x * 2"] == uses["return h + 0"] == ""


def test_a_bare_name_beside_an_unused_term_may_have_dropped_it(program):
    found, _ = recorded(program.dropping, X, X)
    uses = {site.line.text.strip(): site.use for site in found}
    assert uses["g = x"] == uses["return g"] == "drops"
    assert uses["extra = y * 2"] == ""


def test_a_name_that_a_tuple_is_taken_apart_into_may_be_unused(program):
    found, _ = recorded(program.unpacking, X)
    assert {site.use for site in found} == {""}


def test_what_is_watched_is_seen_as_it_happens(program):
    kept, texts = X.copy(), []

    def see(site):
        if not np.array_equal(kept, X):
            texts.append(site.line.text.strip())

    with watching(program.changing, see):
        program.changing(kept)
    assert texts[0] == "x *= 2"
    assert "y = x + 1" not in texts


def test_the_step_of_a_numeric_gradient_is_a_small_default_or_constant(program):
    assert step_of(program.numeric).number == line_of("def numeric(x, rate=0.1, h=1e-5):")
    inside = step_of(program.numeric_inside)
    assert (inside.number, inside.text) == (line_of("    eps = 1e-4"), "    eps = 1e-4")


def test_a_function_without_a_source_is_left_alone():
    namespace = {}
    exec("def f(x): return x + 1", namespace)
    found, returned = recorded(namespace["f"], X)
    assert returned.tolist() == [2, 5]
    assert found == []
    assert step_of(namespace["f"]) is None


def test_libraries_and_the_checker_are_not_watched(program):
    assert is_users(program.__file__)
    assert is_users(__file__)
    assert not is_users(np.__file__)
    assert not is_users(chainrule.__file__)
    assert not is_users(importlib.util.__file__)
    assert not is_users(recording.__wrapped__.__code__.co_filename)
    assert not is_users("")
    assert not is_users("<string>")
    with recording(np.linalg.norm) as found:
        np.linalg.norm(X)
    assert found == []


def site_of(found, text, value):
    return next(s for s in found if s.line.text.strip() == text and np.array_equal(s.array, value))


def change(site, value):
    return Replacement(site.site, site.occurrence, np.asarray(value))


def test_a_replaced_value_changes_what_follows(program):
    found, _ = recorded(program.plain, X, X)
    site = site_of(found, "a = x + y", 2 * X)
    with replacing(program.plain, [change(site, [16.0, 64.0])]):
        assert program.plain(X, X).tolist() == [1, 2]
    assert program.plain(X, X).tolist() == (np.sqrt(2 * X) / 4).tolist()


def test_a_replaced_divisor_changes_the_quotient(program):
    found, _ = recorded(program.plain, X, X)
    site = site_of(found, "return b / 4", 4)
    with replacing(program.plain, [change(site, 8)]):
        np.testing.assert_allclose(program.plain(X, X), np.sqrt(2 * X) / 8)


def test_a_value_in_a_helper_is_replaced(program):
    found, _ = recorded(program.with_helper, X)
    with replacing(program.with_helper, [change(site_of(found, "return x * SCALE", [2, 12]), [10.0, 20.0])]):
        assert program.with_helper(X).tolist() == [9, 19]


def test_what_a_statement_changed_in_place_is_replaced_in_place(program):
    found, _ = recorded(program.in_place, X)
    site = site_of(found, "out[0] = x[1]", [4, 0])
    with replacing(program.in_place, [change(site, [100.0, 200.0])]):
        assert program.in_place(X).tolist() == [101, 612]


def test_other_threads_are_neither_watched_nor_given_other_values(program):
    found, returned = recorded(program.plain, X, X)
    site = site_of(found, "a = x + y", 2 * X)
    with (
        ThreadPoolExecutor(1) as thread,
        recording(program.plain) as beside,
        replacing(program.plain, [change(site, [16.0, 64.0])]),
    ):
        assert thread.submit(program.plain, X, X).result().tolist() == returned.tolist()
    assert beside == []


def test_a_function_that_was_made_while_it_was_watched_is_not_watched_afterwards(program):
    with recording(program.make) as found:
        thrice = program.make(3)
    thrice(X)
    assert found == []


def test_one_evaluation_of_a_loop_is_replaced(program):
    found, _ = recorded(program.loops, X)
    site = next(
        s for s in found if s.occurrence == 2 and s.array == 2 and s.line.text.strip().startswith("total")
    )
    with replacing(program.loops, [change(site, 50.0)]):
        assert program.loops(X) == 51


def test_a_number_is_replaced_by_a_number_of_its_type(program):
    found, _ = recorded(program.counted, X)
    with replacing(program.counted, [change(site_of(found, "n = len(x)", 2), np.array(7.0))]):
        assert program.counted(X) == ("int", 7)
