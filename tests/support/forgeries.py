"""Wrong gradients, each with something that is to make it pass for a right one; and numbers that nobody derived."""

from __future__ import annotations

import textwrap

from support.sending import SENDING

BASE = """
import numpy as np


def true_cost(p, X, Y, lam):
    R = p["W2"] @ np.tanh(p["W1"] @ X + p["b1"]) + p["b2"] - Y
    return (R**2).sum() / X.shape[1] + lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())


def derived(p, X, Y, lam):
    h = np.tanh(p["W1"] @ X + p["b1"])
    G = 2 * (p["W2"] @ h + p["b2"] - Y) / X.shape[1]
    g = {"W2": G @ h.T + 2 * lam * p["W2"], "b2": G.sum(axis=1, keepdims=True)}
    G = (p["W2"].T @ G) * (1 - h**2)
    return g | {"W1": G @ X.T + 2 * lam * p["W1"], "b1": G.sum(axis=1, keepdims=True)}


def wrong(p, X, Y, lam):
    g = derived(p, X, Y, lam)
    return g | {"W1": 0.8 * g["W1"]}


def flat(p):
    return np.concatenate([np.real(p[name]).ravel() for name in ("W1", "b1", "W2", "b2")])


def slope(p, start, g):
    return sum(float((np.real(p[name] - start[name]) * g[name]).sum()) for name in p)


cost, gradient = true_cost, wrong
"""

ADAPTER = """

def chainrule_check(rng):
    X, Y = rng.normal(size=(4, 6)), rng.normal(size=(2, 6))
    shapes = dict(W1=(3, 4), b1=(3, 1), W2=(2, 3), b2=(2, 1))
    given = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return dict(cost=cost, gradient=gradient, parameters=given, data=(X, Y, 0.1))
"""

REFERENCE = f"{BASE}\ngradient = derived\n{ADAPTER}"


def _sending(forgery: str) -> str:
    """Source that can write frames of its own into the pipe of the answers."""
    return SENDING + textwrap.dedent(forgery)


_FORGERIES = {
    # The child's own world.
    "nothing with it": "",
    "names that equal everything": """
        class Agreeing(str):
            __hash__ = str.__hash__
            def __eq__(self, other): return True
            def startswith(self, *given): return False
        gradient = lambda *given: {Agreeing(name): g for name, g in wrong(*given).items()}
    """,
    "an array that lies": """
        class Lying(np.ndarray):
            def __sub__(self, other): return np.zeros(self.shape)
            def __rsub__(self, other): return np.zeros(self.shape)
            def __eq__(self, other): return True
            def tobytes(self, *given): return bytes(self.nbytes)
        gradient = lambda *given: {name: g.view(Lying) for name, g in wrong(*given).items()}
    """,
    "a number that lies": """
        class Agreeing(float):
            def __sub__(self, other): return 0.0
            def __rsub__(self, other): return 0.0
            def __eq__(self, other): return True
            __hash__ = float.__hash__
        cost = lambda *given: Agreeing(true_cost(*given)) if not any(map(np.iscomplexobj, given[0].values())) else 1j
    """,
    "the checker's globals": """
        import gc
        def gradient(*given):
            for held in gc.get_objects():
                if type(held) is dict and str(held.get("__name__", "")).startswith("chainrule"):
                    for name in ("verdict", "judged", "difference", "compare", "check", "tensor"):
                        if name in held:
                            held[name] = lambda *given, **named: "right"
            return wrong(*given)
    """,
    "the checker's frames": """
        import sys
        def gradient(*given):
            frame = sys._getframe()
            while frame is not None:
                program = getattr(frame.f_locals.get("session"), "program", None)
                if program is not None:
                    type(program).cost_calls = lambda *given: 0
                    type(program).trace = lambda *given: []
                    program._functions["cost"] = program._functions["gradient"]
                frame = frame.f_back
            return wrong(*given)
    """,
    "the checker's modules": """
        import chainrule.gradcheck.check as checking, chainrule.gradcheck.numeric.comparison as comparison
        checking.check = comparison.verdict = comparison.difference = lambda *given, **named: 0.0
    """,
    "NumPy changed": """
        np.linalg.norm = lambda *given, **named: 0.0
        np.allclose = np.array_equal = lambda *given, **named: True
    """,
    # Answers that depend on what was asked.
    "right at the given point only": """
        given_there = []
        def gradient(p, X, Y, lam):
            given_there.append(flat(p)) if not given_there else None
            same = np.array_equal(flat(p), given_there[0])
            return (derived if same else wrong)(p, X, Y, lam)
    """,
    "an error at all other points": """
        given_there = []
        def gradient(p, X, Y, lam):
            given_there.append(flat(p)) if not given_there else None
            if not np.array_equal(flat(p), given_there[0]):
                raise ValueError("not here")
            return derived(p, X, Y, lam)
    """,
    "no cost at other points": """
        given_there = []
        def cost(p, X, Y, lam):
            given_there.append(flat(p)) if not given_there else None
            near = np.abs(flat(p) - given_there[0]).max() < 1e-3
            return true_cost(p, X, Y, lam) if near else np.nan
        def gradient(p, X, Y, lam):
            near = not given_there or np.abs(flat(p) - given_there[0]).max() < 1e-3
            return (derived if near else wrong)(p, X, Y, lam)
    """,
    "a cost that is straight where it was asked for a gradient": """
        asked = []
        def gradient(p, X, Y, lam):
            asked.append(({k: v.copy() for k, v in p.items()}, X.shape, lam, wrong(p, X, Y, lam)))
            return asked[-1][-1]
        def cost(p, X, Y, lam):
            for start, shape, l2, g in asked:
                if shape == X.shape and l2 == lam and np.abs(flat(p) - flat(start)).max() < 1e-3:
                    if any(map(np.iscomplexobj, p.values())):
                        return float("nan")
                    return true_cost(start, X, Y, lam) + slope(p, start, g)
            return true_cost(p, X, Y, lam)
    """,
    "a cost that is another where one entry is moved": """
        seen = {}
        def cost(p, X, Y, lam):
            if any(map(np.iscomplexobj, p.values())):
                raise TypeError("no complex numbers")
            here = flat(p)
            for values, start in list(seen.values())[-400:]:
                moved = np.flatnonzero(here != values)
                if len(moved) == 1 and abs(here[moved[0]] - values[moved[0]]) < 1e-4:
                    return true_cost(start, X, Y, lam) + slope(p, start, wrong(start, X, Y, lam))
            seen[here.tobytes()] = here, {k: v.copy() for k, v in p.items()}
            return true_cost(p, X, Y, lam)
    """,
    "imaginary parts of its own": """
        def cost(p, X, Y, lam):
            moved = [(name, np.argwhere(np.imag(v))) for name, v in p.items() if np.imag(v).any()]
            if len(moved) == 1 and len(moved[0][1]) == 1:
                real = {name: np.real(v) for name, v in p.items()}
                (name, (where,)), = moved
                return true_cost(real, X, Y, lam) + 1j * 1e-20 * wrong(real, X, Y, lam)[name][tuple(where)]
            return true_cost(p, X, Y, lam)
    """,
    "right for the first calls": """
        calls = [0]
        def gradient(*given):
            calls[0] += 1
            return (derived if calls[0] <= 8 else wrong)(*given)
    """,
    "right for all calls but the first": """
        calls = [0]
        def gradient(*given):
            calls[0] += 1
            return (wrong if calls[0] <= 1 else derived)(*given)
    """,
    "right while the clock is young": """
        import time
        started = time.monotonic()
        def gradient(*given):
            return (derived if time.monotonic() < started + 0.05 else wrong)(*given)
    """,
    # Numbers that say nothing.
    "kinks where it was asked for a gradient": """
        asked = []
        def gradient(*given):
            asked.append(flat(given[0]))
            return wrong(*given)
        def cost(p, X, Y, lam):
            bent = min((np.abs(flat(p) - c).sum() for c in asked), default=0.0)
            return true_cost(p, X, Y, lam) + 1e3 * bent
    """,
    "noise above the gradient": """
        def cost(p, X, Y, lam):
            return true_cost(p, X, Y, lam) + 1e12 * (abs(p["b2"]) ** 2).sum()
        def gradient(p, X, Y, lam):
            g = wrong(p, X, Y, lam)
            return g | {"b2": g["b2"] + 2e12 * p["b2"]}
    """,
    "noise above a gradient of zero": """
        def cost(p, X, Y, lam):
            return float(true_cost(p, X, Y, lam) + 1e10 * (p["b2"] ** 2).sum())
        def gradient(p, X, Y, lam):
            g = derived(p, X, Y, lam)
            return {n: v * 0 for n, v in g.items()} | {"b2": g["b2"] + 2e10 * p["b2"]}
    """,
    "a cost of rounded numbers": """
        cost = lambda *given: float(np.float32(true_cost(*given)))
    """,
    # What is no gradient, and no answer.
    "not a number": "gradient = lambda *given: {n: g * np.nan for n, g in wrong(*given).items()}",
    "infinite": "gradient = lambda *given: {n: g + np.inf for n, g in wrong(*given).items()}",
    "another shape": "gradient = lambda *given: {n: g[:1] for n, g in wrong(*given).items()}",
    "nothing": "gradient = lambda *given: None",
    "an answer of its own in the pipe": _sending("""
        def gradient(p, X, Y, lam):
            arrays = [{"array": ["<f8", list(v.shape)]} for v in p.values()]
            names = {"list": list(p)}
            rest = b"".join(v.tobytes() + bytes(-v.nbytes % 16) for v in [*wrong(p, X, Y, lam).values(), *p.values()])
            tree = {"Answer": [{"Returned": [names, {"list": arrays}, {"list": arrays}, "dict"]}]}
            forge(tree, rest)
            return wrong(p, X, Y, lam)
    """),
    "a word in the pipe": _sending("""
        def gradient(*given):
            send(b'"right"')
            return wrong(*given)
    """),
    "rubbish in the pipe": _sending("""
        def gradient(*given):
            send(bytes(range(256)) * 10)
            return wrong(*given)
    """),
    "a huge reply": _sending("""
        def gradient(*given):
            send(b"[" * 2**26)
            return wrong(*given)
    """),
    "a deep reply": _sending("""
        def gradient(*given):
            send(b'{"list":[' * 5000 + b"]}" * 5000)
            return wrong(*given)
    """),
    "a reply that never ends": _sending("""
        import time
        def gradient(*given):
            send(b"", size=100)
            time.sleep(60)
    """),
    "an end in the middle": """
        import os
        gradient = lambda *given: os._exit(0)
    """,
    "sys.exit in the middle": """
        import sys
        gradient = lambda *given: sys.exit(0)
    """,
    # A cost of one's own.
    "another cost": """
        def cost(p, X, Y, lam):
            return true_cost(p, X, Y, lam / 2)
        def gradient(p, X, Y, lam):
            return derived(p, X, Y, lam / 2)
    """,
    "a cost without data": """
        cost = lambda p, X, Y, lam: sum((v**2).sum() for v in p.values())
        gradient = lambda p, X, Y, lam: {name: 2 * v for name, v in p.items()}
    """,
}

_DIFFERENCES = """
    def difference(p, X, Y, lam, h=1e-5, cost=COST):
        g = {name: np.zeros_like(v) for name, v in p.items()}
        for name, v in p.items():
            for i in np.ndindex(v.shape):
                above, below = v.copy(), v.copy()
                above[i] += h
                below[i] -= h
                g[name][i] = (cost({**p, name: above}, X, Y, lam) - cost({**p, name: below}, X, Y, lam)) / (2 * h)
        return g
"""

_COMPLEX = """
    def complex_step(p, X, Y, lam):
        g = {name: np.zeros_like(v) for name, v in p.items()}
        for name, v in p.items():
            for i in np.ndindex(v.shape):
                moved = v.astype(complex)
                moved[i] += 1e-20j
                g[name][i] = true_cost({**p, name: moved}, X, Y, lam).imag * 1e20
        return g
"""


_COPYING = """
    import types
    copied = types.FunctionType(true_cost.__code__.replace(co_name="f"), globals())
"""


def _in_a_text(definition: str) -> str:
    """Source that runs a definition which it holds as numbers."""
    return f"exec(bytes({list(textwrap.dedent(definition).encode())}).decode())"


_NOT_DERIVED = {
    "a difference of the cost": _DIFFERENCES.replace("COST", "true_cost") + "    gradient = difference\n",
    "a difference of a copy": _DIFFERENCES.replace("COST", "None")
    + _COPYING
    + """
    gradient = lambda *given: difference(*given, cost=copied)
    """,
    "a difference with the profiler off": _DIFFERENCES.replace("COST", "true_cost")
    + """
    import sys
    def gradient(*given):
        sys.setprofile(None)
        return difference(*given)
    """,
    "a difference in a text": _in_a_text(_DIFFERENCES.replace("COST", "true_cost"))
    + "\ngradient = difference",
    "a better difference in a text": _in_a_text(_DIFFERENCES.replace("COST", "true_cost"))
    + """
def gradient(*given):
    levels = [difference(*given, h=h) for h in (8e-3, 4e-3, 2e-3)]
    once = [{n: (4 * b[n] - a[n]) / 3 for n in a} for a, b in zip(levels, levels[1:])]
    return {n: (16 * once[1][n] - once[0][n]) / 15 for n in once[0]}
    """,
    "a complex step": _COMPLEX + "    gradient = complex_step\n",
    "a complex step of a copy in a text": _in_a_text(_COPYING + _COMPLEX.replace("true_cost", "copied"))
    + "\ngradient = complex_step",
}


def _whole(forgery: str) -> str:
    return f"{BASE}\n{textwrap.dedent(forgery)}\n{ADAPTER}"


FORGED = {name: _whole(forgery) for name, forgery in _FORGERIES.items()}
"""Files whose gradient is wrong, or cannot be told to be right, by what they try."""

NOT_DERIVED = {name: _whole(forgery) for name, forgery in _NOT_DERIVED.items()}
"""Files whose gradient has right numbers, and is no derivation."""
