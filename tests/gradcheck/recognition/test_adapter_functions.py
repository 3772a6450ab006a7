"""The functions of one adapter."""

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.penalties import NO_PENALTY, OF_ONE_SAMPLE, OF_THE_SUM, PENALTIES

COST, GRADIENT = Function("cost", ()), Function("gradient", (), owner="Net")
UNWRITTEN = Function("todo", (), blanks=(True,))


def test_a_cost_alone_gives_its_gradient():
    assert Functions(COST).shown == "cost"
    assert Functions(COST, GRADIENT).shown == "Net.gradient"
    assert Functions(COST).pair == ("cost", "")
    assert Functions(COST, GRADIENT).pair == ("cost", "Net.gradient")


def test_those_that_there_are_are_given_and_their_class_is_known():
    assert Functions(COST, GRADIENT, numeric=COST).given == [COST, GRADIENT, COST]
    assert Functions(COST, GRADIENT).owner == "Net"
    assert Functions(COST).owner == ""


def test_what_is_not_written_is_named_and_a_written_gradient_may_be_wrong():
    assert Functions(UNWRITTEN, GRADIENT).unwritten == ("todo",)
    assert not Functions(UNWRITTEN, GRADIENT).is_unwritten
    assert Functions(COST, UNWRITTEN).is_unwritten
    assert Functions(UNWRITTEN).is_unwritten


def test_a_cost_that_is_not_all_the_files_own_is_assumed():
    assumed = {*PENALTIES, OF_THE_SUM}
    for penalty in ("", *PENALTIES, NO_PENALTY, OF_ONE_SAMPLE, OF_THE_SUM):
        assert Functions(COST, GRADIENT, penalty=penalty).is_assumed == (penalty in assumed)
    assert Functions(COST, GRADIENT, usual_cost="mean of squares").is_assumed
    assert Functions(COST, GRADIENT, is_guessed=True).is_assumed
