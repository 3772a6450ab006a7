"""The text of the adapter of an operation."""

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.engines import OwnEngine
from chainrule.gradcheck.recognition.layers.operation_adapters import OperationPlan
from chainrule.gradcheck.recognition.layers.operations import Operation

ENGINE = OwnEngine("Tensor", Function("backward", ()), "Tensor({})", data="data", grad="grad.data")
ADD = Operation(Function("__add__", ()), "{0} + {1}", ((3, 4), (4,)), ("", ""))


def plan(**options):
    return OperationPlan(ENGINE, ADD, ("rng.normal(size=(3, 4))", "rng.normal(size=(4,))"), "np", **options)


def test_constants_stand_among_the_data():
    text = plan(constants=frozenset("b")).text()
    assert "parameters=dict(a=a)" in text
    assert "data=(b,)" in text
    assert "b=np.asarray" not in text.partition("gradient=")[2]


def test_a_gradient_that_is_none_is_nothing():
    assert (
        "b=0 * b if of_b.grad is None else np.asarray(of_b.grad.data)" in plan(missing=frozenset("b")).text()
    )


def test_what_draws_is_seeded_before_each_pass_and_says_so():
    seeded = plan(seeded=True)
    assert seeded.text().count("np.random.seed(0)") == 2
    assert seeded.notes()[-1].startswith("numpy.random.seed(0) comes before")
    assert seeded.notes()[0] == "assumed operation a + b of Tensor with a (3, 4), b (4,)"
