"""Stopping early: who stops when, what is kept, and that nobody else notices."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.transforms.transform import fit
from chainrule.errors import SettingsError
from chainrule.nn.network import Network
from chainrule.records.runs import CURVES
from chainrule.settings.settings import Settings, StoppingRule
from chainrule.train.population import Training
from chainrule.train.scoring import score
from chainrule.train.stopping import Stopping, StoppingNotice
from support.prototypes import prototype_settings

NET = {"hidden": (12,), "learning_rate": 0.5, "epochs": 12, "batch_size": 5}


@pytest.fixture
def begin(splits):
    def start_training(*members, start=None, parts=splits, engine="layers"):
        transform = fit("center", splits["train"].images, 255)
        return Training(members, 3, parts, transform, 4, np.float64, start, engine)

    return start_training


def net(patience=None, metric="val_loss", **own):
    rule = {} if patience is None else {"early_stopping": {"metric": metric, "patience": patience}}
    return prototype_settings(**NET | rule | own)


def ended(training):
    while training.epoch < training.members[0].epochs:
        training.train_epoch()
    return training.outcome()


def by_hand(values, patience):
    """The epoch that is kept, and the one after which training stops."""
    kept = 0
    for epoch, value in enumerate(values):
        if value < values[kept]:
            kept = epoch
        if epoch - kept >= patience:
            return kept, epoch
    return kept, len(values) - 1


def test_what_may_be_watched_is_every_curve():
    assert [StoppingRule(metric=name, patience=1).metric for name in CURVES] == [*CURVES]


@pytest.mark.parametrize("metric", ["val_loss", "val_accuracy", "train_cost"])
@pytest.mark.parametrize("patience", [1, 3])
def test_the_best_epoch_is_kept_and_everything_is_said_of_it(begin, metric, patience):
    plain = ended(begin(net())).histories[0]
    turned = -np.array(plain.curve(metric)) if metric.endswith("accuracy") else np.array(plain.curve(metric))
    kept, last = by_hand(turned, patience)
    outcome = ended(begin(net(patience, metric)))
    assert outcome.kept_epochs == [kept]
    upto = begin(net())
    while upto.epoch < kept:
        upto.train_epoch()
    np.testing.assert_array_equal(outcome.last["W1"], upto.state().arrays["now.W1"])
    (history,) = outcome.histories
    for name in CURVES:
        assert history.curve(name) == plain.curve(name)[: last + 1] + [None] * (12 - last)
        if not name.endswith("cost"):
            assert outcome.final[0][name] == plain.curve(name)[kept]
    assert outcome.diverged == [None]
    assert history.epoch == [*range(13)]


def test_members_stop_by_themselves_and_go_on_to_the_same_bits(begin):
    members = [net(1), net(), net(4, l2=0.01), net(2, "val_accuracy", learning_rate=0.05)]
    training = begin(*members)
    for _ in range(5):
        training.train_epoch()
    again = begin(*members, start=training.state().take(range(4)))
    whole, same = ended(training), ended(again)
    assert whole.kept_epochs == same.kept_epochs
    assert whole.kept_epochs[1] is None
    assert whole.histories == same.histories
    for index, member in enumerate(members):
        np.testing.assert_array_equal(whole.last["W1"][index], same.last["W1"][index])
        alone = ended(begin(member))
        assert alone.kept_epochs == [whole.kept_epochs[index]]
        np.testing.assert_allclose(alone.last["W1"][0], whole.last["W1"][index], rtol=0, atol=1e-10)
        np.testing.assert_allclose(
            np.array(alone.histories[0].val_loss, float),
            np.array(whole.histories[index].val_loss, float),
            rtol=1e-9,
        )
    assert {len(history.val_loss) for history in whole.histories} == {13}


def test_no_steps_are_taken_once_all_have_stopped(begin, monkeypatch):
    training, taken = begin(net(1), net(1, learning_rate=1.0)), []
    descend = training._engine.descend
    monkeypatch.setattr(
        training._engine,
        "descend",
        lambda *given, **more: taken.append(training.epoch) or descend(*given, **more),
    )
    outcome = ended(training)
    stopped = max(history.val_loss.index(None) for history in outcome.histories)
    assert max(taken) == stopped - 2 < 10


def test_who_diverges_after_its_best_epoch_keeps_it(begin):
    outcome = ended(begin(net(12, learning_rate=1e30), net(2)))
    assert outcome.diverged[0] is not None
    assert outcome.diverged[0].kept_step == outcome.kept_epochs[0] == 0
    assert np.isfinite(outcome.last["W1"]).all()
    assert outcome.kept_epochs[1:] == ended(begin(net(2))).kept_epochs


def test_a_poisoned_member_harms_none(begin, monkeypatch):
    members, initial = [net(2), net(2), net(3)], Network.initial
    clean = ended(begin(*members))

    def poisoned(self, *arguments):
        parameters = initial(self, *arguments)
        parameters["W1"][1] = np.nan
        return parameters

    monkeypatch.setattr(Network, "initial", poisoned)
    outcome = ended(begin(*members))
    for index in (0, 2):
        assert outcome.histories[index] == clean.histories[index]
        np.testing.assert_array_equal(outcome.last["W1"][index], clean.last["W1"][index])
    assert outcome.diverged[1] is not None


def test_where_the_end_alone_is_evaluated_what_is_watched_is_measured_all_the_same(begin):
    brief, whole = (ended(begin(net(2, evaluate=how))) for how in ("validation", "curves"))
    assert brief.kept_epochs == whole.kept_epochs
    assert brief.histories[0].val_loss == whole.histories[0].val_loss
    assert brief.histories[0].train_loss == [None] * 13
    part = begin(net(2, evaluate="validation"))
    part.train_epoch()
    assert part.outcome().histories[0].epoch == [0, 1]


def test_what_is_watched_on_rows_to_train_on_leaves_scores_of_what_is_kept(begin):
    brief, whole = (begin(net(2, "train_loss", evaluate=how)) for how in ("validation", "curves"))
    for training in (brief, whole):
        for _ in range(4):
            training.train_epoch()
    halfway = brief.outcome()
    assert halfway.final[0]["val_loss"] == whole.outcome().final[0]["val_loss"] is not None
    first, second = ended(brief), ended(whole)
    for name in ("val_loss", "val_accuracy", "train_loss"):
        assert first.final[0][name] == second.final[0][name] is not None
    assert first.best == second.best


def test_compiled_code_stops_where_the_layers_do(begin, compiling):
    members = [net(1, hidden=()), net(3, "val_accuracy", hidden=()), net(hidden=())]
    ours, theirs = (ended(begin(*members, engine=engine)) for engine in ("compiled", "layers"))
    assert ours.kept_epochs == theirs.kept_epochs
    np.testing.assert_allclose(ours.last["W1"], theirs.last["W1"], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ({"patience": 0}, "early_stopping.patience"),
        ({"metric": "val_los", "patience": 2}, "early_stopping.metric"),
        ({"metric": "val_loss"}, "early_stopping.patience"),
        (
            {"metric": "val_accuracy", "patience": 2, "loss": "squared_error"},
            "of numbers, as squared_error learns them",
        ),
    ],
)
def test_what_cannot_be_is_refused(rule, line):
    loss = rule.pop("loss", "hinge")
    with pytest.raises(ValueError, match=line):
        Settings.model_validate(prototype_settings().model_dump() | {"early_stopping": rule, "loss": loss})


def test_without_rows_to_validate_on_there_is_nothing_to_watch(begin, splits):
    with pytest.raises(
        SettingsError, match=r"early_stopping\.metric = 'val_loss': there is nothing to validate on"
    ):
        begin(net(2), parts={"train": splits["train"]})


@pytest.mark.parametrize("engine", ["layers", "compiled"])
def test_any_scorer_may_be_watched_by_each_member_and_its_best_epoch_is_kept(
    begin, splits, engine, compiling
):
    def measured(training, metric, member):
        now = {
            name.removeprefix("now."): array
            for name, array in training.state().arrays.items()
            if name.startswith("now.")
        }
        transform = fit("center", splits["train"].images, 255)
        return score(Network((12, 12, 4), "cross_entropy"), now, transform, splits["val"], metric, member)

    watched = {0: "f1_macro", 1: "neg_log_loss"}
    plain = begin(net(), net(learning_rate=0.1), engine=engine)
    values = {member: [-measured(plain, metric, member)] for member, metric in watched.items()}
    while plain.epoch < 12:
        plain.train_epoch()
        for member, metric in watched.items():
            values[member].append(-measured(plain, metric, member))
    members = [net(2, "f1_macro"), net(3, "neg_log_loss", learning_rate=0.1), net(4, "val_loss")]
    training = begin(*members, engine=engine)
    for _ in range(3):
        training.train_epoch()
    again = begin(*members, start=training.state().take(range(3)), engine=engine)
    whole, same = ended(training), ended(again)
    assert whole.kept_epochs[:2] == [by_hand(values[0], 2)[0], by_hand(values[1], 3)[0]]
    assert whole.kept_epochs == same.kept_epochs
    assert 0 < whole.kept_epochs[0] < 12


def test_what_is_no_metric_and_what_these_classes_have_not_is_refused(begin, splits):
    with pytest.raises(ValueError, match="did you mean 'roc_auc'"):
        net(2, "roc_au")
    with pytest.raises(SettingsError, match="metric 'f1': Target is multiclass"):
        begin(net(2, "f1"))
    with pytest.raises(
        SettingsError, match=r"early_stopping\.metric = 'r2': there is nothing to validate on"
    ):
        begin(net(2, "r2"), parts={name: part for name, part in splits.items() if name != "val"})


@pytest.mark.parametrize(
    ("values", "better", "epoch", "stopped"),
    [
        ([0.5, np.nan, 0.4, np.nan], [True, False, False, False], 0, True),
        ([np.nan, np.nan, np.nan, np.nan], [True, True, True, True], 3, False),
        ([np.nan, np.nan, 0.5, np.nan, 0.6], [True, True, True, False, True], 4, False),
        ([np.nan, 0.5, np.nan, np.nan, np.nan], [True, True, False, False, False], 1, True),
    ],
)
def test_an_epoch_that_cannot_be_measured_is_never_the_best_and_nobody_stops_before_one_can(
    values, better, epoch, stopped
):
    each, nobody = iter(values), np.zeros(1, bool)
    watched = Stopping([StoppingRule(metric="roc_auc", patience=3)], lambda metric, member: next(each))
    with pytest.warns(
        StoppingNotice, match="metric = 'roc_auc': cannot measure what is predicted after epoch"
    ) as told:
        assert [watched.better({}, number, nobody).item() for number in range(len(values))] == better
    assert (len(told), watched.epoch.item(), watched.stopped.item()) == (1, epoch, stopped)


def test_who_diverged_is_not_better_for_what_cannot_be_measured():
    watched = Stopping([StoppingRule(metric="roc_auc", patience=3)] * 2, lambda metric, member: 0.5)
    assert watched.better({}, 0, np.array([True, False])).tolist() == [False, True]
