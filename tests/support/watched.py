"""A program of every kind of statement, and what was seen of it at work."""

import numpy as np

from chainrule.gradcheck.program.watching import recording

SOURCE = """\
import numpy as np

SCALE = np.array([2.0, 3.0])
COUNT = np.zeros(2)


def helper(x):
    return x * SCALE


def plain(x, y):
    a = x + y
    b = np.sqrt(a)
    return b / 4


def in_place(x):
    out = np.zeros(2)
    out[0] = x[1]
    out += x
    out[1] *= 3
    return out


def parts(x):
    grads = {}
    grads["W"] = x * 2
    grads["W"] += x
    grads["W"] /= 4
    return grads


def with_helper(x):
    y = helper(x)
    return y - 1


def loops(x):
    total = 0.0
    for i in range(3):
        total += x[0] * i
    return total


def nested(x):
    def inner(y):
        return y * 5

    return inner(x) + 1


def counting(x):
    COUNT[0] = COUNT[0] + x[0]
    return COUNT[0] * 1


def aliasing(x):
    g = x * 2
    h = g
    return h + 0


def dropping(x, y):
    extra = y * 2
    g = x
    return g


def unpacking(x):
    a, unused = x + 1, x + 2
    return a


def counted(x):
    n = len(x)
    return type(n).__name__, n


def changing(x):
    y = x + 1
    x *= 2
    return x - y


def failing(x):
    y = x + 1
    raise ValueError("no")


def texts(x):
    return f"{x * 2}", x[::-1].T


double = lambda x: x * 2


def make(k):
    def closure(x):
        return x * k
    return closure


tripled = make(3)


def calls_a_lambda(x):
    return double(x) + tripled(x)


def decorate(function):
    def wrapper(*arguments):
        return function(*arguments)
    wrapper.__wrapped__ = function
    return wrapper


@decorate
def decorated(x):
    return x * 7


class Net:
    def __init__(self):
        self.W = np.array([1.0, 2.0])

    @property
    def size(self):
        return self.W * 10

    @staticmethod
    def shift(x):
        return x + 0.5

    def forward(self, x):
        return self.shift(self.W * x)

    def backward(self, x):
        self.dW = self.forward(x) - self.size
        return self.dW


class Deeper(Net):
    def forward(self, x):
        return super().forward(x) * 2


def numeric(x, rate=0.1, h=1e-5):
    return x * h


def numeric_inside(x):
    count = 3
    eps = 1e-4
    return x * eps


def numeric_twice(x):
    return numeric(x)


def without_step(x):
    big = 0.9
    return x * 2
"""


X = np.array([1.0, 4.0])


def recorded(function, *arguments, watched=None):
    with recording(watched or function) as found:
        returned = function(*arguments)
    return found, returned
