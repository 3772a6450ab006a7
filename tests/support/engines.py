"""Engines: a class of numbers with closures, one of arrays with closures, and one of tensors with classes of
operations."""

NUMBERS = """
import math

class Zahl:
    def __init__(self, data, parts=()):
        self.data, self.grad, self.parts, self.back = data, 0.0, parts, lambda: None
    def __add__(self, other):
        out = Zahl(self.data + other.data, (self, other))
        def back():
            self.grad += out.grad
            other.grad += out.grad
        out.back = back
        return out
    def __mul__(self, other):
        out = Zahl(self.data * other.data, (self, other))
        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out.back = back
        return out
    def tanh(self):
        e = math.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        out = Zahl(t, (self,))
        def back():
            self.grad += (1 - t * t) * out.grad
        out.back = back
        return out
    def backward(self):
        order, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for part in node.parts:
                    visit(part)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node.back()
"""

TENSORS = """
class Tensor:
    def __init__(self, array, requires_grad=False, made_by=None):
        self.array, self.requires_grad, self.made_by = np.asarray(array), requires_grad, made_by
        self.grad = None
    def __add__(self, other):
        return Add().forward(self, other)
    def __mul__(self, other):
        return Mul().forward(self, other)
    def relu(self):
        return ReLU().forward(self)
    def sum(self):
        return Sum().forward(self)
    def backward(self, grad=None):
        g = np.ones_like(self.array) if grad is None else grad
        if self.requires_grad:
            self.grad = Tensor(g if self.grad is None else self.grad.array + g)
        if self.made_by is not None:
            given = self.made_by.backward(g)
            for part, of_part in zip(self.made_by.parts, given):
                part.backward(summed(of_part, np.shape(part.array)))

def summed(g, shape):
    g = np.sum(g, axis=tuple(range(np.ndim(g) - len(shape))))
    return np.sum(g, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)

class Add:
    def forward(self, a, b):
        self.parts = a, b
        return Tensor(a.array + b.array, made_by=self)
    def backward(self, g):
        return g, g

class Mul:
    def forward(self, a, b):
        self.parts, self.a, self.b = (a, b), a.array, b.array
        return Tensor(self.a * self.b, made_by=self)
    def backward(self, g):
        return g * self.b, g * self.a

class ReLU:
    def forward(self, a):
        self.parts, self.x = (a,), a.array
        return Tensor(np.maximum(self.x, 0), made_by=self)
    def backward(self, g):
        return (g * (self.x > 0),)

class Sum:
    def forward(self, a):
        self.parts, self.shape = (a,), a.array.shape
        return Tensor(a.array.sum(), made_by=self)
    def backward(self, g):
        return (g * np.ones(self.shape),)
"""

ARRAYS = """
class Tensor:
    def __init__(self, data, parts=()):
        self.data = np.asarray(data, dtype=float)
        self.grad, self.parts, self.back = np.zeros_like(self.data), parts, lambda: None
    def made(self, data, *pairs):
        out = Tensor(data, tuple(part for part, _ in pairs))
        def back():
            for part, slope in pairs:
                part.grad += np.reshape(slope(out.grad), part.grad.shape)
        out.back = back
        return out
    def __add__(self, other):
        return self.made(self.data + other.data, (self, lambda g: g), (other, lambda g: g))
    def __mul__(self, other):
        a, b = self.data, other.data
        return self.made(a * b, (self, lambda g: g * b), (other, lambda g: g * a))
    def sum(self):
        return self.made(self.data.sum(), (self, lambda g: g * np.ones_like(self.data)))
    def backward(self):
        order, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for part in node.parts:
                    visit(part)
                order.append(node)
        visit(self)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            node.back()
"""


def with_method(text):
    """The engine of arrays with one method more."""
    lines = "".join(f"    {line}\n" for line in text.strip().splitlines())
    return ARRAYS.replace("    def backward(", f"{lines}    def backward(", 1)
