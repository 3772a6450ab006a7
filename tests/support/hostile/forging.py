"""Gives a wrong gradient in a form that is to make it pass for a right one, or that no checker is ready for."""

import collections
import itertools
import sys
import warnings

import numpy as np

END = "^(?!right$)"
LIMITS = {"memory": 600}
BRIEF = ("an_iterator_without_end", "a_dictionary_without_end", "countless_parameters")
STEERING = "\x1b[2J\x1b]0;right\x07\u202e<script>alert(1)</script>|=cmd()\\input{x}\n"


def _wrong(gradient, form=lambda parts: parts):
    """The gradient twice, in another form."""

    def compute_gradients(X, y, W, b, reg):
        return form([2 * part for part in gradient(X, y, W, b, reg)])

    return compute_gradients


def _program(cost, gradient, parameters, data, **others):
    return dict(cost=cost, gradient=gradient, parameters=parameters, data=data, **others)


def arrays_that_equal_everything(cost, gradient, parameters, data):
    """Gives arrays of a class of its own, for which every comparison is true and every difference 0."""

    class Equal(np.ndarray):
        __eq__ = __lt__ = __le__ = lambda self, other: True
        __sub__ = __rsub__ = __abs__ = lambda self, *_: np.zeros(self.shape)
        __array_function__ = lambda self, *_: np.float64(0)
        __array_ufunc__ = lambda self, *_, **__: np.float64(0)

    return _program(cost, _wrong(gradient, lambda parts: [p.view(Equal) for p in parts]), parameters, data)


def an_object_that_becomes_arrays(cost, gradient, parameters, data):
    """Gives objects that say what array they are, and say something else each time."""

    class Becoming:
        shape, dtype, ndim, size = (6, 3), np.dtype(float), 2, 18
        __array__ = lambda self, *_, **__: np.random.default_rng().normal(size=(6, 3))
        __len__ = lambda self: 6
        __getitem__ = lambda self, _: self

    return _program(cost, _wrong(gradient, lambda parts: [Becoming(), parts[1]]), parameters, data)


def an_object_whose_array_raises(cost, gradient, parameters, data):
    """Gives objects whose arrays cannot be had."""

    class Raising:
        __array__ = __array_interface__ = property(lambda self: sys.exit("right"))

    return _program(cost, _wrong(gradient, lambda parts: [Raising(), Raising()]), parameters, data)


def an_interface_to_nowhere(cost, gradient, parameters, data):
    """Gives an object that says its array lies at an address that is none."""

    class Nowhere:
        __array_interface__ = {"shape": (6, 3), "typestr": "<f8", "data": (16, False), "version": 3}

    return _program(cost, _wrong(gradient, lambda parts: [Nowhere(), parts[1]]), parameters, data)


def masked_arrays(cost, gradient, parameters, data):
    """Gives arrays all of whose entries are masked."""
    form = lambda parts: [np.ma.array(part, mask=True) for part in parts]
    return _program(cost, _wrong(gradient, form), parameters, data)


def arrays_of_objects(cost, gradient, parameters, data):
    """Gives arrays of objects that equal everything."""

    class Equal:
        __eq__ = __lt__ = __le__ = lambda self, other: True
        __float__ = lambda self: float("nan")

    return _program(
        cost, _wrong(gradient, lambda parts: [np.full((6, 3), Equal()), parts[1]]), parameters, data
    )


def arrays_of_other_kinds(cost, gradient, parameters, data):
    """Gives, in turn, text, records, dates, whole numbers, truths and numbers of other sizes."""
    kinds = itertools.cycle(["S8", "U8", [("x", "f8")], "M8[s]", "i8", "?", "f2", "g", "G", "V8"])
    form = lambda parts: [np.zeros(p.shape, next(kinds)) for p in parts]
    return _program(cost, _wrong(gradient, form), parameters, data)


def no_numbers(cost, gradient, parameters, data):
    """Gives NaN and infinities."""
    form = lambda parts: [np.full_like(parts[0], np.nan), np.full_like(parts[1], np.inf)]
    return _program(cost, _wrong(gradient, form), parameters, data)


def huge_numbers(cost, gradient, parameters, data):
    """Gives numbers whose squares and differences overflow."""
    form = lambda parts: [np.full_like(parts[0], 1.7e308), np.full_like(parts[1], -1.7e308)]
    return _program(cost, _wrong(gradient, form), parameters, data)


def other_shapes(cost, gradient, parameters, data):
    """Gives, in turn, shapes that would be spread over the right ones, and empty ones."""
    shapes = itertools.cycle([(), (1, 1), (3, 6), (1, 6, 3), (0, 3), (0,), (1,) * 32])
    return _program(
        cost, _wrong(gradient, lambda parts: [np.zeros(next(shapes)) for _ in parts]), parameters, data
    )


def an_array_without_end(cost, gradient, parameters, data):
    """Gives one entry that says it is a million times a million."""
    form = lambda parts: [np.broadcast_to(parts[0][0, 0], (10**6, 10**6)), parts[1]]
    return _program(cost, _wrong(gradient, form), parameters, data)


def an_array_of_200_mb(cost, gradient, parameters, data):
    """Gives an array that a reply has just no place for."""
    form = lambda parts: [np.zeros((6, 10**6, 5)), parts[1]]
    return _program(cost, _wrong(gradient, form), parameters, data)


def countless_arrays(cost, gradient, parameters, data):
    """Gives twenty thousand of them."""
    return _program(cost, _wrong(gradient, lambda parts: [np.zeros(1)] * 20_000), parameters, data)


def an_iterator_without_end(cost, gradient, parameters, data):
    """Gives arrays for ever."""
    return _program(
        cost, _wrong(gradient, lambda parts: (p for p in itertools.cycle(parts))), parameters, data
    )


def a_dictionary_without_end(cost, gradient, parameters, data):
    """Gives a dictionary that finds something for every name, and has no last one."""

    class Endless(dict):
        items = lambda self: ((str(n), np.zeros(1)) for n in itertools.count())
        __iter__ = lambda self: map(str, itertools.count())
        __getitem__ = lambda self, _: np.zeros(1)

    return _program(cost, _wrong(gradient, lambda parts: Endless(W=1)), parameters, data)


def a_list_in_itself(cost, gradient, parameters, data):
    """Gives a list that holds itself."""

    def form(parts):
        parts.append(parts)
        return parts

    return _program(cost, _wrong(gradient, form), parameters, data)


def a_deep_nest(cost, gradient, parameters, data):
    """Gives lists in lists, a hundred thousand deep."""

    def form(parts):
        for _ in range(100_000):
            parts = [parts]
        return parts

    return _program(cost, _wrong(gradient, form), parameters, data)


def names_that_steer(cost, gradient, parameters, data):
    """Gives names that steer a terminal, a page and a table."""
    form = lambda parts: {f"W{STEERING}": parts[0], STEERING * 100: parts[1]}
    return _program(cost, _wrong(gradient, form), parameters, data)


def names_that_lie(cost, gradient, parameters, data):
    """Gives names of a class of its own, which equal everything."""

    class Name(str):
        __eq__ = lambda self, other: True
        __hash__ = lambda self: hash("W")
        startswith = endswith = isprintable = lambda self, *_: True
        __str__ = __repr__ = __format__ = lambda self, *_: STEERING

    form = lambda parts: {Name(f"a{STEERING}"): parts[0], Name("b"): parts[1]}
    return _program(cost, _wrong(gradient, form), parameters, data)


def another_gradient_each_time(cost, gradient, parameters, data):
    """Gives the right one when it is called first, and wrong ones from then on."""
    factors = itertools.chain([1], itertools.count(2))
    form = lambda parts: [next(factors) * part for part in parts]
    return _program(cost, _wrong(gradient, form), parameters, data)


def an_exception_after_a_while(cost, gradient, parameters, data):
    """Raises one that steers a terminal when it is called for the fifth time."""
    calls = itertools.count()

    def form(parts):
        if next(calls) > 3:
            raise type(STEERING, (Exception,), {})(STEERING)
        return parts

    return _program(cost, _wrong(gradient, form), parameters, data)


def parameters_that_move(cost, gradient, parameters, data):
    """Moves the parameters to where its gradient would be right."""

    def compute_gradients(X, y, W, b, reg):
        W *= 0
        b *= 0
        return [np.zeros_like(W), np.zeros_like(b)]

    return _program(cost, compute_gradients, parameters, data)


def data_that_move(cost, gradient, parameters, data):
    """Empties the data, so that the next cost is another one."""

    def compute_gradients(X, y, W, b, reg):
        X *= 0
        y *= 0
        return [np.zeros_like(W), np.zeros_like(b)]

    return _program(cost, compute_gradients, parameters, data)


def a_gradient_that_stops_the_watching(cost, gradient, parameters, data):
    """Switches off what watches lines, and puts something else in its place."""

    def form(parts):
        sys.settrace(None)
        sys.setprofile(None)
        if hasattr(sys, "monitoring"):
            for tool in range(6):
                sys.monitoring.free_tool_id(tool)
        return parts

    return _program(cost, _wrong(gradient, form), parameters, data)


def lines_that_are_none(cost, gradient, parameters, data):
    """Has its functions stand at other lines, of another file."""
    wrong = _wrong(gradient)
    wrong.__code__ = wrong.__code__.replace(co_filename=STEERING, co_name=STEERING, co_firstlineno=2**31 - 1)
    return _program(cost, wrong, parameters, data)


def sources_that_are_others(cost, gradient, parameters, data):
    """Puts another text in the place of its source, where tools look for it."""
    import inspect
    import linecache

    inspect.getsource = inspect.getsourcelines = lambda *_: STEERING
    linecache.getline = linecache.getlines = lambda *_: [STEERING] * 1000
    return _program(cost, _wrong(gradient), parameters, data)


def functions_that_wrap_themselves(cost, gradient, parameters, data):
    """Gives functions that say they stand for themselves, with arguments that are none."""
    wrong = _wrong(gradient)
    wrong.__wrapped__ = wrong
    wrong.__signature__ = STEERING
    return _program(cost, wrong, parameters, data)


def an_object_that_is_everything(cost, gradient, parameters, data):
    """Gives for a gradient an object that has whatever it is asked for."""

    class Everything:
        __getattr__ = lambda self, name: self
        __call__ = lambda self, *_, **__: self
        __iter__ = lambda self: iter([self])
        __len__ = lambda self: 10**9
        __getitem__ = lambda self, _: self
        __float__ = lambda self: 0.0

    return _program(cost, Everything(), parameters, data)


def an_answer_of_another_class(cost, gradient, parameters, data):
    """Gives a dictionary that holds something else each time it is looked at."""

    class Changing(dict):
        __getitem__ = lambda self, key: STEERING
        get = lambda self, key, default=None: None
        keys = lambda self: [STEERING]
        __iter__ = lambda self: iter([STEERING, 3, None])

    return Changing(_program(cost, _wrong(gradient), parameters, data))


def floods_of_warnings(cost, gradient, parameters, data):
    """Warns, logs and prints at each call."""
    import logging

    def form(parts):
        for number in range(50):
            warnings.warn(f"{STEERING}{number}", stacklevel=1)
            logging.error(STEERING)
            print(STEERING, file=sys.stderr)
        return parts

    return _program(cost, _wrong(gradient, form), parameters, data)


def costs_of_other_kinds(cost, gradient, parameters, data):
    """Gives, in turn, costs that are text, lists, objects, huge whole numbers and truths."""
    kinds = itertools.cycle(["1.5", [1.5], object(), True, None, b"x", {}, 10**400, np.datetime64(1, "s")])
    return _program(lambda X, y, W, b, reg: next(kinds), _wrong(gradient), parameters, data)


def a_cost_that_is_no_number(cost, gradient, parameters, data):
    """Has a cost of a class of its own, which equals every other."""

    class Cost(float):
        __eq__ = __lt__ = __le__ = __gt__ = lambda self, other: True
        __sub__ = __rsub__ = __mul__ = __truediv__ = lambda self, other: Cost(0)
        __float__ = lambda self: 0.0

    return _program(lambda X, y, W, b, reg: Cost(cost(X, y, W, b, reg)), _wrong(gradient), parameters, data)


def costs_that_overflow(cost, gradient, parameters, data):
    """Has a cost as large as numbers become."""
    return _program(lambda X, y, W, b, reg: 1.7e308 * np.sign(W[0, 0]), _wrong(gradient), parameters, data)


def costs_that_are_drawn(cost, gradient, parameters, data):
    """Draws its cost."""
    return _program(
        lambda X, y, W, b, reg: np.random.default_rng().normal(), _wrong(gradient), parameters, data
    )


def no_parameters(cost, gradient, parameters, data):
    """Has none, so that all of its gradients are right."""
    return _program(cost, gradient, {}, data)


def empty_parameters(cost, gradient, parameters, data):
    """Has parameters without entries."""
    wrong = lambda X, y, W, b, reg: [W + 1, b + 1]
    return _program(
        lambda X, y, W, b, reg: W.sum() + b.sum(), wrong, dict(W=np.ones((0, 3)), b=np.ones(0)), data
    )


def countless_parameters(cost, gradient, parameters, data):
    """Has a million of them."""
    many = [np.ones(1)] * 10**6
    return dict(cost=lambda p, X, y, reg: 1.0, gradient=lambda p, X, y, reg: p, parameters=many, data=data)


def many_entries(cost, gradient, parameters, data):
    """Has a parameter of more entries than are compared one by one."""
    large = dict(W=np.ones((100, 100)))
    return dict(cost=lambda W: (W**2).sum(), gradient=lambda W: 3 * W, parameters=large, data=())


def parameters_that_are_one(cost, gradient, parameters, data):
    """Has the same entries under several names, and within each other."""
    whole = np.ones(4)
    shared = dict(W=whole, V=whole, U=whole[1:], T=np.lib.stride_tricks.as_strided(whole, (4, 4), (0, 8)))
    return dict(
        cost=lambda W, V, U, T: (W * V).sum() + U.sum() + T.sum(),
        gradient=lambda W, V, U, T: [W, V, U, T],
        parameters=shared,
        data=(),
    )


def names_of_parameters_that_steer(cost, gradient, parameters, data):
    """Has parameters with names that steer a terminal, a page and a table."""
    named = {STEERING: np.ones(3), STEERING * 1000: np.ones(3), "\ud800": np.ones(2)}
    return dict(
        cost=lambda p: sum((a**2).sum() for a in p.values()), gradient=lambda p: p, parameters=named, data=()
    )


def parameters_of_many_axes(cost, gradient, parameters, data):
    """Has a parameter with more axes than other tools know of."""
    return dict(
        cost=lambda W: W.sum(), gradient=lambda W: 2 + W, parameters=dict(W=np.ones((1,) * 60)), data=()
    )


def parameters_that_are_no_numbers(cost, gradient, parameters, data):
    """Has NaN and infinities among them."""
    odd = dict(W=np.full((6, 3), np.nan), b=np.array([np.inf, 0, 1]))
    return _program(cost, _wrong(gradient), odd, data)


def a_deep_nest_of_parameters(cost, gradient, parameters, data):
    """Has parameters in lists in lists, ten thousand deep."""
    deep = np.ones(3)
    for _ in range(10_000):
        deep = [deep]
    return dict(cost=lambda p: 1.0, gradient=lambda p: p, parameters=deep, data=())


def data_in_themselves(cost, gradient, parameters, data):
    """Has data that hold themselves."""
    endless = []
    endless.append(endless)
    return dict(
        cost=lambda W, b, x: (W**2).sum(),
        gradient=lambda W, b, x: [W, b],
        parameters=parameters,
        data=(endless,),
    )


def data_of_a_hundred_mb(cost, gradient, parameters, data):
    """Has data that are a long text and a long list."""
    return dict(
        cost=lambda W, b, x, z: (W**2).sum(), gradient=lambda W, b, x, z: [W, b], parameters=parameters,
        data=("x" * 10**8, [1.5] * 10**5),
    )  # fmt: skip


def tuples_that_lie(cost, gradient, parameters, data):
    """Gives a named tuple whose fields are others than its items."""

    class Parts(collections.namedtuple("Parts", "W b")):
        W = b = property(lambda self: np.zeros(3))
        _asdict = lambda self: {STEERING: 3}
        __len__ = lambda self: 10**9
        __iter__ = lambda self: iter(())

    return _program(cost, _wrong(gradient, lambda parts: Parts(*parts)), parameters, data)
