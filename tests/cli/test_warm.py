"""What is compiled beforehand."""

from __future__ import annotations

from chainrule.cli.app import run
from chainrule.machine.compiler import SWITCH
from chainrule.train import population


def test_every_kind_of_training_is_made_ready_with_progress(compiling, monkeypatch, capsys):
    made = []
    monkeypatch.setattr(population, "ready", lambda dtype, *, weighted: made.append((dtype, weighted)))
    components = []
    monkeypatch.setattr(
        population, "components_ready", lambda dtype, *, weighted: components.append((dtype, weighted))
    )
    assert run(["warm"]) == 0
    assert components == made
    assert sorted(made) == [
        (dtype, weighted) for dtype in ("float32", "float64") for weighted in (False, True)
    ]
    said = capsys.readouterr()
    assert said.out.startswith("ready: ")
    assert "warm" in said.err
    assert run(["warm", "--quiet"]) == 0
    assert not capsys.readouterr().err


def test_where_nothing_is_compiled_it_is_said_why(monkeypatch, capsys):
    monkeypatch.setenv(SWITCH, "off")
    assert run(["warm"]) == 2
    assert (
        f"nothing is compiled here; install chainrule[fast] and leave {SWITCH} unset"
        in capsys.readouterr().err
    )
