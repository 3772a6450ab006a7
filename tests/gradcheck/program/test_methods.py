"""Methods that classes have beside their own."""

from chainrule.gradcheck.program.methods import held, inherited
from support.adapters import defined

TEXT = """
def square(x): return x * x
class Base:
    def scores(self, X): return X @ self.W
    def size(self): return 3
class Net(Base):
    def cost(self, X): return self.scores(X)
class Plain:
    def __init__(self): self.cost = square
"""


def functions():
    file = defined(TEXT)
    return {(f.owner, f.name): f for f in file.functions if f.name != "size"}, file


def test_a_class_has_the_methods_of_its_bases_that_read_something_of_its_own():
    every, _ = functions()
    own = {place: f for place, f in every.items() if place != ("Net", "scores")}
    base = own["Base", "scores"]._replace(attributes=own["Net", "cost"].attributes)
    assert ("Net", "scores") not in inherited(own, {"Net": ("Base",)}, {})
    own |= {("Base", "run"): base, ("Net", "scores"): base._replace(owner="Net")}
    assert inherited(own, {"Net": ("Base",)}, {})["Net", "run"].owner == "Net"
    assert ("Net", "cost") not in inherited(own, {}, {"Net": {"scores"}})


def test_a_function_that_an_object_holds_is_called_like_a_method():
    every, file = functions()
    assert held({("", "square"): every["", "square"]}, file.constructors)["Plain", "cost"].owner == "Plain"
